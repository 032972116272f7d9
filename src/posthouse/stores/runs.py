"""What one run took in and gave, kept so that a figure in a bulletin can be made again."""

import json
import os
import shutil
from collections.abc import Mapping
from pathlib import Path

from posthouse.stores.manifest import sync_folder
from posthouse.vocabulary.sources import Run

_RUN = "run.json"


def write_run_folder(runs: Path, run: Run, artefacts: Mapping[str, bytes | Path]) -> Path:
    """Write the folder of a run as one step and return it; the same run again changes nothing.

    Parameters
    ----------
    runs : the folder of all runs. artefacts : file name to content, or to a file that is copied.

    Raises
    ------
    FileExistsError : there is a run of this id with other inputs, version, seed or parameters.
    """
    entry = {
        "id": run.id,
        "version": run.version,
        "seed": run.seed,
        "inputs": dict(run.inputs),
        "parameters": dict(run.parameters),
        "artefacts": sorted(artefacts),
    }
    text = json.dumps(entry, ensure_ascii=False, indent=1, sort_keys=True, default=str) + "\n"
    folder = runs / run.id
    if folder.exists():
        if (folder / _RUN).read_text(encoding="utf-8") == text:
            return folder
        raise FileExistsError(f"Run {run.id} exists in {runs} with other inputs or parameters; a run is never changed.")
    draft = runs / f".{run.id}.{os.getpid()}.draft"
    shutil.rmtree(draft, ignore_errors=True)
    draft.mkdir(parents=True)
    for name, content in {**artefacts, _RUN: text.encode("utf-8")}.items():
        target = draft / name
        target.parent.mkdir(parents=True, exist_ok=True)
        if isinstance(content, Path):
            shutil.copyfile(content, target)
        else:
            target.write_bytes(content)
        with target.open("rb") as file:
            os.fsync(file.fileno())
        target.chmod(0o444)
    draft.rename(folder)
    sync_folder(runs)
    return folder
