"""`posthouse VERB …`: collects the verbs, and turns unusable input into one line and exit code 2.

Exit 0: done; 1: done, with Findings of severity error; 2: unusable input or arguments, nothing written.
"""

import argparse
import sys
from collections.abc import Sequence

from posthouse import __version__
from posthouse.cli import diff, explain, load, measure, plan, quarantine, read, route, run, sample, serve, site
from posthouse.vocabulary.errors import UnusableInputError

VERBS = (read, diff, sample, load, quarantine, measure, explain, run, plan, route, site, serve)


def main(argv: Sequence[str] | None = None) -> int:
    """Run one verb and return the exit code."""
    parser = build_parser()
    args = parser.parse_args(argv)
    try:
        return int(args.run(args))
    except UnusableInputError as error:
        print(f"posthouse: {error}", file=sys.stderr)
        return 2
    except BrokenPipeError:
        # The reader of our output (head, less) has gone; that is no fault of the input.
        sys.stderr.close()
        return 0


def build_parser() -> argparse.ArgumentParser:
    """Return the parser with every verb."""
    parser = argparse.ArgumentParser(prog="posthouse", description="驿站：从方案公文到销号的快递“两进一出”闭环。")
    parser.add_argument("--version", action="version", version=f"posthouse {__version__}")
    subparsers = parser.add_subparsers(metavar="VERB", required=True)
    for verb in VERBS:
        verb.add_parser(subparsers)
    return parser


if __name__ == "__main__":
    sys.exit(main())
