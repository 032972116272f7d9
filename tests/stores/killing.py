"""A load in a process of its own that kills itself at a given change to the disk."""

import multiprocessing
import os
import signal
import sys

CHANGES = ("os.rename", "os.remove", "os.mkdir", "shutil.copyfile", "fcntl.flock")


def load_and_die(workspace, source, at):
    """Load, but die at the at-th change to the disk; return whether it came to that."""
    context = multiprocessing.get_context("forkserver")
    context.set_forkserver_preload(
        ["posthouse.stores.workspace", "posthouse.records.fold_kernel", "duckdb", "pyarrow.parquet"]
    )
    process = context.Process(target=_load, args=(workspace, source, at))
    process.start()
    process.join()
    assert process.exitcode in (0, -signal.SIGKILL)
    return process.exitcode != 0


def _load(workspace, source, at):
    changes = 0

    def count(event, args):
        nonlocal changes
        writes = event == "open" and isinstance(args[2], int) and args[2] & (os.O_WRONLY | os.O_RDWR)
        if writes or event in CHANGES:
            changes += 1
            if changes == at:
                os.kill(os.getpid(), signal.SIGKILL)

    sys.addaudithook(count)
    workspace.load(source)
