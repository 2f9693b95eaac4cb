"""Writes `# ormlint: ignore[...]` comments where findings are."""

from __future__ import annotations

import ast
import re
import warnings
from bisect import bisect_right
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path

from msgspec import Struct

from ormlint.atomic import replace_file
from ormlint.decoding import decode, encoding_of
from ormlint.extract.comments import comments
from ormlint.facts.code import Problem
from ormlint.findings import Finding
from ormlint.lines import TOKEN, TooDeep, logical_lines
from ormlint.select.comments import ON_COMMENTS
from ormlint.settings import UsageError

_BREAK = re.compile(r"\r\n|\r|\n")
_CODES = re.compile(r"(#\s*ormlint:\s*ignore\s*\[)([^\]#]*)")


class Annotated(Struct, frozen=True):
    """How many findings are silenced in how many files, and why others are not, in words."""

    findings: int
    files: int
    refused: tuple[str, ...]


def annotate(root: Path, findings: Iterable[Finding], reason: str = "") -> Annotated:
    """Add a comment for each finding; a file is written whole, and only where its code stays what it was."""
    if _BREAK.search(reason) or "#" in reason:
        raise UsageError("--add-ignore: a reason is one line without `#`")
    by_file: dict[str, dict[int, list[str]]] = defaultdict(lambda: defaultdict(list))
    refused, added, files = [], 0, 0
    for finding in findings:
        if finding.code in ON_COMMENTS:
            refused.append(
                f"{finding.place.path}:{finding.place.line}: {finding.code} is about a comment itself"
            )
        elif finding.code not in by_file[finding.place.path][finding.place.line]:
            by_file[finding.place.path][finding.place.line].append(finding.code)
    for path, lines in by_file.items():
        if not lines:
            continue
        why = _annotate_file(root / path, lines, reason)
        if why:
            refused.append(f"{path}: {why}")
        else:
            files, added = files + 1, added + sum(len(codes) for codes in lines.values())
    return Annotated(added, files, tuple(refused))


def _annotate_file(file: Path, lines: Mapping[int, list[str]], reason: str) -> str:
    """Why the file stays as it is; nothing where it was written."""
    if file.suffix not in (".py", ".pyi"):
        return "is no Python file, and takes no comments"
    data = file.read_bytes()
    text = decode(data)
    if isinstance(text, Problem):
        return text.reason
    before = _meaning(text)
    if before is None:
        return "cannot be parsed, and stays as it is"
    new = with_comments(text, lines, reason)
    try:
        encoded = new.encode(encoding_of(data))
    except UnicodeEncodeError:
        return f"its encoding has not all letters of {reason!r}"
    if _meaning(new) != before or not _covers(new, lines):
        return "has no place for a comment there"
    replace_file(file, (data[:3] if data.startswith(b"\xef\xbb\xbf") else b"") + encoded)
    return ""


def with_comments(text: str, lines: Mapping[int, list[str]], reason: str = "") -> str:
    """The text with comments that silence these rules on these lines."""
    pieces = [*_physical(text)]
    closed = _ends_in_code(text, len(pieces))
    starts = [line.line for line in logical_lines(text)]
    said = f" {reason.strip()}" if reason.strip() else ""
    for number in sorted(lines, reverse=True):
        codes = lines[number]
        body, end = pieces[number - 1]
        merged = _with_codes(body, codes)
        if number in closed and merged != body and _is_comment(text, number):
            pieces[number - 1] = (merged, end)
        elif number in closed:
            comment = f"# ormlint: ignore[{', '.join(codes)}]{said}"
            pieces[number - 1] = (f"{body.rstrip()}  {comment}", end)
        else:
            index = bisect_right(starts, number) - 1
            first = starts[max(index, 0)] - 1
            indent = re.match(r"[ \t\f]*", pieces[first][0])
            comment = f"{indent[0] if indent else ''}# ormlint: ignore[{', '.join(codes)}]{said}"
            pieces.insert(first, (comment, end or "\n"))
    return "".join(body + end for body, end in pieces)


def _physical(text: str) -> Iterator[tuple[str, str]]:
    at = 0
    for match in _BREAK.finditer(text):
        yield text[at : match.start()], match[0]
        at = match.end()
    yield text[at:], ""


def _ends_in_code(text: str, count: int) -> set[int]:
    """The lines at whose end a comment may stand: neither within a string nor before a backslash."""
    found, line = set(range(1, count + 1)), 1
    for match in TOKEN.finditer(text):
        breaks = len(_BREAK.findall(match[0]))
        if match.lastgroup in ("string", "joined"):
            found -= set(range(line, line + breaks))
        line += breaks
    return found


def _is_comment(text: str, number: int) -> bool:
    return any(each.line == number and each.kind == "ignore" for each in comments(text))


def _with_codes(line: str, codes: list[str]) -> str:
    """The line with more codes in the brackets of its comment."""
    found = _CODES.search(line)
    if found is None:
        return line
    known = [word for word in re.split(r"[,\s]+", found[2]) if word]
    return line[: found.start(2)] + ", ".join(dict.fromkeys([*known, *codes])) + line[found.end(2) :]


def _covers(text: str, lines: Mapping[int, list[str]]) -> bool:
    """Whether there is a comment for each rule."""
    written = {word for each in comments(text) if each.kind == "ignore" for word in each.words}
    return all(code in written for codes in lines.values() for code in codes)


def _meaning(text: str) -> str | None:
    try:
        logical_lines(text)
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            return ast.dump(ast.parse(text))
    except (SyntaxError, ValueError, RecursionError, MemoryError, TooDeep):
        return None
