"""The real console as an office starts it: server, worker and database, asked over HTTP, for tests of its faults."""

import http.cookiejar
import os
import re
import signal
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.parse
import urllib.request
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

from posthouse_web.demo import PASSWORD

PATIENCE_S = 200
"""How long anything may take on a loaded machine before the test gives up; it takes a few seconds on a quiet one."""


class Person:
    """Somebody who has signed in."""

    def __init__(self, address: str, name: str) -> None:
        self._address = address
        self._cookies = http.cookiejar.CookieJar()
        self._opener = urllib.request.build_opener(urllib.request.HTTPCookieProcessor(self._cookies))
        self.read("accounts/login/")
        self.send("accounts/login/", username=name, password=PASSWORD)

    def read(self, page: str) -> str:
        """Return the page, also one that says what is wrong."""
        return self._ask(urllib.request.Request(self._address + page))

    def send(self, page: str, **fields: str) -> str:
        """Press a button; return the page that follows."""
        token = next(cookie.value for cookie in self._cookies if cookie.name == "csrftoken") or ""
        fields["csrfmiddlewaretoken"] = token
        request = urllib.request.Request(self._address + page, urllib.parse.urlencode(fields).encode())
        return self._ask(request)

    def wait_for(self, page: str, words: str) -> str:
        """Return the page once it says so."""
        return wait_for(lambda: text if words in (text := self.read(page)) else "", f"{page} saying {words}")

    def _ask(self, request: urllib.request.Request) -> str:
        try:
            with self._opener.open(request, timeout=PATIENCE_S) as answer:
                return str(answer.read().decode())
        except urllib.error.HTTPError as refused:
            return refused.read().decode()


def wait_for(look: Callable[[], str], what: str) -> str:
    """Return what `look` returns as soon as it is not empty."""
    end = time.monotonic() + PATIENCE_S
    while time.monotonic() < end:
        if found := look():
            return found
        time.sleep(0.05)
    raise AssertionError(f"Waited {PATIENCE_S} s for {what}.")


def stage_of(person: Person, run: int) -> str:
    """Return what the page of the run says it is doing."""
    said = re.search(r'class="run-state"><span[^>]*>[^<]*</span>([^<]*)', person.read(f"runs/{run}/"))
    return said.group(1).strip() if said else ""


@contextmanager
def standing_console(out: Path, database: str = "") -> Iterator[str]:
    """Start the console of a folder with its demonstration accounts, and give its address."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    command = [sys.executable, "-m", "posthouse_web", "--workspace", str(out), "--port", str(port), "--demo"]
    environment = {**os.environ, "DATABASE_URL": database, "POSTHOUSE_OUT": str(out)}
    with subprocess.Popen(command, env=environment, stdout=subprocess.PIPE, text=True) as server:
        assert server.stdout
        try:
            line = next((line for line in server.stdout if "http://" in line), "")
            assert line, "The console did not start."
            yield line[line.index("http://") :].strip()
        finally:
            server.send_signal(signal.SIGTERM)
            server.communicate()
