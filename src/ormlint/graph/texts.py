"""What the text of a project's files says, where calls cannot be followed.

A name that stands nowhere is set nowhere. What the last run was told holds still, but for what the files say
that changed since, that came or that went: these alone are asked again.
"""

from __future__ import annotations

from bisect import bisect
from collections.abc import Collection, Iterable, Iterator
from itertools import accumulate
from typing import TYPE_CHECKING

from ormlint.facts.words import Form, Words
from ormlint.graph.memo import Watch
from ormlint.graph.questions import KINDS, Files, Said, Text, are_among, is_listed

if TYPE_CHECKING:
    from ormlint.graph.sources import Sources


class Texts:
    """What files say; `before` is what they said before those in `changed` did, `now` what they say now."""

    def __init__(self, files: Files, before: Watch, changed: Collection[str], now: Watch) -> None:
        self._files, self._before, self._now = files, before, now
        self._changed, self._paths = frozenset(changed), frozenset(files.paths)
        self._others = [Text(path, files) for path in files.paths if path in self._changed]
        self._listed: dict[str, _Listed] = {}

    @staticmethod
    def of(sources: Sources) -> Texts:
        """The texts of all files of a project but for migrations and tests."""
        speaks = frozenset(sources.speaking).__contains__
        files = Files(sources.paths, sources.words, sources.read, speaks, {})
        memo = sources.memo
        if memo is None:
            return Texts(files, Watch(), (), Watch())
        return Texts(files, memo.before.watch, memo.compare(sources.paths), memo.watch)

    def words_of(self, path: str) -> Words:
        """The words of a file; none where it is not one of these."""
        return self._files.words(path) if path in self._paths else Words()

    def have(self, name: str, *forms: Form, elsewhere_than: str = "") -> bool:
        """Whether a name stands in one of the forms, in another file than the one given."""
        return self._has((name, elsewhere_than, *forms))

    def say(self, kind: str, *names: str) -> dict[str, Said]:
        """What each file says to a question of a kind, by path; those that say nothing are left out."""
        question = (kind, *names)
        told = self._now.told
        if question not in told:
            told[question] = self._told(question)
        return told[question]

    @property
    def are_alike(self) -> bool:
        """Whether they say to all that they were asked before what they said then."""
        having, told = self._before.having, self._before.told
        return all(self._has(question) == bool(path) for question, path in having.items()) and all(
            self.say(*question) == said for question, said in told.items()
        )

    def _has(self, question: tuple[str, ...]) -> bool:
        having = self._now.having
        if question not in having:
            having[question] = self._having(question)
        return bool(having[question])

    def _having(self, question: tuple[str, ...]) -> str:
        """A file that has what is asked for, or nothing."""
        name, but, *forms = question
        last = self._before.having.get(question)
        if last and last not in self._changed:
            return last
        if last is None and not self._before.having:  # nobody asked anything before
            return next(self._all_having(name, but, forms), "")
        found = (
            text.path
            for text in self._others
            if text.path != but and any(text.has(name, form) for form in forms)
        )
        here = next(found, "")
        return here if here or last == "" else next(self._all_having(name, but, forms), "")

    def _all_having(self, name: str, but: str, forms: Iterable[str]) -> Iterator[str]:
        for form in forms:
            for path in self._listing(name, form):
                if path != but and Text(path, self._files).has(name, form):
                    yield path

    def _told(self, question: tuple[str, ...]) -> dict[str, Said]:
        kind, *names = question
        part, of, _ = KINDS[kind]
        before = self._told_before(question)
        if before is None:
            paths = self._listing(names[0], part) if part else self._files.paths
            asked: Iterable[Text] = (Text(path, self._files) for path in paths)
            told = {}
        else:
            asked = (text for text in self._others if not part or text.lists(names[0], part))
            told = {path: said for path, said in before.items() if path not in self._changed}
        told.update((text.path, said) for text in asked if (said := of(text, *names)))
        return told

    def _told_before(self, question: tuple[str, ...]) -> dict[str, Said] | None:
        """What files said to the question, or to one about more of the same kind; `None` for neither."""
        before = self._before.told
        if question in before:
            return before[question]
        kind, *names = question
        narrowed = KINDS[kind].narrowed
        for (other, *more), told in before.items() if narrowed is not None else ():
            if narrowed is not None and other == kind and are_among(names, more):
                return {path: left for path, said in told.items() if (left := narrowed(said, *names))}
        return None

    def _listing(self, name: str, part: str) -> Iterable[str]:
        """The files whose words have a name; all where these do not tell."""
        if not is_listed(name, part):
            return self._files.paths
        if part not in self._listed:
            self._listed[part] = _Listed(
                {path: getattr(self._files.words(path), part) for path in self._files.paths}
            )
        return self._listed[part].having(name)


_APART = " \n "


class _Listed:
    """The words of many files in one text, in which a word is found sooner than in each."""

    def __init__(self, words: dict[str, str]) -> None:
        self._paths = list(words)
        self._text = f" {_APART.join(words.values())} "
        lengths = (len(each) + len(_APART) for each in words.values())
        self._starts = list(accumulate(lengths, initial=0))

    def having(self, name: str) -> Iterator[str]:
        """The files that have a word."""
        at = self._text.find(f" {name} ")
        while at >= 0:
            number = bisect(self._starts, at)
            yield self._paths[number - 1]
            at = self._text.find(f" {name} ", self._starts[number])
