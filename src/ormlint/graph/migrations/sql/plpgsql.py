"""PL/pgSQL in `DO` blocks, as far as migrations use it: tests, guards, and statements put together."""

from __future__ import annotations

from collections.abc import Callable

from msgspec import Struct

from ormlint.findings import Place
from ormlint.graph.migrations.operations import Abort, Choice, Guarded, Opaque, Operation, Step
from ormlint.graph.migrations.sql.cursor import Cursor, UnreadableError
from ormlint.graph.migrations.sql.fold import folded

_SqlSteps = Callable[[str, str, Place], list[Step]]

_LOOPS = ("FOR", "WHILE", "LOOP", "FOREACH")
_SCHEMA_STATEMENTS = ("CREATE", "ALTER", "DROP")
_QUIET = ("NOTICE", "WARNING", "INFO", "LOG", "DEBUG")
_STATES = {
    "42710": "duplicate_object",
    "42P07": "duplicate_table",
    "42701": "duplicate_column",
    "42704": "undefined_object",
    "42P01": "undefined_table",
    "42703": "undefined_column",
}


def steps(cursor: Cursor, place: Place, sql_steps: _SqlSteps) -> list[Step]:
    """The steps of the block that comes after DO; what cannot be followed is one opaque step."""
    try:
        if cursor.accept("LANGUAGE"):
            cursor.identifier()
        body = Cursor(cursor.string(), cursor.dialect)
        return list(_Reader(body, place, sql_steps).block().steps)
    except UnreadableError as problem:
        return [Opaque(f"DO block: {problem}", place)]


class _Run(Struct):
    """Steps in a row; `left` says that RETURN ends them."""

    steps: list[Step] = []
    left: bool = False


class _Reader(Struct):
    cursor: Cursor
    place: Place
    sql_steps: _SqlSteps
    variables: dict[str, str] = {}
    """What a variable holds, as an SQL expression."""

    def block(self) -> _Run:
        if self.cursor.accept("<", "<"):
            self.cursor.position += 3
        if self.cursor.accept("DECLARE"):
            self._declarations()
        self.cursor.expect("BEGIN")
        run = self._statements("EXCEPTION", "END")
        if self.cursor.accept("EXCEPTION"):
            handlers = []
            while self.cursor.accept("WHEN"):
                conditions = self._conditions()
                handlers.append((conditions, tuple(self._statements("WHEN", "END").steps)))
            run = _Run([Guarded(tuple(run.steps), tuple(handlers))], run.left)
        self.cursor.expect("END")
        self._to_semicolon()
        return run

    def _declarations(self) -> None:
        while self.cursor.token is not None and self.cursor.keyword != "BEGIN":
            name = self.cursor.identifier()
            text = self._to_semicolon()
            for sign in (":=", " DEFAULT ", " default "):
                if sign in text:
                    self.variables[name] = text.split(sign, 1)[1].strip()
                    break

    def _conditions(self) -> tuple[str, ...]:
        conditions = []
        while self.cursor.token is not None and not self.cursor.accept("THEN"):
            if self.cursor.accept("SQLSTATE"):
                conditions.append(_STATES.get(self.cursor.string(), ""))
            elif not self.cursor.accept("OR"):
                conditions.append(self.cursor.identifier().lower())
        return tuple(conditions)

    def _statements(self, *until: str) -> _Run:
        run = _Run()
        while self.cursor.token is not None and self.cursor.keyword not in until:
            if self.cursor.accept("IF"):
                if self._choice(run, until):
                    return run
            elif self.cursor.accept("RETURN"):
                self._to_semicolon()
                run.left = True
                self._statements(*until)  # what stands after it never runs
                return run
            else:
                run.steps += self._statement()
        return run

    def _statement(self) -> list[Step]:
        word = self.cursor.keyword
        if word in ("BEGIN", "DECLARE"):
            return self.block().steps
        if word in _LOOPS:
            return self._loop()
        if word == "RAISE":
            self.cursor.step()
            quiet = self.cursor.keyword in _QUIET
            self._to_semicolon()
            return [] if quiet else [Abort()]
        if word == "EXECUTE":
            self.cursor.step()
            return self._execute(self._to_semicolon())
        text = self._to_semicolon()
        if word in _SCHEMA_STATEMENTS:
            return self.sql_steps(text, self.cursor.dialect, self.place)
        self._remember(text)
        return []

    def _choice(self, run: _Run, until: tuple[str, ...]) -> bool:
        """Read an IF; true where a branch leaves, for then the rest of the block is in the others."""
        branches: list[tuple[str, _Run]] = []
        known = dict(self.variables)
        otherwise = _Run()
        while True:
            question = self._question()
            branches.append((question, self._statements("ELSIF", "ELSEIF", "ELSE", "END")))
            if self.cursor.accept_any("ELSIF", "ELSEIF"):
                continue
            if self.cursor.accept("ELSE"):
                otherwise = self._statements("END")
            self.cursor.expect("END", "IF")
            self._to_semicolon()
            break
        self.variables = {name: text for name, text in self.variables.items() if known.get(name) == text}
        left = otherwise.left or any(branch.left for _, branch in branches)
        rest = self._statements(*until).steps if left else []
        chosen = tuple(otherwise.steps + ([] if otherwise.left else rest))
        for question, branch in reversed(branches):
            then = tuple(branch.steps + ([] if branch.left else rest))
            chosen = (Choice(question, then, chosen),)
        run.steps += chosen
        return left

    def _question(self) -> str:
        """The text up to THEN, with the variables replaced by what they hold."""
        words = []
        while self.cursor.token is not None and not self.cursor.accept("THEN"):
            token = self.cursor.token
            held = self.variables.get(token.value.lower()) if token.kind == "word" else None
            words.append(f"({held})" if held is not None else self.cursor.text[token.start : token.end])
            self.cursor.position += 1
        return " ".join(words)

    def _loop(self) -> list[Step]:
        """How often it runs is not known, so all that it touches is not settled."""
        self.cursor.skip_to("LOOP")
        self.cursor.expect("LOOP")
        inner = self._statements("END")
        self.cursor.expect("END", "LOOP")
        self._to_semicolon()
        reason = "a loop in a DO block"
        return [_opaque_of(step, reason, self.place) for step in inner.steps if not isinstance(step, Abort)]

    def _execute(self, text: str) -> list[Step]:
        """`EXECUTE 'ALTER …'`, also with `||` and `format(…)`."""
        sql = folded(Cursor(text, self.cursor.dialect), self.variables)
        return self.sql_steps(sql, self.cursor.dialect, self.place)

    def _remember(self, text: str) -> None:
        """`name := expression` and `SELECT expression INTO name FROM …`."""
        cursor = Cursor(text, self.cursor.dialect)
        first = cursor.token
        if first is not None and first.kind == "word" and ":=" in text.replace(": =", ":="):
            self.variables[first.value.lower()] = text.split("=", 1)[1].strip()
        elif cursor.accept("SELECT") and cursor.skip_to("INTO"):
            into = cursor.tokens[cursor.position]
            cursor.accept("INTO")
            cursor.accept("STRICT")
            name = cursor.identifier()
            self.variables[name.lower()] = f"{text[: into.start]} {cursor.rest}"

    def _to_semicolon(self) -> str:
        start = self.cursor.token.start if self.cursor.token is not None else len(self.cursor.text)
        self.cursor.skip_to(";")
        end = self.cursor.token.start if self.cursor.token is not None else len(self.cursor.text)
        self.cursor.accept(";")
        return self.cursor.text[start:end].strip()


def _opaque_of(step: Step, reason: str, place: Place) -> Opaque:
    if isinstance(step, Opaque):
        return step
    if isinstance(step, Operation):
        table = getattr(step, "table", None)
        return Opaque(reason, place, frozenset((table.key,)) if table is not None else None)
    return Opaque(reason, place)
