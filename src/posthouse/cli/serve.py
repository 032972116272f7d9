"""`posthouse serve`: start the console. It runs as its own process, because the library never imports Django."""

import argparse
import subprocess
import sys
from importlib.util import find_spec
from pathlib import Path

from posthouse.vocabulary.errors import UnusableInputError

_EXAMPLE = """\
例：
  posthouse serve --workspace out/本市 --port 8000
"""


def add_parser(subparsers: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    """Add the verb."""
    parser = subparsers.add_parser(
        "serve",
        help="在本机打开控制台",
        epilog=_EXAMPLE,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument("--workspace", type=Path, default=Path("out/run"), metavar="DIR", help="run 的 --out 文件夹")
    parser.add_argument("--port", type=int, default=8000, help="端口，缺省 8000")
    parser.set_defaults(run=run)


def run(args: argparse.Namespace) -> int:
    """Start the console and wait until it ends; return its exit code."""
    if find_spec("django") is None:
        raise UnusableInputError("控制台需要 web 部分的依赖，当前环境没有。请安装 requirements/web.txt 后重试。")
    command = [sys.executable, "-m", "posthouse_web", "--workspace", str(args.workspace), "--port", str(args.port)]
    try:
        return subprocess.run(command, check=False).returncode
    except KeyboardInterrupt:
        return 0
