"""What the run-time libraries themselves see in one example project, as JSON on standard output.

    python observe.py PROJECT SCRATCH_FOLDER

The project is imported and migrated for real, so this runs in a process of its own. Each observation is
`[code, path, subject]`, in the words of the table in `examples/README.md`.
"""

import importlib
import json
import os
import pkgutil
import sys
from pathlib import Path
from types import ModuleType

from observed import history, metadata, schemas


def main(project: Path, scratch: Path) -> None:
    os.chdir(project)
    sys.path.insert(0, str(project))

    migrated = history.upgrade_step_by_step(scratch / "empty.db")
    reached = history.differences_as_env_sees_them(scratch / "empty.db")
    models = import_all("app.models")
    observations = [
        *history.drift(scratch / "filled.db"),
        *metadata.drift(models, migrated, reached),
        *schemas.drift(import_all("app.schemas")),
    ]
    found = sorted([code, where(project, path), subject] for code, path, subject in observations)
    json.dump(found, sys.stdout)


def import_all(package: str) -> list[ModuleType]:
    """Import every module of a package, whether or not the project itself does."""
    folder = importlib.import_module(package).__path__
    return [importlib.import_module(f"{package}.{module.name}") for module in pkgutil.iter_modules(folder)]


def where(project: Path, path: str) -> str:
    return Path(path).resolve().relative_to(project).as_posix()


if __name__ == "__main__":
    main(Path(sys.argv[1]).resolve(), Path(sys.argv[2]))
