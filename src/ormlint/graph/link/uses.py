"""Whether the sources build a schema by hand or set a name on objects: told from the text of every file.

The text says more than the calls that can be followed: a name that stands nowhere is set nowhere.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from ormlint.findings import Place
from ormlint.graph.ages import Ages, unshown
from ormlint.graph.concerned import of_tests
from ormlint.graph.conversions import certainly_fails, refuses_null
from ormlint.graph.mirror import Mirror, lacking, mirrors
from ormlint.graph.model import Field, Graph, Schema
from ormlint.graph.sources import Sources

_NEAR = 1000
"""Characters within which a condition is taken to guard an assignment of what it asks for."""


def note_uses(graph: Graph, sources: Sources) -> None:
    """Look for the fields of schemas that their models do not have."""
    linked = list(mirrors(graph))
    doubtful = [mirror for mirror in linked if mirror.reads and _is_doubtful(mirror)]
    taken = [mirror for mirror in linked if mirror.schema.made and mirror.writes and any(_unread(mirror))]
    short = [(mirror, names) for mirror in linked if (names := [name for name, _ in lacking(mirror)])]
    hidden = [mirror for mirror in linked if mirror.writes and mirror.hidden]
    vain = [mirror for mirror in linked if mirror.schema.unread or any(m.names for m in mirror.schema.built)]
    late = list(unshown(graph, Ages(graph)))
    if not (doubtful or taken or short or hidden or vain or late):
        return
    texts = {
        path: data
        for path in sources.paths
        if not of_tests(path) and (data := sources.read(path)) is not None
    }
    for attribute, _, family in late:
        mapped = family[0].model.columns[attribute]
        elsewhere = (text for path, text in texts.items() if path != mapped.place.path)
        mapped.touched = any(_names(attribute, text) for text in elsewhere)
    for mirror in taken:
        _note_input(mirror, texts)
    for mirror in vain:
        mirror.schema.unfilled = frozenset(_unfilled(mirror, graph, texts))
    for mirror, names in short:
        mirror.schema.completed = frozenset(name for name in names if _assigned(name, texts))
    for mirror in hidden:
        kept = mirror.hidden.values()
        mirror.schema.never_set = frozenset(name for name in kept if not _mentioned(name, texts))
    found: dict[str, bool] = {}
    for mirror in doubtful:
        schema = mirror.schema
        body = _body(texts.get(schema.place.path, b""), schema.place.line)
        schema.built_by_code = b"cls(" in body or _built(schema.name, texts)
        for field in _unread(mirror):
            for name in field.read_as or (field.name,):
                if name not in found:
                    found[name] = _set(name, texts)
            field.set_by_code = any(found[name] for name in field.read_as or (field.name,))


def _note_input(mirror: Mirror, texts: dict[str, bytes]) -> None:
    """Whether an input schema goes anywhere else than into rows, and whether its extra fields are read."""
    schema = mirror.schema
    name = schema.name.encode()
    naming = [text for text in texts.values() if name in text]
    annotation = re.compile(rb"[:\[(|] *" + name + rb"\b")
    imports = rb"^(?:from|import)\b.*\b%b\b|^[ \t]+%b,?$|^class %b\b".replace(b"%b", name)
    binding, word = re.compile(imports, re.MULTILINE), re.compile(rb"\b" + name + rb"\b")
    annotated = sum(len(annotation.findall(text)) for text in naming)
    used = sum(len(word.findall(text)) - len(binding.findall(text)) for text in naming)
    schema.named_elsewhere = used > annotated or annotated > max(len(schema.made), len(_places(schema)))
    for field in _unread(mirror):
        field.set_by_code = any(_names(field.name, text) for text in texts.values())


def _names(name: str, text: bytes) -> bool:
    """Whether a text has an attribute, a keyword or a key of that name."""
    word = re.escape(name.encode())
    use = rb"\." + word + rb"\b|\b" + word + rb"=[^=]|[\"']" + word + rb"[\"']"
    return name.encode() in text and re.search(use, text) is not None


def _places(schema: Schema) -> set[Place]:
    """The functions that read the schema only where a row had what its model does not have."""
    return {making.place for making in schema.unread}


def _unfilled(mirror: Mirror, graph: Graph, texts: dict[str, bytes]) -> Iterator[str]:
    """The fields that every place which builds the schema, or reads it, asks a row for in vain."""
    schema, word = mirror.schema, mirror.schema.name.encode()
    naming = [text for text in texts.values() if word in text]
    if schema.built:
        calls = sum(len(_construction(schema.name).findall(text)) for text in naming)
        names = frozenset.intersection(*(making.names for making in schema.built))
        settled = calls == len(schema.built)
    else:
        _note_input(mirror, texts)
        names = frozenset().union(*(making.names for making in schema.unread))
        settled = schema.named_elsewhere is False
    for name in names if settled else ():
        other = any(name in model.columns for model in graph.models.values())
        about = mirror.model.name.encode()
        if not any(_set_beyond_doubt(name, text) for text in texts.values() if not other or about in text):
            yield name


def _set_beyond_doubt(name: str, text: bytes) -> bool:
    """Whether a name is assigned on an object that was not asked for it first."""
    if name.encode() not in text:
        return False
    word = re.escape(name.encode())
    for match in re.finditer(rb"\b(\w+)\." + word + rb"\s*=[^=]", text):
        asked = re.compile(rb"hasattr\(\s*" + match[1] + rb",\s*[\"']" + word + rb"[\"']")
        if asked.search(text, max(0, match.start() - _NEAR), match.start()) is None:
            return True
    return re.search(rb"setattr\([^,()]+,\s*[\"']" + word + rb"[\"']", text) is not None


def _is_doubtful(mirror: Mirror) -> bool:
    """Whether it matters to a rule that rows reach the schema: some field does not fit its column."""
    for field in mirror.schema.fields.values():
        attribute = mirror.attribute_of(field)
        column = mirror.column(attribute) if attribute is not None else None
        if attribute is None:
            return True
        if column is not None and (
            refuses_null(field, column) or certainly_fails(mirror.schema, field, column)
        ):
            return True
    return False


def _unread(mirror: Mirror) -> Iterator[Field]:
    """The fields for which a row has nothing."""
    return (field for field in mirror.schema.fields.values() if mirror.attribute_of(field) is None)


def _body(text: bytes, line: int) -> bytes:
    """The lines of a class statement that starts at a line."""
    lines = text.splitlines()[line:]
    end = next((i for i, each in enumerate(lines) if each[:1].strip() not in (b"", b"#", b")")), len(lines))
    return b"\n".join(lines[:end])


def _built(name: str, texts: dict[str, bytes]) -> bool:
    """Whether the class is called somewhere."""
    word, call = name.encode(), _construction(name)
    return any(word in text and call.search(text) is not None for text in texts.values())


def _construction(name: str) -> re.Pattern[bytes]:
    """Calls of the class."""
    return re.compile(rb"(?<!class )\b" + re.escape(name.encode()) + rb"(?:\.model_construct)?\(")


def _assigned(name: str, texts: dict[str, bytes]) -> bool:
    """Whether a name is assigned on an object somewhere: by an event listener, or in a later step."""
    word, exactly = name.encode(), re.escape(name.encode())
    use = re.compile(rb"\." + exactly + rb"\s*=[^=]|setattr\([^,()]+,\s*[\"']" + exactly + rb"[\"']")
    return any(word in text and use.search(text) is not None for text in texts.values())


def _mentioned(name: str, texts: dict[str, bytes]) -> bool:
    """Whether a name is assigned, given by keyword, or written as a text, be it an alias."""
    word = name.encode()
    use = re.compile(rb"\." + word + rb"\s*=[^=]|\b" + word + rb"=[^=]|[\"']" + word + rb"[\"']")
    return any(word in text and use.search(text) is not None for text in texts.values())


def _set(name: str, texts: dict[str, bytes]) -> bool:
    """Whether a name is assigned on an object, given by keyword, or written as a text."""
    word, exactly = name.encode(), re.escape(name.encode())
    use = re.compile(
        rb"\." + exactly + rb"\s*=[^=]|\b" + exactly + rb"=[^=]|(?<!alias=)[\"']" + exactly + rb"[\"']"
    )
    return any(word in text and use.search(text) is not None for text in texts.values())
