"""The summary table of a month on the terminal: goal, measured, target, status, forecast; and where the files are."""

from collections import Counter
from collections.abc import Sequence
from pathlib import Path

from posthouse.reports.model import MonthReport
from posthouse.reports.sentences import (
    deadline_in_words,
    forecast_in_words,
    goal_in_words,
    measured_in_words,
    status_in_words,
)
from posthouse.vocabulary.glossary import zh

_STYLE = {"met": "green", "on_track": "cyan", "behind": "yellow", "missed": "red"}


def print_summary(report: MonthReport, out: Path, files: Sequence[str]) -> None:
    """Print the table of goals, the counts of assignments and the paths of the files."""
    from rich.console import Console
    from rich.table import Table

    table = Table(title=f"{report.programme.document.title}　{report.period}", title_justify="left")
    for name in ("目标", "要求", "期限", "测量值", "预计到期", "状态"):
        table.add_column(name, overflow="fold")
    for a in report.assessments:
        style = _STYLE.get(a.status, "dim")
        table.add_row(
            a.goal.indicator or a.goal.text,
            goal_in_words(a.goal),
            deadline_in_words(a.goal),
            measured_in_words(a),
            forecast_in_words(a),
            f"[{style}]{status_in_words(a)}[/{style}]",
        )
    console = Console()
    console.print(table)
    states = Counter(assignment.state for assignment in report.assignments)
    turned = Counter(v.after for v in report.verdicts if v.before != v.after)
    console.print(
        f"差距 {len(report.gaps)} 项；交办 {len(report.assignments)} 件"
        f"（{'，'.join(f'{zh(state)} {count}' for state, count in sorted(states.items())) or '无'}）；"
        f"本月销号 {turned['closed']}，反弹 {turned['relapsed']}；自报不符 {len(report.discrepancies)} 条；"
        f"发现 {len(report.findings)} 条"
    )
    for name in files:
        console.print(f"  {out / name}", highlight=False)
