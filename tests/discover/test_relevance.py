"""What a file declares is told from its bytes: class statements, whatever their parameters, and words."""

from __future__ import annotations

from collections.abc import Iterable

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ormlint.relevance import _DECLARING, _PACKAGES, _SPEAKING, Heading, declaring, heading

WORDS = sorted({*_DECLARING, *_SPEAKING})
CUTS = st.sampled_from(WORDS).flatmap(
    lambda word: st.sampled_from([word[:end] for end in range(1, len(word))] + [word[1:], word])
)
NOTHING = Heading(False, [], [])


@pytest.mark.parametrize(
    "parameters", ["", "[T]", "[T: int = str, *Ts]", "[T: type[Base]]", "[T: type[list[Base]], S]"]
)
def test_type_parameters(parameters: str) -> None:
    found = heading(f"from pydantic import BaseModel\n\nclass Page{parameters}(BaseModel): ...\n".encode())

    assert found is not None
    assert found.classes == [("Page", ["BaseModel"])]
    assert declaring([("page.py", found)]) == ["page.py"]


@pytest.mark.parametrize("maker", ["declarative_base()", "registry.generate_base()", "orm.automap_base()"])
def test_a_base_of_any_name_that_is_imported_through_a_module(maker: str) -> None:
    files = {
        "sql.py": f"from sqlalchemy import orm\n\nRows = {maker}\n\nclass Mixin(object): ...\n",
        "models.py": "from app import sql\n\nclass Role(sql.Rows):\n    __tablename__ = 'roles'\n",
        "others.py": "from app import sql\n\nclass Other(sql.Mixin): ...\n",
    }
    found = declaring((path, heading(text.encode())) for path, text in files.items())
    assert [path for path in found if path != "sql.py"] == ["models.py"]


@pytest.mark.parametrize("word", WORDS, ids=bytes.decode)
def test_every_word_is_found(word: bytes) -> None:
    found = heading(b"import ormar\n_(." + word) or NOTHING
    assert (found.declares, found.speaks) == (word in _DECLARING, word in _SPEAKING)


@given(st.lists(CUTS, max_size=6).map(b"".join))
def test_words_anywhere(text: bytes) -> None:
    """Searching from letters that many words have finds what searching for each word does."""
    found = heading(b"import ormar\n" + text) or NOTHING
    assert (found.declares, found.speaks) == (_has_any(text, _DECLARING), _has_any(text, _SPEAKING))


@given(st.lists(st.sampled_from([*_PACKAGES, b"sql", b"alchemy", b"_", b" ", b"orma", b"r"])).map(b"".join))
def test_packages_anywhere(text: bytes) -> None:
    found = heading(text + b"\nTable(") or NOTHING
    assert found.declares == _has_any(text, _PACKAGES)


def _has_any(text: bytes, words: Iterable[bytes]) -> bool:
    return any(word in text for word in words)
