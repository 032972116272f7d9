import pytest

from posthouse.records.mapping import SourceMapping, TableMapping, read_mapping
from posthouse.records.source import list_files, table_named
from posthouse.vocabulary.errors import UnusableInputError


@pytest.mark.parametrize(
    ("name", "table"),
    [
        ("scans", "scans"),
        ("scans-2021-06", "scans"),
        ("扫描（6月）", "scans"),
        ("device_status_2021", "device_status"),
        ("项目", "projects"),
        ("scanners", None),
        ("项目部", None),
        ("journeys", None),
        ("三项制度与抽查2021", "checks"),
    ],
)
def test_a_name_tells_its_table(name, table):
    assert table_named(name) == table


def test_files_of_a_folder_come_in_a_fixed_order_without_documents_and_locks(tmp_path):
    for name in ("plan.md", "truth.json", "scans.csv", "~$outlets.xlsx", ".hidden.csv", "outlets.XLSX"):
        (tmp_path / name).write_text("x")
    (tmp_path / "complaints").mkdir()
    (tmp_path / "complaints" / "2021-06.csv").write_text("x")
    found = [(file.name, file.table) for file in list_files(tmp_path, SourceMapping())]
    assert found == [("complaints/2021-06.csv", "complaints"), ("outlets.XLSX", "outlets"), ("scans.csv", "scans")]


def test_the_mapping_names_the_files_of_a_table(tmp_path):
    (tmp_path / "轨迹0601.csv").write_text("x")
    mapping = SourceMapping(tables={"scans": TableMapping(files=("轨迹*.csv",))})
    assert [file.table for file in list_files(tmp_path, mapping)] == ["scans"]


@pytest.mark.parametrize("make", ["nothing", "empty folder", "document"])
def test_a_source_without_any_file_that_can_be_read_is_refused(tmp_path, make):
    source = tmp_path / "in.docx" if make == "document" else tmp_path / "in"
    if make == "document":
        source.write_text("x")
    if make == "empty folder":
        source.mkdir()
    with pytest.raises(UnusableInputError):
        list_files(source, SourceMapping())


def test_a_mapping_file_says_columns_constants_and_words(tmp_path):
    path = tmp_path / "map.toml"
    path.write_text(
        '[scans]\nfiles = ["*.csv"]\n[scans.columns]\n"单号" = "waybill"\n[scans.constants]\nbrand = "示例"\n'
        '[scans.values.step]\n"揽件" = "accepted"\n',
        encoding="utf-8",
    )
    mapping = read_mapping(path).of("scans")
    assert mapping.columns == {"单号": "waybill"}
    assert mapping.constants == {"brand": "示例"}
    assert mapping.values == {"step": {"揽件": "accepted"}}
    assert read_mapping(path).of("outlets") == TableMapping()


@pytest.mark.parametrize(
    "text",
    [
        "[nowhere]\n",
        "[scans.columns]\n'单号' = 'no_such_column'\n",
        "[scans]\nfile = 'a'\n",
        "not toml",
        "[scans]\nfiles = 3\n",
        "scans = 3\n",
    ],
)
def test_a_mapping_that_cannot_be_meant_is_refused_in_one_line(tmp_path, text):
    path = tmp_path / "map.toml"
    path.write_text(text, encoding="utf-8")
    with pytest.raises(UnusableInputError) as refused:
        read_mapping(path)
    assert "\n" not in str(refused.value)
