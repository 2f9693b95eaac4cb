"""What the bytes of files say, each content looked at once, whatever the file is called."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING, Generic, Protocol, TypeVar

import msgspec

from ormlint.cache import state
from ormlint.facts.code import Problem
from ormlint.worktree import is_content

if TYPE_CHECKING:
    from ormlint.ahead import Ahead
    from ormlint.helpers import Kind
    from ormlint.shelf import Shelf

T = TypeVar("T")
D = TypeVar("D")


class Contents:
    """The bytes of a project's files; `ids` are digests of those that were listed.

    Files without one that were looked for are noted in `besides`.
    """

    def __init__(self, root: Path, ids: Mapping[str, str], besides: dict[str, str]) -> None:
        self._root, self.ids, self._besides = root, ids, besides
        self.unreadable: dict[str, Problem] = {}
        self.altered: set[str] = set()
        """Files that somebody changed after they were listed."""
        self.has_new = False
        """Whether something was looked at that the cache does not know."""

    def id_of(self, path: str) -> str:
        """The digest of a file, nothing where none is known."""
        return self.ids.get(path, "")

    def read(self, path: str) -> bytes | None:
        """The content of a file, `None` where it cannot be read."""
        self.note(path)
        try:
            return (self._root / path).read_bytes()
        except OSError as error:
            reason = f"the file cannot be read ({error.strerror})"
            self.unreadable[path] = Problem(1, 0, reason, "Make it readable, or exclude it.")
            return None

    def note(self, path: str) -> None:
        """Note a file that is looked for although no listing has it; a stub is of ormlint's own."""
        if self.ids and path not in self.ids and not Path(path).is_absolute():
            absolute = str(self._root / path)
            self._besides[absolute] = state(absolute)

    def is_listed(self, path: str, data: bytes) -> bool:
        """Whether what was read of a file is what its digest is of."""
        return is_content(data, self.id_of(path))

    def read_as_listed(self, path: str) -> bytes | None:
        """The same, where something that its digest is to stand for is made of it."""
        data = self.read(path)
        if path in self.ids and (data is None or not self.is_listed(path, data)):
            self.altered.add(path)
        return data

    def may_keep(self, path: str, *, as_listed: bool) -> bool:
        """Whether something new may be kept under a file's digest: not where somebody changed it."""
        self.has_new = True
        if path in self.ids and not as_listed:
            self.altered.add(path)
        return as_listed and bool(self.id_of(path))


class _Unknown:
    """Stands for what is not known."""


_UNKNOWN = _Unknown()


class Known(Protocol[T]):
    """What is known of contents, by their digests."""

    def __contains__(self, content: object, /) -> bool: ...

    def get(self, content: str, default: D, /) -> T | D: ...

    def __setitem__(self, content: str, found: T, /) -> None: ...


class Shelved(Generic[T]):
    """What is known of contents, on a shelf, decoded when it is asked for; `kind` says what it is."""

    def __init__(self, shelf: Shelf, kind: str, of: type[T]) -> None:
        self._shelf, self._kind = shelf, kind
        self._decode = msgspec.msgpack.Decoder(of).decode

    def __contains__(self, content: object) -> bool:
        return f"{content} {self._kind}" in self._shelf

    def get(self, content: str, default: D) -> T | D:
        data = self._shelf.get(f"{content} {self._kind}")
        if data is not None:
            with suppress(msgspec.MsgspecError):
                return self._decode(data)
        return default

    def __setitem__(self, content: str, found: T) -> None:
        self._shelf.put(f"{content} {self._kind}", _encode(found))


_encode = msgspec.msgpack.Encoder().encode


class Sayings(Generic[T]):
    """What `make` makes of the bytes of files; `known` has it by their digests, that of earlier runs too."""

    def __init__(self, contents: Contents, make: Callable[[bytes], T], known: Known[T]) -> None:
        self._contents, self._make, self._known = contents, make, known
        self._found: dict[str, T] = {}

    def of(self, path: str) -> T:
        """What a file says; one that cannot be read says what an empty one does."""
        if path not in self._found:
            self._found[path] = self._looked_at(path)
        return self._found[path]

    def before(self, content: str) -> T | None:
        """What an earlier run made of a content, by its digest."""
        return self._known.get(content, None)

    def is_known(self, path: str) -> bool:
        """Whether nobody need look at a file."""
        return path in self._found or self._contents.id_of(path) in self._known

    def _looked_at(self, path: str) -> T:
        key = self._contents.id_of(path)
        known = self._known.get(key, _UNKNOWN)
        if not isinstance(known, _Unknown):
            return known
        found, as_listed = self._made(path)
        if self._contents.may_keep(path, as_listed=as_listed):
            self._known[key] = found
        return found

    def _made(self, path: str) -> tuple[T, bool]:
        """What is made of a file, and whether it is as it was listed."""
        data = self._contents.read(path)
        return self._make(data or b""), data is not None and self._contents.is_listed(path, data)


class SayingsAhead(Sayings[T]):
    """The same, which other processes may make before they are asked for."""

    def __init__(
        self,
        contents: Contents,
        make: Callable[[bytes], T],
        known: Known[T],
        ahead: Ahead,
        kind: Kind,
        decode: Callable[[bytes], T],
    ) -> None:
        super().__init__(contents, make, known)
        self._ahead, self._kind, self._decode = ahead, kind, decode

    def look_ahead(self, paths: Iterable[str]) -> None:
        """Have files looked at, in other processes when that pays, before it is asked what they say."""
        self._ahead.ask(self._kind, [path for path in paths if not self.is_known(path)])

    def _made(self, path: str) -> tuple[T, bool]:
        said = self._ahead.said(self._kind, path)
        return super()._made(path) if said is None else (self._decode(said.content), said.as_listed)
