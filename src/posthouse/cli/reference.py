"""The generated reference pages of the documentation: `python -m posthouse.cli.reference docs` (or `make docs`).

Tables, measures, glossary, verbs and Finding codes are documented from their declarations, so that a page cannot say
something else than the program. A test compares the pages with what this module makes.
"""

import argparse
import sys
import tomllib
from collections.abc import Callable, Iterable, Mapping
from pathlib import Path

from posthouse.cli.main import VERBS
from posthouse.measures.catalogue import all_definitions
from posthouse.records.schema import all_tables
from posthouse.vocabulary.glossary import all_terms

_MADE = "<!-- 由 make docs 生成，请勿手改 -->"


def reference_pages(docs: Path) -> Mapping[Path, str]:
    """Return the text of every generated page by its path below the docs folder."""
    makers: Mapping[str, Callable[[], str]] = {
        "zh/reference/tables.md": _tables,
        "zh/reference/measures.md": _measures,
        "zh/reference/glossary.md": _glossary,
        "zh/reference/verbs.md": _verbs,
        "dev/codes.md": lambda: _codes(docs / "dev" / "codes.d"),
    }
    return {docs / name: make() for name, make in makers.items()}


def _tables() -> str:
    parts = ["# 数据表", _MADE, "每张表可用表名或中文名命名文件，列可用标识或中文列名。空单元格的含义见末列。"]
    kinds = {"register": "台账", "event": "事件", "derived": "合成"}
    for table in all_tables().values():
        parts.append(f"## {table.name} {table.zh}")
        parts.append(f"{kinds[table.kind]}。{table.meaning}。来源：{table.source}。主键：{'、'.join(table.key)}。")
        rows = [
            (
                f"`{c.name}`",
                c.zh,
                c.type,
                c.unit,
                c.meaning + (f"：{'、'.join(c.values)}" if c.values else ""),
                "必填" if c.required else c.null,
            )
            for c in table.columns
        ]
        parts.append(_grid(("列", "中文列名", "类型", "单位", "含义", "空值"), rows))
    return _page(parts)


def _measures() -> str:
    parts = ["# 指标目录", _MADE, "“已计算”为否的指标说明还需要什么数据。定义只在有效期内使用，旧通报可按旧定义重算。"]
    for d in sorted(all_definitions(), key=lambda d: d.id):
        parts.append(f"## {d.id} {d.name_zh}")
        rows = [
            ("英文名", d.name_en),
            ("单位", d.unit),
            ("方向", "越高越好" if d.direction == "up" else "越低越好"),
            ("分子", d.numerator),
            ("分母", d.denominator or "（计数，无分母）"),
            ("可分", "、".join(d.groups) or "不分"),
            ("所需表", "、".join(d.tables)),
            ("参数", "、".join(d.parameters) or "无"),
            ("依据", d.source),
            ("有效期", f"{d.valid_from} 至 {d.valid_to or '今'}，第 {d.version} 版"),
            ("已计算", "是" if d.computed else f"否：{d.needs}"),
        ]
        parts.append(_grid(("项", "内容"), rows))
    return _page(parts)


def _glossary() -> str:
    parts = ["# 词汇", _MADE]
    for group in dict.fromkeys(term.group for term in all_terms()):
        rows = [(t.zh, t.en, f"`{t.id}`", t.meaning) for t in all_terms() if t.group == group]
        parts += [f"## {group}", _grid(("中文", "English", "标识", "含义"), rows)]
    return _page(parts)


def _verbs() -> str:
    parts = ["# 命令", _MADE, "退出码：0 完成；1 完成，但有严重程度为 error 的发现；2 输入或参数不可用，什么也没有写。"]
    parser = argparse.ArgumentParser(prog="posthouse")
    subparsers = parser.add_subparsers(metavar="VERB")
    for verb in VERBS:
        verb.add_parser(subparsers)
    for name, sub in subparsers.choices.items():
        sub.formatter_class = _WideHelp
        parts += [f"## posthouse {name}", f"```text\n{sub.format_help().strip()}\n```"]
    return _page(parts)


class _WideHelp(argparse.RawDescriptionHelpFormatter):
    """Help of one width: it usually wraps at the terminal's, and a page must not depend on that."""

    def __init__(self, prog: str) -> None:
        super().__init__(prog, width=120)


def _codes(folder: Path) -> str:
    parts = [
        "# Finding codes",
        _MADE,
        "Codes are public: never reused, never renamed without an entry here. Messages are in 中文, for the user.",
    ]
    for file in sorted(folder.glob("*.toml")):
        entries = tomllib.loads(file.read_text(encoding="utf-8"))
        rows = [(f"`{code}`", e["severity"], e["meaning"], e["remedy"]) for code, e in sorted(entries.items())]
        parts += [f"## {file.stem}", _grid(("code", "severity", "meaning", "remedy"), rows)]
    return _page(parts)


def _grid(head: Iterable[str], rows: Iterable[Iterable[str]]) -> str:
    head = tuple(head)
    lines = [head, ("---",) * len(head), *rows]
    return "\n".join("| " + " | ".join(str(cell).replace("|", "\\|") for cell in line) + " |" for line in lines)


def _page(parts: Iterable[str]) -> str:
    return "\n\n".join(parts) + "\n"


def main() -> int:
    """Write every page below the given docs folder."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("docs", type=Path)
    for path, text in reference_pages(parser.parse_args().docs).items():
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main())
