"""Contents on a shelf are there again as they were or not at all, in few records, and are seldom written."""

from __future__ import annotations

import os
import random
from collections.abc import Iterator
from pathlib import Path
from unittest import mock

import pytest
from work_tree import MODELS, WorkTree

from ormlint import archive, intake
from ormlint import cache as caching
from ormlint.cache import START, Cache
from ormlint.shelf import Index, Shelf

OTHER = MODELS.replace("email: Mapped[str]", "phone: Mapped[str]")


@pytest.fixture
def cache(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Cache:
    """One that runs use one after the other."""
    monkeypatch.setattr(caching, "AT_ONCE", 0)
    return Cache(str(tmp_path / "cache"))


def kept(cache: Cache, index: Index, contents: dict[str, bytes]) -> Index:
    """The index after a run that puts contents on a shelf."""
    shelf = Shelf(cache, "a", index)
    for key, content in contents.items():
        shelf.put(key, content)
    found = shelf.store()
    assert found is not None
    shelf.forget_others(found)
    return found


def held(cache: Cache, index: Index) -> dict[str, bytes]:
    shelf = Shelf(cache, "a", index)
    found = {key: content for key in list(index.places) if (content := shelf.get(key)) is not None}
    shelf.leave()
    return found


def packs(tmp_path: Path) -> dict[str, int]:
    return {each.name: each.stat().st_size for each in (tmp_path / "cache").glob("pack-*")}


def test_any_runs_one_after_the_other(cache: Cache, tmp_path: Path) -> None:
    """Each content has its latest form, in few records of little more than all contents."""
    numbers = random.Random(1)  # noqa: S311 - the same each time
    wanted: dict[str, bytes] = {}
    index = Index()
    for _ in range(80):
        new = {
            str(numbers.randrange(300)): numbers.randbytes(numbers.randrange(2000))
            for _ in range(numbers.randrange(1, numbers.choice([3, 100])))
        }
        wanted |= new
        index = kept(cache, index, new)
        assert held(cache, index) == wanted
        assert len(packs(tmp_path)) <= 10
        assert sum(packs(tmp_path).values()) <= 2 * sum(map(len, wanted.values())) + 10 * START
    assert packs(tmp_path).keys() == {f"pack-{pack.key}" for pack in index.packs.values()}


def test_what_is_new_alone_is_written(cache: Cache, tmp_path: Path) -> None:
    index = kept(cache, Index(), {str(number): os.urandom(1000) for number in range(100)})
    before = packs(tmp_path)
    index = kept(cache, index, {"new": b"x" * 1000})
    assert {name: size for name, size in packs(tmp_path).items() if name not in before} == {
        f"pack-{index.packs[2].key}": START + 1000
    }
    assert before.items() <= packs(tmp_path).items()
    assert kept(cache, index, {}) == index
    assert kept(cache, index, {"new": b"x" * 1000}) == index


@pytest.mark.parametrize("damage", ["gone", "short", "long", "a bit", "a folder"])
def test_what_is_not_whole_is_not_there(cache: Cache, tmp_path: Path, damage: str) -> None:
    whole = {"a": b"a" * 100, "b": b"b" * 100, "c": b"c" * 100}
    index = kept(cache, Index(), whole)
    (pack,) = (tmp_path / "cache").glob("pack-*")
    data = pack.read_bytes()
    pack.unlink()
    if damage == "a folder":
        pack.mkdir()
    elif damage != "gone":
        at = START + 150
        flipped = data[:at] + bytes([data[at] ^ 1]) + data[at + 1 :]
        pack.write_bytes({"short": data[:-1], "long": data + b"c", "a bit": flipped}[damage])
    left = {key: each for key, each in whole.items() if key != "b"} if damage == "a bit" else {}
    assert held(cache, index) == left
    if damage != "a folder":
        assert held(cache, kept(cache, index, whole)) == whole


@pytest.mark.parametrize("sizes", [(30, 30), (300, 300), (30, 300), (300, 30)])
def test_two_that_write_at_once(cache: Cache, tmp_path: Path, sizes: tuple[int, int]) -> None:
    """The later index holds, but one does not say to be there what the other has taken in and removed."""
    known = kept(cache, Index(), {"a": b"a" * 100})
    shelves = [Shelf(cache, "a", Index(dict(known.packs), dict(known.places))) for _ in sizes]
    index, wanted = known, {"a": b"a" * 100}
    for shelf, size in zip(shelves, sizes, strict=True):
        shelf.put("b", b"b" * size)
        found = shelf.store()
        if found is not None:
            index, wanted = found, {"a": b"a" * 100, "b": b"b" * size}
            shelf.forget_others(found)
        shelf.leave()
        assert held(cache, index) == wanted
    assert packs(tmp_path).keys() == {f"pack-{pack.key}" for pack in index.packs.values()}


def test_what_another_run_has_just_written_stays(
    cache: Cache, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Its index, which names that, may be written next."""
    monkeypatch.setattr(caching, "AT_ONCE", 60)
    first, second = Shelf(cache, "a", Index()), Shelf(cache, "a", Index())
    first.put("a", b"a")
    second.put("a", b"b")
    known, other = first.store(), second.store()
    assert known is not None
    assert other is not None
    second.forget_others(other)
    assert held(cache, known) == {"a": b"a"}
    for pack in (tmp_path / "cache").glob("pack-*"):
        os.utime(pack, (0, 0))
    second.forget_others(other)
    assert (held(cache, known), held(cache, other)) == ({}, {"a": b"b"})


@pytest.fixture
def extracted() -> Iterator[mock.Mock]:
    """Every reading of a file's syntax."""
    with mock.patch.object(intake, "_extracted", side_effect=intake._extracted) as extracted:
        yield extracted


def read_again(tree: WorkTree, extracted: mock.Mock, text: str) -> int:
    """How many files are read for a project with other models, of which no answer is known."""
    for kind in ("answer", "run", "raw", "watch", "graph"):
        for record in (tree.root / ".ormlint_cache").glob(f"{kind}-*"):
            record.unlink()
    tree.write("app/models.py", text)
    before = extracted.call_count
    found = tree.check()
    read = extracted.call_count - before
    assert found == tree.fresh()
    return read


def test_facts_of_a_pack_that_vanished_are_read_anew(tree: WorkTree, extracted: mock.Mock) -> None:
    tree.check()
    all_files = extracted.call_count
    assert read_again(tree, extracted, OTHER) == 1
    for pack in (tree.root / ".ormlint_cache").glob("pack-*"):
        pack.unlink()
    assert read_again(tree, extracted, MODELS) == all_files
    assert read_again(tree, extracted, OTHER) == 1
    assert read_again(tree, extracted, MODELS) == 0


def test_what_the_project_has_no_more_goes_first(
    tree: WorkTree, extracted: mock.Mock, monkeypatch: pytest.MonkeyPatch
) -> None:
    tree.check()
    monkeypatch.setattr(archive, "MOST_KEPT", 1)
    assert read_again(tree, extracted, OTHER) == 1
    assert read_again(tree, extracted, OTHER) == 0
    assert read_again(tree, extracted, MODELS) == 1
