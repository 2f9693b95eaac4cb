"""The revision graph of an environment, and the order in which `alembic upgrade heads` goes along it.

Everything here is iterative and, but for the histories that depend on each other in a tangle, linear:
ten thousand revisions are no trouble.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

from msgspec import Struct

from ormlint.graph.model import HistoryProblem, Revision


class History(Struct):
    """`parents` holds what is there of `down_revision` and `depends_on`, without the edges of a cycle."""

    revisions: dict[str, Revision] = {}
    duplicates: dict[str, list[Revision]] = {}
    missing: list[tuple[Revision, str]] = []
    labels: dict[str, str] = {}
    down: dict[str, tuple[str, ...]] = {}
    parents: dict[str, tuple[str, ...]] = {}
    children: dict[str, list[str]] = {}
    heads: tuple[str, ...] = ()
    roots: tuple[str, ...] = ()
    cycles: list[tuple[str, ...]] = []


def history_of(revisions: Iterable[Revision]) -> History:
    """The graph of the revisions, given in the order in which Alembic loads their files."""
    history = History()
    for revision in revisions:
        first = history.revisions.get(revision.id)
        if first is not None:
            history.duplicates.setdefault(revision.id, [first]).append(revision)
        history.revisions[revision.id] = revision  # Alembic keeps the last one, at the place of the first
    for revision in history.revisions.values():
        history.labels.update(dict.fromkeys(revision.labels, revision.id))
    for revision in history.revisions.values():
        history.down[revision.id] = _present(history, revision, revision.down)
    _add_dependencies(history)
    _cut_cycles(history)
    below = {parent for parents in history.down.values() for parent in parents}
    history.heads = tuple(key for key in history.revisions if key not in below)
    history.roots = tuple(key for key, revision in history.revisions.items() if not revision.down)
    history.children = children_of(history.parents)
    return history


def _present(history: History, revision: Revision, named: Sequence[str]) -> tuple[str, ...]:
    """The revisions that are named by id or branch label; those that no file has are noted."""
    found = []
    for name in dict.fromkeys(named):
        key = history.labels.get(name, name)
        if key in history.revisions:
            found.append(key)
        else:
            history.missing.append((revision, name))
    return tuple(dict.fromkeys(found))


def _add_dependencies(history: History) -> None:
    """A dependency that an ancestor has already is left out, as Alembic does before it sorts."""
    depends = {
        key: _present(history, revision, revision.depends_on) for key, revision in history.revisions.items()
    }
    for key, down in history.down.items():
        wanted = dict.fromkeys(depends[key])
        if wanted:
            for ancestor in reachable(history.down, down):
                for already in depends[ancestor]:
                    wanted.pop(already, None)
        history.parents[key] = tuple(dict.fromkeys((*down, *wanted)))


def _cut_cycles(history: History) -> None:
    """Note every cycle once, and take its closing edge out of `parents`."""
    done: set[str] = set()
    for start in history.parents:
        path: dict[str, int] = {}
        stack = [] if start in done else [(start, iter(history.parents[start]))]
        if stack:
            path[start] = 0
        while stack:
            key, upcoming = stack[-1]
            parent = next(upcoming, None)
            if parent is None:
                stack.pop()
                del path[key]
                done.add(key)
            elif parent in path:
                history.cycles.append(tuple(list(path)[path[parent] :]))
                history.parents[key] = tuple(each for each in history.parents[key] if each != parent)
            elif parent not in done:
                path[parent] = len(path)
                stack.append((parent, iter(history.parents[parent])))


def children_of(parents: Mapping[str, Sequence[str]]) -> dict[str, list[str]]:
    children: dict[str, list[str]] = {key: [] for key in parents}
    for key, above in parents.items():
        for parent in above:
            children[parent].append(key)
    return children


def reachable(edges: Mapping[str, Sequence[str]], starts: Iterable[str]) -> set[str]:
    """The starts and everything that the edges lead to from them."""
    found = set(starts)
    todo = list(found)
    while todo:
        for following in edges[todo.pop()]:
            if following not in found:
                found.add(following)
                todo.append(following)
    return found


def resolved(history: History, name: str) -> tuple[str, ...]:
    """The revisions that a name on Alembic's command line means: an id, its beginning, a label, `heads`."""
    if name in ("heads", "head"):
        return history.heads
    if name == "base":
        return ()
    key = history.labels.get(name, name)
    if key in history.revisions:
        return (key,)
    beginning = [each for each in history.revisions if each.startswith(name)] if len(name) > 3 else []
    return tuple(beginning) if len(beginning) == 1 else ()


def upgrade_order(history: History, targets: Sequence[str] | None = None) -> list[str]:
    """The revisions up to the targets (else all heads), in the order in which Alembic applies them.

    Alembic walks down from the heads, in the order of their files, along one line as long as it can: a
    revision comes once no other line that is still being walked leads to it, else the walk goes on in
    the first line that does. The order of application is the reverse.
    https://github.com/sqlalchemy/alembic/blob/main/alembic/script/revision.py (`_topological_sort`)
    """
    wanted = reachable(history.parents, history.revisions if targets is None else targets)
    place = {key: number for number, key in enumerate(history.revisions)}
    lines = [key for key in sorted(wanted, key=place.__getitem__) if not _within(history, key, wanted)]
    waiting = {key: sum(child in wanted for child in history.children[key]) for key in wanted}
    walk: list[str] = []
    current = 0
    while lines:
        candidate = lines[current]
        if waiting[candidate]:
            current = _first_line_to(history, candidate, lines, waiting)
            continue
        walk.append(candidate)
        del waiting[candidate]
        for parent in history.parents[candidate]:
            waiting[parent] -= 1
        following = [parent for parent in history.parents[candidate] if parent not in lines]
        if following:
            lines[current] = following[0]
            lines.extend(following[1:])
        else:
            del lines[current]
            current = max(current - 1, 0)
    return walk[::-1]


def _within(history: History, key: str, wanted: set[str]) -> bool:
    return any(child in wanted for child in history.children[key])


def _first_line_to(history: History, candidate: str, lines: list[str], waiting: Mapping[str, int]) -> int:
    """The first of the lines that leads down to the candidate."""
    above = {candidate}
    todo = [candidate]
    while todo:
        for child in history.children[todo.pop()]:
            if child in waiting and child not in above:
                above.add(child)
                todo.append(child)
    return next(number for number, key in enumerate(lines) if key in above and key != candidate)


def cycle_problems(history: History) -> list[HistoryProblem]:
    """One problem for each cycle, at its first revision."""
    return [
        HistoryProblem(
            kind="cycle",
            revision=cycle[0],
            place=history.revisions[cycle[0]].place_of_down or history.revisions[cycle[0]].place,
            message=f"the revisions {' → '.join((*cycle, cycle[0]))} descend from themselves",
        )
        for cycle in history.cycles
    ]
