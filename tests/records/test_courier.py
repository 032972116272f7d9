"""A courier's export as people hand it in, by the shipped mapping: merged cells, full-width digits, Excel and CSV."""

import openpyxl

from posthouse.records.load import load_source
from posthouse.records.mapping import read_shipped

KEY = b"only for tests"
HEADINGS = ["运单编号", "快递公司", "扫描类型", "扫描时间", "扫描站点", "签收类型", "所在村代码"]
ROWS = [
    ["YT7000000000001", "示例速递", "到件", "2021-06-05 08:00:00", "城东分拨中心", "", ""],
    ["YT7000000000001", "示例速递", "派件", "2021-06-05 09:30:00", "佛堂网点", "", ""],
    ["YT7000000000001", "示例速递", "签收", "2021-06-05 10:05:00", "佛堂网点", "", "330782104205"],
]
WIDE = str.maketrans("0123456789:-YT", "０１２３４５６７８９：－ＹＴ")


def load(path):
    blocks = list(load_source(path, key=KEY, mapping=read_shipped("courier")))
    assert not [row for block in blocks for row in block.rejected.to_pylist()]
    rows = [row for block in blocks for row in block.rows.to_pylist()]
    return sorted(rows, key=lambda row: row["event_at"]), {f.code for block in blocks for f in block.findings}


def as_csv(path, rows, encoding):
    path.write_bytes("\n".join(",".join(row) for row in [HEADINGS, *rows]).encode(encoding))
    return path


def plain_rows(folder):
    folder.mkdir()
    return load(as_csv(folder / "扫描记录.csv", ROWS, "utf-8"))[0]


def test_full_width_digits_of_a_gbk_export_are_those_of_the_plain_one(tmp_path):
    wide = [
        [row[0].translate(WIDE), row[1], row[2], row[3].translate(WIDE), *row[4:6], row[6].translate(WIDE)]
        for row in ROWS
    ]
    rows, _ = load(as_csv(tmp_path / "扫描记录6月.csv", wide, "gb18030"))
    assert rows == plain_rows(tmp_path / "plain")
    assert rows[2]["village"] == "330782104205"


def test_merged_cells_of_a_workbook_stand_for_every_row_they_cover(tmp_path):
    book = openpyxl.Workbook()
    sheet = book.active
    sheet.title = "扫描记录"
    sheet.append(["佛堂网点六月导出"])
    sheet.append(HEADINGS)
    for row in ROWS:
        sheet.append([cell or None for cell in row])
    sheet["A3"] = ROWS[0][0].translate(WIDE)
    sheet["D5"] = ROWS[2][3].translate(WIDE)
    sheet.merge_cells("A3:A5")
    sheet.merge_cells("B3:B5")
    sheet.merge_cells("E4:E5")
    path = tmp_path / "扫描记录.xlsx"
    book.save(path)
    rows, codes = load(path)
    assert rows == plain_rows(tmp_path / "plain")
    assert "records.merged_cells" in codes
