"""What a weekly plan costs to make and what it saves: sample cities, real places, and changes to a plan.

    python benchmarks/planning.py --work FOLDER --table benchmarks/results/planning.md [hill islands yiwu ...]

Every case is a run of `posthouse plan village`: wall and CPU seconds are those of the whole command with the processes
it starts, reading and writing included; memory is the largest sum of their shares (PSS), looked at every half second.
Workspaces are made in the work folder once. Figures of earlier cases stay in `FOLDER/planning.jsonl`, from which the
table is written. On two quiet cores: hill 3 min, islands, yiwu and zhoushan 2 min each, taizhou 15 min, changes 1 min.
"""

import argparse
import importlib.metadata
import json
import os
import platform
import subprocess
import sys
import time
from pathlib import Path

SHARED = Path(os.environ.get("POSTHOUSE_SHARED", Path(__file__).resolve().parent.parent / "../shared"))
POSTHOUSE = Path(sys.executable).with_name("posthouse")
SEED = 1
CASES = {"hill": 150, "islands": 90, "yiwu": 120, "zhoushan": 90, "taizhou": 780}
"""Seconds of search."""
SAMPLES = frozenset({"hill", "islands"})
MONTH = "2021-06"


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("cases", nargs="*", help="default: all of them")
    parser.add_argument("--work", type=Path, required=True, help="folder for records, workspaces and plans")
    parser.add_argument("--seconds", type=float, help="of search, instead of the case's own")
    parser.add_argument("--table", type=Path, default=Path("benchmarks/results/planning.md"))
    args = parser.parse_args()
    args.work.mkdir(parents=True, exist_ok=True)
    log = args.work / "planning.jsonl"
    for case in args.cases or [*CASES, "changes"]:
        rows = change_plans(args.work) if case == "changes" else [plan_case(case, args.work, args.seconds)]
        with log.open("a", encoding="utf-8") as file:
            file.writelines(json.dumps(row, ensure_ascii=False) + "\n" for row in rows)
        print(*rows, sep="\n", flush=True)
    latest = {row["case"]: row for row in map(json.loads, log.read_text(encoding="utf-8").splitlines())}
    args.table.write_text("\n".join(table(latest)) + "\n", encoding="utf-8")


def plan_case(case: str, work: Path, seconds: float | None) -> dict[str, object]:
    """Plan a city for five visits a week; return the figures."""
    workspace = make_workspace(case, work)
    budget = seconds or CASES[case]
    month = [] if case in SAMPLES else ["--month", MONTH]
    figures = run_plan(workspace, work / f"{case}-plan", "--days", "5", "--seconds", str(budget), *month)
    return {"case": case, "budget_s": budget, **figures, **read_plan(work / f"{case}-plan" / "plan.json")}


def make_workspace(case: str, work: Path) -> Path:
    """Write and load the city's records, once; return the workspace."""
    workspace = work / f"{case}-workspace"
    if workspace.exists():
        return workspace
    source = work / case
    if case in SAMPLES:
        posthouse("sample", case, "--out", source, "--seed", SEED)
    else:
        from posthouse.sample.real_places import write_real_places

        write_real_places(case, SHARED / "data/territory", source, seed=SEED)
    posthouse("load", source / "records", "--into", workspace)
    return workspace


def change_plans(work: Path) -> list[dict[str, object]]:
    """Change the plan of hill: half the room on buses, a vehicle lost, a road closed; return what each changed."""
    before = work / "hill-plan" / "plan.json"
    plan = json.loads(before.read_text(encoding="utf-8"))
    own = [route["vehicle"] for route in plan["routes"] if not route["vehicle"].startswith("增租")]
    busiest = max(sorted(set(own)), key=own.count)
    changes = {
        "bus room halved": "[carriage.rural_bus]\nroom_share = 0.5\n",
        f"vehicle {busiest} lost": f'[rounds]\nlost_vehicles = ["{busiest}"]\n',
        "a road closed": f'[rounds]\nclosed_roads = ["{first_road(work)}"]\n',
    }
    rows = []
    for number, (name, scenario) in enumerate(changes.items()):
        out, file = work / f"hill-change-{number}", work / f"change-{number}.toml"
        file.write_text(scenario, encoding="utf-8")
        figures = run_plan(work / "hill-workspace", out, "--days", "5", "--from", str(before), "--scenario", str(file))
        after = json.loads((out / "plan.json").read_text(encoding="utf-8"))
        rows.append({"case": f"hill, {name}", **figures, **read_plan(out / "plan.json"), **differences(plan, after)})
    return rows


def differences(before: dict, after: dict) -> dict[str, int]:
    """Return how many rounds another driver drives, how many go another way, and how many villages change days."""

    def ways(plan: dict, *more: str) -> set[tuple]:
        return {
            (
                route["depot_code"],
                route["weekday"],
                *(route[name] for name in more),
                *(v["village"] for v in route["visits"]),
            )
            for route in plan["routes"]
        }

    def days(plan: dict) -> set[tuple[str, int]]:
        return {(call["village"], call["weekday"]) for call in plan["week"]["timetable"]}

    return {
        "other_driver": len(ways(before, "vehicle") - ways(after, "vehicle")),
        "other_way": len(ways(before) - ways(after)),
        "other_days": len({village for village, _ in days(before) ^ days(after)}),
    }


def faults(plan: dict) -> int:
    """Return how many limits the plan breaks, from plan.json alone: vehicles, hours, promise, gaps between visits."""
    drives = [(route["vehicle"], route["depot_code"], route["weekday"]) for route in plan["routes"]]
    days: dict[str, set[int]] = {}
    for call in plan["week"]["timetable"]:
        days.setdefault(call["village"], set()).add(call["weekday"])
    missing = plan["week"]["missing"]
    promised = plan["days"]
    broken = len(drives) - len(set(drives))
    broken += sum(route["duration_min"] > 480 + 1e-6 for route in plan["routes"])
    broken += sum(len(own) + missing.get(village, 0) < promised for village, own in days.items())
    for village, own in days.items():
        order = sorted(own)
        longest = max(b - a for a, b in zip(order, [*order[1:], order[0] + 7], strict=True))
        broken += longest > 3 and village not in missing
    return broken


def first_road(work: Path) -> str:
    """Return the first road of the register between two villages."""
    import csv

    with (work / "hill" / "records" / "roads.csv").open(encoding="utf-8-sig") as file:
        rows = list(csv.reader(file))
    return rows[len(rows) // 2][0]


def run_plan(workspace: Path, out: Path, *options: str) -> dict[str, object]:
    """Run the verb; return its seconds and the most memory in MB."""
    command = [str(POSTHOUSE), "plan", "village", str(workspace), "--out", str(out), *options]
    began = time.perf_counter()
    process = subprocess.Popen(command, env={**os.environ, "OMP_NUM_THREADS": "1"})
    peak_kb = 0
    while (done := os.wait4(process.pid, os.WNOHANG))[0] == 0:
        peak_kb = max(peak_kb, memory_kb(process.pid))
        time.sleep(0.5)
    _, status, usage = done
    if os.waitstatus_to_exitcode(status) > 1:
        raise SystemExit(f"{' '.join(command)} failed")
    return {
        "wall_s": time.perf_counter() - began,
        "cpu_s": usage.ru_utime + usage.ru_stime,
        "rss_mb": peak_kb / 1024,
    }


def memory_kb(pid: int) -> int:
    """Return what a process and those it started hold, shared pages counted once."""
    try:
        own = next(row for row in Path(f"/proc/{pid}/smaps_rollup").read_text().splitlines() if row.startswith("Pss:"))
        below = Path(f"/proc/{pid}/task/{pid}/children").read_text().split()
    except (OSError, StopIteration):  # it has just ended
        return 0
    return int(own.split()[1]) + sum(memory_kb(int(child)) for child in below)


def read_plan(path: Path) -> dict[str, object]:
    """Return the figures of a plan.json."""
    plan = json.loads(path.read_text(encoding="utf-8"))
    week = plan["week"]
    visits = len({(call["village"], call["weekday"]) for call in week["timetable"]})
    missing = sum(week["missing"].values())
    return {
        "villages": len({call["village"] for call in week["timetable"]}) or 0,
        "visits": visits,
        "kept": visits / (visits + missing) if visits else 0.0,
        "routes": len(plan["routes"]),
        "km": plan["weekly_distance_km"],
        "yuan": week["cost_yuan"],
        "bound": week["bound_yuan"],
        "alone": plan["weekly_cost_alone_yuan"],
        "coalitions": (week["shares"] or {}).get("coalitions", 0),
        "in_core": (week["shares"] or {}).get("in_core"),
        "changed": len(week["changes"]),
        "faults": faults(plan),
        "statement": (week["shares"] or {}).get("statement", ""),
        "brands": [[b["brand"], b["today_yuan"], b["alone_yuan"], b["share_yuan"]] for b in week["brands"]],
        "frontier": [
            [
                p["visits_per_week"],
                p["village_share"],
                p["villages"],
                p["missing_visits"],
                p["cost_yuan"],
                p["bound_yuan"],
            ]
            for p in week["frontier"]
        ],
    }


def table(rows: dict[str, dict[str, object]]) -> list[str]:
    """Return the results as Markdown."""
    lines = [
        "# Weekly plans for villages",
        "",
        f"Python {platform.python_version()}, numba {importlib.metadata.version('numba')}, {platform.machine()}, "
        f"{os.cpu_count()} cores, two processes, seed {SEED}, load average {os.getloadavg()[0]:.1f} at the end. "
        "Made by `benchmarks/planning.py`. "
        "Five visits a week. Wall and CPU seconds and memory are those of the whole command. The bound is that of "
        "`planning/bounds.py`, with the awards of partners and buses as given.",
        "",
        "| case | villages | promise kept | rounds | km | pooled, yuan | bound | brands alone | coalitions | "
        "limits broken | budget s | wall s | CPU s | MB |",
        "|---|--:|--:|--:|--:|--:|--:|--:|--:|--:|--:|--:|--:|--:|",
    ]
    plans = {case: row for case, row in rows.items() if case in CASES}
    for case, row in plans.items():
        lines.append(
            f"| {case} | {row['villages']:,} | {row['kept']:.1%} | {row['routes']:,} | {row['km']:,.0f} | "
            f"{row['yuan']:,.0f} | {row['bound']:,.0f} | {row['alone']:,.0f} | {row['coalitions']} | "
            f"{row['faults']} | {row['budget_s']:.0f} | "
            f"{row['wall_s']:.0f} | {row['cpu_s']:.0f} | {row['rss_mb']:.0f} |"
        )
    lines += ["", "## Changes to the plan of hill (`--from plan.json`)", ""]
    lines += [
        "| change | rounds with another driver or way | rounds another way | villages on other days | villages told "
        "another time | pooled, yuan | promise kept | limits broken | wall s | CPU s |",
        "|---|--:|--:|--:|--:|--:|--:|--:|--:|--:|",
    ]
    lines += [
        f"| {case[6:]} | {row['other_driver']} | {row['other_way']} | {row['other_days']} | {row['changed']} | "
        f"{row['yuan']:,.0f} | {row['kept']:.1%} | {row['faults']} | {row['wall_s']:.1f} | {row['cpu_s']:.1f} |"
        for case, row in rows.items()
        if case not in CASES
    ]
    for case, row in plans.items():
        lines += ["", f"## {case}: brands alone and pooled, yuan a week", ""]
        lines += [row["statement"], "", "| brand | today (estimate) | alone | share of pooled |", "|---|--:|--:|--:|"]
        lines += [f"| {name} | {now:,.0f} | {alone:,.0f} | {share:,.0f} |" for name, now, alone, share in row["brands"]]
        lines += ["", f"## {case}: cost of the promise", ""]
        lines += ["| visits a week | villages | missing visits | yuan a week | bound |", "|--:|--:|--:|--:|--:|"]
        lines += [
            f"| {visits} | {villages:,} ({share:.0%}) | {missing} | {yuan:,.0f} | {bound:,.0f} |"
            for visits, share, villages, missing, yuan, bound in row["frontier"]
        ]
    return lines


def posthouse(*words: object) -> None:
    """Run a verb that must succeed; findings of the data do not matter here."""
    code = subprocess.run([str(POSTHOUSE), *map(str, words)], check=False).returncode
    if code > 1:
        raise SystemExit(f"posthouse {words[0]} failed")


if __name__ == "__main__":
    main()
