"""The source of packages that the project is installed with, where its environment is at hand.

An environment is a folder `.venv` or `venv` beside the project's configuration, what the setting
`python-path` names, or the active one (`VIRTUAL_ENV`). The one that ormlint itself runs in counts only where
it lies in one of those places or is named: a hook's environment has nothing to do with the project.
"""

from __future__ import annotations

import os
import sys
from collections.abc import Iterator, Sequence
from functools import cached_property
from pathlib import Path

from ormlint.cache import state

_NAMES = (".venv", "venv")
LARGEST = 300_000
"""Bytes of a file that is still read: declarations are not that long, generated code is."""


class Installed:
    """The packages beside a project. The state of every file that was looked for is noted in `besides`."""

    def __init__(
        self,
        root: Path,
        folders: Sequence[str],
        stated: Sequence[str] = (),
        besides: dict[str, str] | None = None,
    ) -> None:
        self._root = root
        self.folders = sorted({"", *folders}, key=lambda folder: (-folder.count("/"), folder))
        self._stated = stated
        self._found: dict[tuple[str, str], str | None] = {}
        self._there: dict[str, bool] = {}
        self.besides = {} if besides is None else besides

    def find(self, module: str, importer: str) -> str | None:
        """The absolute path of a module's file, as a file of the project or of a package imports it."""
        top = module.partition(".")[0]
        for site in self._sites(importer):
            # A folder without `__init__.py` is a package too, whose modules no other folder has.
            if self._in(site, top) is not None or os.path.isdir(f"{site}/{top}"):
                return self._in(site, module)
        return None

    def has(self, package: str) -> bool:
        """Whether a package is there, for whichever file."""
        if package not in self._there:
            self._there[package] = any(
                self._in(site, package) is not None or os.path.isdir(f"{site}/{package}")
                for _, site in self._all
            )
        return self._there[package]

    def _in(self, site: str, module: str) -> str | None:
        key = (site, module)
        if key not in self._found:
            path = f"{site}/{module.replace('.', '/')}"
            files = (f"{path}/__init__.py", f"{path}.py")
            self._found[key] = next((file for file in files if self._is_there(file)), None)
        return self._found[key]

    def _is_there(self, path: str) -> bool:
        self.besides[path] = state(path)
        return os.path.isfile(path) and os.path.getsize(path) <= LARGEST

    def _sites(self, importer: str) -> Iterator[str]:
        """The folders of packages that a file's imports may lead to, in the order in which they count."""
        if os.path.isabs(importer):
            yield from (site for _, site in self._all if importer.startswith(f"{site}/"))
            return
        for folder, site in self._all:
            if not folder or importer.startswith(f"{folder}/"):
                yield site

    @cached_property
    def _all(self) -> list[tuple[str | None, str]]:
        """Every folder of packages, with the folder of the project that it lies in where it does."""
        found: list[tuple[str | None, str]] = []
        for path in self._stated:
            place = os.path.normpath(self._root / path)
            found += [(None, site) for site in self._of_environment(place) or [place]]
        for folder in self.folders:
            for name in _NAMES:
                inside = None if folder.startswith("..") else folder
                found += [(inside, site) for site in self._of_environment(str(self._root / folder / name))]
        active = os.environ.get("VIRTUAL_ENV")
        if active and os.path.realpath(active) != os.path.realpath(sys.prefix):
            found += [(None, site) for site in self._of_environment(active)]
        return found

    def _of_environment(self, place: str) -> list[str]:
        """The folders of packages of a virtual environment; none where it is none."""
        config = f"{place}/pyvenv.cfg"
        self.besides[config] = state(config)
        if not os.path.isfile(config):
            return []
        sites = [f"{place}/Lib/site-packages"]
        for library in (f"{place}/lib", f"{place}/lib64"):
            if os.path.isdir(library) and not os.path.islink(library):
                sites += [f"{library}/{name}/site-packages" for name in sorted(os.listdir(library))]
        return [site for site in sites if os.path.isdir(site)]
