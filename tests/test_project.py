"""The project keeps its own promises."""

from __future__ import annotations

import re
import subprocess
import sys
from pathlib import Path

import pytest

from ormlint.rules import catalogue
from ormlint.rules.base import RuleModule
from ormlint.rules.page import Mark, page
from ormlint.settings import reference

ROOT = Path(__file__).parents[1]
DOCUMENTS = ("README.md", "CONTRIBUTING.md", "CHANGELOG.md")


def each_rule() -> pytest.MarkDecorator:
    return pytest.mark.parametrize("module", catalogue.MODULES, ids=lambda module: module.RULE.name)


def test_codes_and_names_are_unique_and_in_order() -> None:
    codes = [module.RULE.code for module in catalogue.MODULES]
    names = [module.RULE.name for module in catalogue.MODULES]
    assert codes == sorted(set(codes))
    assert len(names) == len(set(names))


@each_rule()
def test_a_rule_is_named_as_its_module(module: RuleModule) -> None:
    rule = module.RULE
    assert re.fullmatch(r"ORM\d{3}", rule.code)
    assert re.fullmatch(r"[a-z]+(-[a-z]+)*", rule.name)
    assert getattr(module, "__name__", "").rpartition(".")[2] == rule.name.replace("-", "_")


@each_rule()
def test_a_rule_has_a_page_with_examples(module: RuleModule) -> None:
    document = page(module.__doc__)
    name = module.RULE.name
    assert document.summary
    assert document.fails, "a section `## Fails`"
    assert document.passes, "a section `## Passes`"
    assert [case.title for case in document.fails if not marks_of(case.marks, name)] == []
    assert [case.title for case in document.passes if marks_of(case.marks, name)] == []


def marks_of(marks: tuple[Mark, ...], rule: str) -> list[Mark]:
    return [mark for mark in marks if mark.rule == rule]


def test_every_file_of_cases_belongs_to_a_rule() -> None:
    names = {module.RULE.name for module in catalogue.MODULES}
    files = {file.stem for file in (ROOT / "tests" / "rules").glob("*.md")}
    assert files - names == set()


def test_the_readme_lists_the_rules() -> None:
    row = re.compile(
        r"^\| (ORM\d{3}) \| ([a-z-]+) \| (on|off) \| (error|warning|info) \| (.+) \|$", re.MULTILINE
    )
    assert row.findall((ROOT / "README.md").read_text(encoding="utf-8")) == [
        (rule.code, rule.name, "on" if rule.default_on else "off", rule.severity.value, rule.summary)
        for rule in (module.RULE for module in catalogue.MODULES)
    ]


def test_the_readme_lists_the_settings() -> None:
    row = re.compile(r"^\| `([a-z-]+)` \| (.+) \| (.+) \| (.+) \|$", re.MULTILINE)
    assert row.findall((ROOT / "README.md").read_text(encoding="utf-8")) == [
        tuple(key) for key in reference()
    ]


@pytest.mark.parametrize("document", DOCUMENTS)
def test_every_path_named_in_a_document_exists(document: str) -> None:
    text = (ROOT / document).read_text(encoding="utf-8")
    linked = re.findall(r"\]\((?!https?://|#)([^)#]+)", text)
    named = re.findall(r"`((?:src|tests|examples|\.ci)(?:/[\w./-]*)?)`", text)
    assert [path for path in (*linked, *named) if not (ROOT / path).exists()] == []


def test_the_hook_reads_what_matters() -> None:
    text = (ROOT / ".pre-commit-hooks.yaml").read_text(encoding="utf-8")
    patterns = re.findall(r"^  files: '(.+)'$", text, re.MULTILINE)
    assert (len(patterns), len(set(patterns))) == (text.count("- id: "), 1)
    files = re.compile(patterns[0])
    wanted = (
        "a.py",
        "app/models.py",
        "alembic.ini",
        "backend/alembic.ini",
        "pyproject.toml",
        "x/pyproject.toml",
    )
    settings = ("ormlint.toml", ".ormlint.toml", "backend/ormlint.toml", "backend/.ormlint.toml")
    other = ("README.md", "a.pyc", "my-alembic.ini.bak", "xormlint.toml", "notpyproject.toml", "a.py.txt")
    assert [path for path in (*wanted, *settings) if not files.search(path)] == []
    assert [path for path in other if files.search(path)] == []


def test_the_walls_between_modules_stand() -> None:
    """The contracts are in `pyproject.toml`."""
    command = [str(Path(sys.executable).with_name("lint-imports")), "--no-cache"]
    ran = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    assert ran.returncode == 0, ran.stdout


def test_reading_uses_none_of_the_slow_parts_of_libcst() -> None:
    slow = re.compile(r"^\s*(from|import) libcst.*\b(matchers|metadata|codemod|visitors)\b", re.MULTILINE)
    sources = sorted((ROOT / "src" / "ormlint" / "extract").rglob("*.py"))
    assert sources
    assert [file.name for file in sources if slow.search(file.read_text(encoding="utf-8"))] == []


def test_the_output_in_the_readme_is_real() -> None:
    text = (ROOT / "README.md").read_text(encoding="utf-8")
    block = text.split("```text\n$ ormlint check examples/clinic\n")[1].split("```")[0]
    command = [sys.executable, "-m", "ormlint", "check", "--no-cache", "examples/clinic"]
    ran = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    assert ran.returncode == 1
    assert [part for part in block.split("\n\n") if part != "…" and part.strip() not in ran.stdout] == []


def test_nothing_unfinished_is_left() -> None:
    words = "|".join(["TO" + "DO", "FIX" + "ME", "X" * 3])
    command = ["git", "grep", "-nE", words, "--", "src", "tests"]
    ran = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    assert ran.stdout == ""
