"""`posthouse serve`: start the console, in front or in the background, or stop it.

The console runs as its own process, because the library never imports Django.
"""

import argparse
import subprocess
import sys
import time
from importlib.util import find_spec
from pathlib import Path

from posthouse.cli.standing import LOG, find_address, stop_standing
from posthouse.vocabulary.errors import UnusableInputError

_EXAMPLE = """\
例：
  posthouse serve --workspace out/本市 --port 8000
  posthouse serve --workspace out/run --demo                  样例城市，带演示账号
  posthouse serve --workspace out/run --demo --background     在后台运行，能打开网页后返回
  posthouse serve --workspace out/run --stop                  停止后台运行的控制台
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
    parser.add_argument("--port", type=int, default=8000, help="端口，缺省 8000；被占用时用下一个空的")
    parser.add_argument("--demo", action="store_true", help="为样例城市建演示账号，不要求两步验证")
    how = parser.add_mutually_exclusive_group()
    how.add_argument("--background", action="store_true", help="在后台运行；日志在 DIR/console/serve.log")
    how.add_argument("--stop", action="store_true", help="停止这个文件夹的控制台；没有在运行时什么也不做")
    parser.set_defaults(run=run)


def run(args: argparse.Namespace) -> int:
    """Start the console and wait until it ends, or until it answers, or end it; return the exit code."""
    if args.stop:
        if stop_standing(args.workspace):
            print("控制台已停止。")
        return 0
    if find_spec("django") is None:
        raise UnusableInputError("控制台需要 web 部分的依赖，当前环境没有。请安装 requirements/web.txt 后重试。")
    command = [sys.executable, "-m", "posthouse_web", "--workspace", str(args.workspace), "--port", str(args.port)]
    command += ["--demo"] if args.demo else []
    if args.background:
        return _start(args.workspace, command)
    try:
        return subprocess.run(command, check=False).returncode
    except KeyboardInterrupt:
        return 0


def _start(workspace: Path, command: list[str]) -> int:
    """Start the console on its own and show what it says until it answers; return its exit code if it ends first."""
    path = workspace / LOG
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("w", encoding="utf-8") as log, path.open(encoding="utf-8") as said:
        console = subprocess.Popen(
            command, stdin=subprocess.DEVNULL, stdout=log, stderr=subprocess.STDOUT, start_new_session=True
        )
        while (code := console.poll()) is None and find_address(workspace) is None:
            sys.stdout.write(said.read())
            sys.stdout.flush()
            time.sleep(0.1)
        sys.stdout.write(said.read())
    if code is None:
        print(f"控制台在后台运行；停止：posthouse serve --workspace {workspace} --stop；日志：{path}")
    return code or 0
