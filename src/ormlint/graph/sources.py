"""What the graph is built from: files by path, read on demand, and the Alembic environments."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence

from msgspec import Struct

from ormlint.facts.code import FileFacts
from ormlint.facts.comments import Comment
from ormlint.facts.words import Words
from ormlint.graph.judged import AskAhead
from ormlint.graph.memo import Memo
from ormlint.graph.model import Options
from ormlint.graph.reach import Calls, Imports


class EnvironmentSource(Struct, frozen=True):
    """An Alembic environment: its folder, `env.py`, and the files that Alembic loads as migrations."""

    path: str
    env_py: str | None
    revision_files: tuple[str, ...]
    dialect: str | None = None
    options: Mapping[str, str] = {}
    configured: bool = True
    """Whether an `alembic.ini` or `pyproject.toml` is there to run `env.py` by the `alembic` command."""
    continued_in: tuple[str, ...] = ()
    """Files that go on where the migrations end, and that a program may have Alembic load, too."""

    @property
    def replay(self) -> str:
        """The unit that keeps what its replay gives."""
        return f"replay of {self.path}"

    @property
    def transcripts(self) -> str:
        """The unit that keeps what its migrations come to one by one, beside its replay."""
        return f"transcripts beside the {self.replay}"


class Sources(Struct, frozen=True):
    """Paths are from the project's root, with forward slashes."""

    declaring: tuple[str, ...]
    """Files that may declare a model, a table or a schema; migrations are not among them."""
    environments: tuple[EnvironmentSource, ...]
    load: Callable[[str], FileFacts | None]
    """Facts of a file, `None` where it is not there."""
    load_whole: Callable[[str], FileFacts | None]
    """The same with the bodies of all functions."""
    read: Callable[[str], bytes | None]
    """The bytes of a file."""
    find: Callable[[str, str], str | None]
    """(dotted module name, importing path) → the module's file."""
    module_name: Callable[[str], str]
    installed: Callable[[str, str], str | None] = lambda module, importer: None
    """(dotted module name, importing path) → the file of an installed package."""
    words: Callable[[str], Words] = lambda path: Words()
    """The words of a file."""
    imports: Callable[[str], Imports] = lambda path: Imports()
    """What a file's bytes say of what importing it imports."""
    calls: Callable[[str], Calls] = lambda path: {}
    """What its functions and classes call."""
    pydantic: Callable[[str], int | None] = lambda path: None
    """The major version of Pydantic that the dependencies settle for a file."""
    derives_anew: Callable[[str, str], bool | None] = lambda package, path: None
    """Whether SQLModel 0.0.44 or SQLAlchemy 2.1 is there for a file, where the dependencies settle it."""
    dialect: str | None = None
    paths: tuple[str, ...] = ()
    """Every Python file of the project but for migrations and tests."""
    speaking: tuple[str, ...] = ()
    """Those of the paths whose functions may show which schema mirrors which model."""
    telling: tuple[str, ...] = ()
    """Files other than migrations with comments that may be meant for ormlint."""
    options: Options = Options()
    read_ahead: Callable[[Sequence[str]], None] = lambda paths: None
    """Told which files `load` will be asked for."""
    comments: Callable[[str], Sequence[Comment]] = lambda path: ()
    """Those of a file that may be meant for ormlint."""
    ask_ahead: AskAhead = lambda asked, questions: None
    """Has another process ask a library."""
    memo: Memo | None = None
    """What the last run worked out."""
