from __future__ import annotations

import pytest

from ormlint.rules.page import Case, File, Mark, Page, cases, page

DOCSTRING = '''A table without a migration.

It matters because the first query fails.

## Fails

Some words.

```python title="models.py"
class Person(Base):  # error: [missing-table] "`people`"
    x = 1
```

```ini title="alembic.ini"
[alembic]  ; error: [missing-table]
```

```toml
untitled = true
```

## Passes: with a migration

~~~python title="models.py"
"""```"""
~~~
'''


def test_a_docstring_is_taken_apart() -> None:
    models = File("models.py", 'class Person(Base):  # error: [missing-table] "`people`"\n    x = 1\n')
    ini = File("alembic.ini", "[alembic]  ; error: [missing-table]\n")
    assert page(DOCSTRING) == Page(
        summary="A table without a migration.",
        text=DOCSTRING.strip(),
        fails=(Case("Fails", 5, (models, ini)),),
        passes=(Case("Passes: with a migration", 22, (File("models.py", '"""```"""\n'),)),),
    )


def test_marks_name_path_line_rule_and_message() -> None:
    (case,) = page(DOCSTRING).fails
    assert case.marks == (
        Mark("models.py", 1, "missing-table", "`people`"),
        Mark("alembic.ini", 1, "missing-table", ""),
    )


def test_one_line_may_have_several_marks() -> None:
    file = File("a.py", 'x = 1  # error: [one-rule] "a"  # error: [two-rule]\n')
    assert list(file.marks()) == [Mark("a.py", 1, "one-rule", "a"), Mark("a.py", 1, "two-rule", "")]


def test_an_open_block_is_an_error() -> None:
    with pytest.raises(ValueError, match=r"the block a\.py under 'Case' is not closed"):
        cases('# Case\n\n```python title="a.py"\nx = 1\n')


def test_nothing_in_an_empty_document() -> None:
    assert (cases(""), page(None)) == ((), Page("", "", (), ()))
