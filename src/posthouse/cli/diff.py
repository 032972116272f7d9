"""`posthouse diff`: two plans goal by goal: raised, lowered, dropped, new."""

import argparse
import json
import sys
from pathlib import Path

from posthouse.documents.read import read_document
from posthouse.measures.catalogue import all_definitions
from posthouse.programme.bind import bind_goals
from posthouse.programme.compare import compare_programmes, difference_to_json
from posthouse.programme.exchange import programme_from_toml
from posthouse.programme.extract import extract_programme
from posthouse.programme.model import Programme
from posthouse.vocabulary.errors import UnusableInputError

_EXAMPLE = """\
例：
  posthouse diff 2020方案.docx 2023方案.docx
  posthouse diff 甲市/programme.toml 乙市方案.txt --json
"""


def add_parser(subparsers: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    """Add the verb."""
    parser = subparsers.add_parser(
        "diff", help="逐个目标比较两份方案", epilog=_EXAMPLE, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("old", type=Path, metavar="OLD", help="原方案：公文或 programme.toml")
    parser.add_argument("new", type=Path, metavar="NEW", help="新方案：公文或 programme.toml")
    parser.add_argument("--json", action="store_true", help="在标准输出打印一个 JSON 对象")
    parser.set_defaults(run=run)


def run(args: argparse.Namespace) -> int:
    """Print the differences; return the exit code."""
    old, new = _programme(args.old), _programme(args.new)
    differences = compare_programmes(old, new)
    if args.json:
        data = {
            "old": old.document.title,
            "new": new.document.title,
            "differences": [difference_to_json(difference) for difference in differences],
        }
        print(json.dumps(data, ensure_ascii=False))
        return 0
    for difference in differences:
        print(difference.message)
    print(f"共 {len(differences)} 条。", file=sys.stderr)
    return 0


def _programme(path: Path) -> Programme:
    """Return the programme of a document, or of a `programme.toml` that was written from one."""
    if path.suffix != ".toml":
        return bind_goals(extract_programme(read_document(path)), all_definitions())
    try:
        return programme_from_toml(path.read_text(encoding="utf-8"))
    except (OSError, UnicodeDecodeError) as error:
        raise UnusableInputError(f"应为可读的 programme.toml，{path} 读不了（{error}）。请检查路径和编码。") from None
