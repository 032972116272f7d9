"""Which database the console keeps its rows in: SQLite in a file, or PostgreSQL where DATABASE_URL says so."""

from pathlib import Path
from typing import Any
from urllib.parse import unquote, urlsplit

_KEPT: dict[str, Any] = {"CONN_MAX_AGE": 60, "CONN_HEALTH_CHECKS": True}
"""Opening a connection costs more than most questions; one that the database has cut is opened anew."""


def database_settings(url: str, default: Path) -> dict[str, Any]:
    """Return the entry of DATABASES for a DATABASE_URL, or for the SQLite file where the url is empty.

    >>> database_settings("postgres://office:key@db.local:5433/console", Path("x"))["PORT"]
    '5433'
    >>> database_settings("", Path("out/console.sqlite3"))["NAME"]
    'out/console.sqlite3'

    Raises
    ------
    ValueError : the url names another kind of database.
    """
    if not url:
        return _sqlite(str(default))
    parts = urlsplit(url)
    if parts.scheme == "sqlite":
        return _sqlite(parts.path)
    if parts.scheme not in ("postgres", "postgresql"):
        raise ValueError(f"DATABASE_URL 应以 postgres:// 或 sqlite:// 开头，实际为 {parts.scheme}://。请改正后重启。")
    return {
        "ENGINE": "django.db.backends.postgresql",
        "NAME": unquote(parts.path.lstrip("/")),
        "USER": unquote(parts.username or ""),
        "PASSWORD": unquote(parts.password or ""),
        "HOST": parts.hostname or "",
        "PORT": str(parts.port or ""),
        **_KEPT,
    }


def _sqlite(name: str) -> dict[str, Any]:
    # Readers go on while the worker writes (WAL); a writer takes its lock at once, so that two never deadlock half-way.
    return {
        "ENGINE": "django.db.backends.sqlite3",
        "NAME": name,
        **_KEPT,
        "OPTIONS": {
            "timeout": 20,
            "transaction_mode": "IMMEDIATE",
            "init_command": "PRAGMA journal_mode=WAL; PRAGMA synchronous=NORMAL; PRAGMA cache_size=-32000;",
        },
    }
