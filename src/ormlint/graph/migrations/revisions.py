"""Migration files → revisions: `revision`, `down_revision`, `depends_on`, `branch_labels`."""

from __future__ import annotations

import posixpath

from ormlint.findings import Place
from ormlint.graph.machine import Machine
from ormlint.graph.machine.values import EnumMember, ModuleValue, Value
from ormlint.graph.migrations.files import file_name
from ormlint.graph.model import Revision


def revision_at(machine: Machine, path: str) -> tuple[Revision, ModuleValue]:
    """The revision of a migration file, and its module, whose body is run."""
    module = machine.modules.at(path)
    module.namespace["__file__"] = file_name(path)
    machine.execute(module)
    return revision_of(module), module


def revision_of(module: ModuleValue) -> Revision:
    """The revision of a migration file whose body was run."""
    stem = posixpath.basename(module.path).removesuffix(".py")
    key = _text(module.namespace.get("revision"))
    down = _texts(module.namespace.get("down_revision"))
    depends_on = _texts(module.namespace.get("depends_on"))
    return Revision(
        id=key or stem,
        path=module.path,
        place=module.places.get("revision", Place(module.path, 1)),
        down=down or (),
        depends_on=depends_on or (),
        labels=_texts(module.namespace.get("branch_labels")) or (),
        place_of_down=module.places.get("down_revision"),
        known=key is not None and down is not None and depends_on is not None,
    )


def _text(value: Value) -> str | None:
    if isinstance(value, EnumMember):
        value = value.value
    return value if isinstance(value, str) and value else None


def _texts(value: Value) -> tuple[str, ...] | None:
    """The ids, none for `None`; `None` where they are not settled."""
    if value is None:
        return ()
    if isinstance(value, (list, tuple, set, frozenset)):
        texts = [
            _text(each)
            for each in (sorted(value, key=repr) if isinstance(value, (set, frozenset)) else value)
        ]
        return tuple(text for text in texts if text is not None) if None not in texts else None
    text = _text(value)
    return (text,) if text is not None else None
