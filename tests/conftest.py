"""What every test may use."""

import os
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent


@pytest.fixture(scope="session")
def shared() -> Path:
    """The folder of public plans and data; a missing one skips the test, or fails it where all must run."""
    folder = Path(os.environ.get("POSTHOUSE_SHARED", ROOT / "../shared")).resolve()
    if not folder.is_dir():
        reason = f"the public data folder is missing at {folder}; set POSTHOUSE_SHARED"
        if os.environ.get("POSTHOUSE_REQUIRE_ALL") == "1":
            pytest.fail(reason)
        pytest.skip(reason)
    return folder
