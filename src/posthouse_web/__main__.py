"""`python -m posthouse_web`: the console of one office on this machine; `posthouse serve` starts it.

It brings the database up to date, publishes the months that were closed, and starts two processes: the server, and the
worker that does the runs. A worker that dies is started again; what it left is marked as interrupted.
"""

import argparse
import errno
import os
import secrets
import signal
import subprocess
import sys
import threading
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from socketserver import ThreadingMixIn
from typing import Any
from wsgiref.simple_server import ServerHandler, WSGIRequestHandler, WSGIServer, make_server

from posthouse.cli.standing import announce, standing
from posthouse.vocabulary.errors import UnusableInputError

_KEY = "console.key"
_PORTS = 20
"""How many ports are tried, from the one asked for."""
_AT_ONCE = 12
"""Pages that are made at the same time; more wait."""
_GRACE_S = 10.0
"""What a worker is given to put down what it is doing; a run that it does not end is marked as interrupted."""


class _Server(ThreadingMixIn, WSGIServer):
    daemon_threads = True
    request_queue_size = 64
    # Two consoles must not share a port: the second one looks for the next.
    allow_reuse_port = False


class _Quiet(WSGIRequestHandler):
    timeout = 60
    """Seconds that a line may say nothing; it must not hold a thread for ever."""

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - the name is the base class's
        """Say nothing: addresses of pages name places and people."""


def main() -> int:
    """Serve until interrupted; return the exit code."""
    args = _arguments()
    os.environ["POSTHOUSE_OUT"] = str(args.workspace)
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "posthouse_web.settings")
    if args.demo:
        os.environ.setdefault("POSTHOUSE_TWO_FACTOR", "0")
    args.workspace.mkdir(parents=True, exist_ok=True)
    os.environ.setdefault("POSTHOUSE_SECRET_KEY", _secret_key(args.workspace))
    if args.prepare:
        _prepare(demo=args.demo)
        return 0
    try:
        with standing(args.workspace) as sign:
            _serve(args, sign)
    except UnusableInputError as fault:
        print(fault, file=sys.stderr)
        return 2
    except KeyboardInterrupt:
        pass
    return 0


def _serve(args: argparse.Namespace, sign: Path) -> None:
    # A service manager ends us by SIGTERM: then, as with Ctrl+C, the worker goes too.
    signal.signal(signal.SIGTERM, signal.default_int_handler)
    _prepare(demo=args.demo)
    over = threading.Event()
    worker = threading.Thread(target=_keep_worker, args=(over,))
    with _bind(args.host, args.port) as server:
        worker.start()
        address = f"http://{args.host}:{server.server_port}/"
        print(f"驿站控制台：{address}", flush=True)
        announce(sign, address)
        try:
            server.serve_forever()
        finally:
            over.set()
            worker.join()


def _same_threads(application: Any) -> Any:
    """Return the application run in the same threads again and again: each keeps its connection to the database.

    A thread of its own for each line only waits for what the line says; browsers open lines that they may not need.
    """
    people = ThreadPoolExecutor(_AT_ONCE, thread_name_prefix="page")

    def make(environ: dict[str, Any], start_response: Any) -> list[bytes]:
        answer = application(environ, start_response)
        try:
            return list(answer)
        finally:
            answer.close()

    return lambda environ, start_response: people.submit(make, environ, start_response).result()


def _bind(host: str, port: int) -> WSGIServer:
    """Return the server at the port, or at the next one that is free."""
    from posthouse_web.wsgi import application

    ServerHandler.server_software = ""  # which Python this is, is nobody's business
    shown = _same_threads(application)
    for tried in range(port, port + _PORTS):
        try:
            server = make_server(host, tried, shown, server_class=_Server, handler_class=_Quiet)
        except OSError as error:
            if error.errno != errno.EADDRINUSE:
                raise UnusableInputError(
                    f"不能在 {host}:{tried} 上打开控制台（{error.strerror}）。请换 --port。"
                ) from None
        else:
            if tried != port:
                print(f"端口 {port} 被别的程序占用，改用 {tried}。")
            return server
    raise UnusableInputError(f"端口 {port} 到 {port + _PORTS - 1} 都被占用。请用 --port 另选一个。")


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m posthouse_web", description="驿站控制台")
    default = Path(os.environ.get("POSTHOUSE_OUT", "out/run"))
    parser.add_argument("--workspace", type=Path, default=default, help="posthouse run 的 --out 文件夹")
    parser.add_argument("--host", default="127.0.0.1", help="监听地址；给别的电脑用时设 POSTHOUSE_HOSTS")
    parser.add_argument("--port", type=int, default=8000)
    parser.add_argument("--demo", action="store_true", help="为样例城市建演示账号，不要求两步验证")
    parser.add_argument("--prepare", action="store_true", help="只建好数据库和账号，读入月份，不启动")
    return parser.parse_args()


def _secret_key(folder: Path) -> str:
    """Return the key that signs sessions; made once and readable by its owner only."""
    path = folder / _KEY
    if not path.exists():
        with os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w") as file:
            file.write(secrets.token_urlsafe(48))
    return path.read_text()


def _prepare(*, demo: bool) -> None:
    import django

    django.setup()
    from django.conf import settings
    from django.core.management import call_command

    from posthouse_web.demo import PASSWORD, make_demo_accounts, make_demo_plan
    from posthouse_web.monitoring.actions import list_unpublished, list_without_parts, publish_month
    from posthouse_web.registers.actions import is_copied
    from posthouse_web.registers.queries import find_workspace
    from posthouse_web.runs.actions import start_run

    call_command("migrate", verbosity=0)
    out, workspace = settings.POSTHOUSE_OUT, find_workspace()
    if demo:
        for month in list_unpublished(out):
            publish_month(out, month)
        print("演示账号（密码都是 " + PASSWORD + "）：")
        for account in make_demo_accounts():
            print(f"  {account.username:<10} {account.get_role_display()}")
    if list_unpublished(out) or list_without_parts() or (workspace is not None and not is_copied(workspace)):
        start_run(None, "publish", {})
    if demo:
        make_demo_plan()  # after the months: they come first in the queue


def _keep_worker(over: threading.Event) -> None:
    while not over.is_set():
        worker = subprocess.Popen([sys.executable, "-m", "django", "work", "--parent", str(os.getpid())])
        while worker.poll() is None:
            if over.wait(0.5):
                worker.terminate()
                try:
                    worker.wait(timeout=_GRACE_S)
                except subprocess.TimeoutExpired:
                    worker.kill()
                    worker.wait()
                return
        over.wait(1)


if __name__ == "__main__":
    sys.exit(main())
