"""Bytes of a source file → its text, or the problem that keeps it from being read."""

from __future__ import annotations

import codecs
import re

from ormlint.facts.code import Problem

MEND = "Mend the file, or exclude it; nothing in it was analysed."
MAX_SIZE = 10_000_000
"""Bytes. What a parser makes of a file takes a hundred times its size."""
_CODING = re.compile(rb"^[ \t\f]*#.*?coding[:=][ \t]*([-\w.]+)")


def decode(data: bytes) -> str | Problem:
    """Decode as Python does: a byte order mark, else a PEP 263 comment, else UTF-8."""
    if len(data) > MAX_SIZE:
        return Problem(1, 1, f"the file has more than {MAX_SIZE // 1_000_000} megabytes", "Exclude the file.")
    encoding = encoding_of(data)
    if data.startswith(codecs.BOM_UTF8):
        data = data[3:]
    try:
        text = data.decode(encoding)
    except LookupError:
        return Problem(1, 1, f"unknown encoding {encoding!r}", "Name an encoding that Python knows.")
    except UnicodeDecodeError as error:
        line_number = data.count(b"\n", 0, error.start) + 1
        column = error.start - (data.rfind(b"\n", 0, error.start) + 1) + 1
        return Problem(
            line_number,
            column,
            f"byte 0x{data[error.start]:02x} is not {encoding}",
            "Save the file as UTF-8, or declare its encoding in a `# coding:` comment.",
        )
    if (null := text.find("\0")) >= 0:
        return Problem(text.count("\n", 0, null) + 1, 1, "the file contains a null byte", MEND)
    return text


def encoding_of(data: bytes) -> str:
    """The encoding that a source file declares."""
    if data.startswith(codecs.BOM_UTF8):
        data = data[3:]
    for line in data.split(b"\n", 2)[:2]:
        if match := _CODING.match(line):
            return match[1].decode("ascii")
        if line.strip() and not line.lstrip().startswith(b"#"):
            break
    return "utf-8"
