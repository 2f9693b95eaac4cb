"""The words of a file, told from its bytes, without reading its syntax."""

from __future__ import annotations

import re
from bisect import bisect
from collections import Counter
from collections.abc import Iterable, Iterator
from string import ascii_uppercase

from ormlint.facts.words import CLASS, Words, is_class_like

_CAPITALS = bytes(ord("A") if chr(each) in ascii_uppercase else each for each in range(256))
"""Makes one letter of all: a search that starts with one letter takes a tenth of the time of any other."""
_CAPITALISED = re.compile(rb"A(?<!\w.)\w+", re.DOTALL)
_CALLED = re.compile(rb"\((?:tcurtsnoc_ledom\.)?(\w+(?: ssalc)?)")
_KEYWORD = re.compile(rb"=(?<=[^=]=)(\w+)")
"""These two read from the end of a text to its start: a word then comes after the sign that tells of it."""
_GIVEN_DICT = re.compile(rb"\.(?:model_validate|parse_obj)\(\s*\{")
"""A dict as written says what each field gets, as a call does."""
_LAST = re.compile(rb"\w+\Z")
_LONGEST = 200
"""Characters of a name that are looked at."""
_READ = re.compile(rb"\.(\w+(?:\s*=(?=[^=]))?)")
"""With an equals sign at its end where it is assigned."""
_SET = re.compile(rb"setattr\([^,()]+,\s*\"(\w+)(?=\")")
_TEXT = re.compile(rb"\"(\w+)(?=\")")
_ALIAS = re.compile(rb"alias=\"(\w+)(?=\")")
_DEF = re.compile(rb"def[ \t]+(?<=[ \t]def.)(\w+)")
_FUNCTION = re.compile(rb"def[ \t\\\r\n]+(\w+)")
_RETURNS = re.compile(rb"->(?=[^A-Z:>]*[A-Z])((?:[^:>-]|-(?!>))*)")
_ON_ONE_LINE = re.compile(rb"->([^\n]*?):[ \t]*(?:#[^\n]*)?$", re.MULTILINE)

_IMPORTS = re.compile(rb"import\b(?:[ \t]*\((?:[^()#]|#[^\n]*)*\)|(?:\\\r?\n|[^\n])*)")
_IMPORTED = re.compile(rb"\w+|\*")
_VIEW = re.compile(rb"view\s+(?:if\s+not\s+exists\s+)?(?:[\"`\[]?\w+[\"`\]]?\.)?[\"`\[]?([a-z_]\w*)")
_CREATE = re.compile(rb"\bcreate\s+(?:\w+\s+){0,9}?\Z")
"""What stands before it; SQL is in any case."""
_MAKER = re.compile(rb"cls\(")
_BEGUN = re.compile(rb"\n[^\s#)]")
"""The line end before a statement of the module."""
_DECLARED = re.compile(rb"class[ \t]+(\w+)")


def words_in(data: bytes) -> Words:
    """The words of a file."""
    quoted, back = data.replace(b"'", b'"'), data[::-1]
    capitalised = _CAPITALISED.finditer(data.translate(_CAPITALS))
    called, keywords = (_forwards(form.findall(back)) for form in (_CALLED, _KEYWORD))
    read = dict.fromkeys(_READ.findall(data))
    assigned = [_named(each) for each in read if each[-1:] == b"="]
    set_by_name = _SET.findall(quoted) if _has(called, b"setattr") else []
    texts = _TEXT.findall(quoted)
    aliases = _ALIAS.findall(quoted) if _has(keywords, b"alias") else []
    methods, returns, giving = _methods(data)
    imports = b"\n".join(_IMPORTS.findall(data))
    return Words(
        classes=_joined([data[match.start() : match.end()] for match in capitalised]),
        called=_joined(
            [
                *(word for word in called.split(b"\n") if word[:1].isupper() and len(word) > 1),
                *_given_dicts(data),
            ]
        ),
        read=_joined(map(_named, read)) if assigned else b" ".join(read).decode(),
        assigned=_joined([*assigned, *set_by_name]),
        keywords=_joined(keywords.split(b"\n")),
        texts=_joined(_besides(texts, aliases) if aliases else texts),
        aliases=_joined(aliases),
        methods=b" ".join(methods).decode(),
        returns=b" ".join(returns).decode(),
        giving=_joined(giving),
        imported=b" ".join(_IMPORTED.findall(imports)).decode(),
        declared=_joined(_declared(data)),
        makers=_makers(data) if _has(called, b"cls") else [],
        views=_joined(_views(data)),
    )


def _joined(words: Iterable[bytes]) -> str:
    return b" ".join(dict.fromkeys(words)).decode()


def _forwards(found: list[bytes]) -> bytes:
    """What was found from the end of a text on and is written backwards, in order, a line for each."""
    return b"\n".join(found)[::-1]


def _given_dicts(data: bytes) -> Iterator[bytes]:
    """The classes that are given a dict as written to be made from."""
    for match in _GIVEN_DICT.finditer(data):
        named = _LAST.search(data, max(0, match.start() - _LONGEST), match.start())
        if named is not None and is_class_like(named[0].decode()):
            yield named[0]


def _views(data: bytes) -> Iterator[bytes]:
    lower = data.lower()
    for match in _VIEW.finditer(lower):
        start = match.start()
        if _CREATE.search(lower, max(0, start - _LONGEST), start) is not None:
            yield data[match.start(1) : match.end(1)]


def _has(lines: bytes, end: bytes) -> bool:
    """Whether one of the lines has an end."""
    return b"%b\n" % end in b"%b\n" % lines


def _named(read: bytes) -> bytes:
    return read[:-1].rstrip() if read[-1:] == b"=" else read


def _besides(words: list[bytes], others: list[bytes]) -> Iterator[bytes]:
    """The words that stand more often than among the others."""
    counts = Counter(others)
    return (word for word in dict.fromkeys(words) if word not in counts or words.count(word) > counts[word])


def _methods(data: bytes) -> tuple[list[bytes], list[bytes], list[bytes]]:
    """The methods, and what is said to be returned after each, and by each function."""
    names: list[bytes] = []
    places: list[int] = []
    for match in _DEF.finditer(data):
        start = match.start()
        line = data.rfind(b"\n", 0, start) + 1
        before = data[line:start].strip(b" \t")
        if not before or (before == b"async" and data[line] in b" \t"):
            names.append(match[1])
            places.append(start)
    returns: list[bytes] = []
    giving: list[bytes] = []
    for match in _RETURNS.finditer(data):
        start, classes = match.start(), b",".join(dict.fromkeys(CLASS.findall(match[1])))
        function = _FUNCTION.match(data, data.rfind(b"def ", 0, start)) if classes else None
        if function is not None and (_has_parts(function[1]) or _is_outside(data, function.start())):
            giving.append(b"%b:%b" % (function[1], classes))
        last = bisect(places, start) - 1
        if last >= 0 and _has_parts(names[last]) and (said := _ON_ONE_LINE.match(data, start)):
            if said.end(1) > match.end():  # a colon stands inside
                classes = b",".join(dict.fromkeys(CLASS.findall(said[1])))
            if classes:
                returns.append(b"%b:%b" % (names[last], classes))
    return list(filter(_has_parts, names)), returns, giving


def _declared(data: bytes) -> Iterator[bytes]:
    for match in _DECLARED.finditer(data):
        start = match.start()
        if not data[data.rfind(b"\n", 0, start) + 1 : start].strip():
            yield match[1]


def _is_outside(data: bytes, start: int) -> bool:
    """Whether a function stands in no class."""
    return data[data.rfind(b"\n", 0, start) + 1] not in b" \t"


def _has_parts(name: bytes) -> bool:
    return b"_" in name.strip(b"_")


def _makers(data: bytes) -> list[tuple[int, int]]:
    data = b"\n" + data.replace(b"\r\n", b"\n").replace(b"\r", b"\n")
    begun = [0, *(match.start() for match in _BEGUN.finditer(data))]
    found: dict[int, int] = {}
    at = number = 0
    for match in _MAKER.finditer(data):
        number, at = number + data.count(b"\n", at, match.start()), match.start()
        start = begun[bisect(begun, at) - 1]
        found[start] = number
    return [(data.count(b"\n", 0, start + 1), last) for start, last in found.items()]
