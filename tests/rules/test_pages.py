"""Each rule's page, and each Markdown file beside this one, says what ormlint must find in its examples."""

from __future__ import annotations

import subprocess
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path

import pytest

from ormlint import pipeline
from ormlint.adoption import Holding
from ormlint.findings import Finding
from ormlint.rules import catalogue
from ormlint.rules.page import Case, Mark, cases, page
from ormlint.select import Override

ENV = """\
from alembic import context

{target}


def run_migrations_online() -> None:
    context.configure(target_metadata=target_metadata)
    with context.begin_transaction():
        context.run_migrations()


run_migrations_online()
"""


def documents() -> Iterator[tuple[str, str, tuple[Case, ...]]]:
    """The name of a rule, where its cases stand, and the cases."""
    for module in catalogue.MODULES:
        document = page(module.__doc__)
        yield module.RULE.name, "page", document.fails + document.passes
    for file in sorted(Path(__file__).parent.glob("*.md")):
        yield file.stem, file.name, cases(file.read_text(encoding="utf-8"))


def parameters() -> Iterator[object]:
    for rule, document, found in documents():
        for case in found:
            yield pytest.param(rule, case, id=f"{rule}:{document}:{case.line}:{case.title}")


@pytest.mark.parametrize(("rule", "case"), list(parameters()))
def test_case(rule: str, case: Case, project: Callable[[Mapping[str, str]], Path]) -> None:
    files = {file.path: file.text for file in case.files}
    refs = {ref: below(files, ref) for ref in ("fork", "base")}
    root = project(with_environment(below(files, "")))
    holding = Holding(off=True, diff_base=commit_of(root, refs) if refs["base"] else None)
    named = {rule, *(mark.rule for mark in case.marks)}
    if rule in ("unused-ignore", "unknown-code"):
        named = {"ALL"}  # they judge what is said of the other rules

    report = pipeline.check([root], override=Override(select=tuple(named)), holding=holding)

    assert report.root.samefile(root)
    problems = list(differences(case.marks, report.findings))
    assert not problems, "\n".join([case.title, *problems])


def below(files: Mapping[str, str], ref: str) -> dict[str, str]:
    """The files of a commit, which stand below a folder of its name; without a name, of the work tree."""
    if not ref:
        return {path: text for path, text in files.items() if not path.startswith(("fork/", "base/"))}
    return {path.removeprefix(f"{ref}/"): text for path, text in files.items() if path.startswith(f"{ref}/")}


def commit_of(root: Path, refs: Mapping[str, Mapping[str, str]]) -> str:
    """A branch `base` with these files; the work tree's comes from `fork` too, or from elsewhere."""
    here = {file: file.read_bytes() for file in root.rglob("*") if file.is_file()}

    def git(*words: str) -> None:
        identity = ["-c", "user.name=a", "-c", "user.email=a@example.org"]
        subprocess.run(["git", "-C", root, *identity, *words], check=True, capture_output=True)

    def commit(files: Mapping[str, str]) -> None:
        for file in root.rglob("*.py"):
            file.unlink()
        for path, text in with_environment({**files}).items():
            (root / path).parent.mkdir(parents=True, exist_ok=True)
            (root / path).write_text(text, encoding="utf-8")
        git("add", "-A")
        git("commit", "-q", "--allow-empty", "-m", "as it is")

    git("init", "-q", "-b", "work")
    commit(refs["fork"])
    git("checkout", "-q", "-b" if refs["fork"] else "--orphan", "base")
    commit(refs["base"])
    git("checkout", "-q", "work")
    for file, data in here.items():
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_bytes(data)
    for file in {*root.rglob("*.py")} - here.keys():
        file.unlink()
    return "base"


def with_environment(files: dict[str, str]) -> dict[str, str]:
    """The files, with an `env.py` beside each `versions/` that has none."""
    folders = {path.rpartition("versions/")[0] for path in files if "versions/" in path}
    target = "target_metadata = None"
    if "class Base(" in files.get("models.py", "") or "\nBase = " in files.get("models.py", ""):
        target = "from models import Base\n\ntarget_metadata = Base.metadata"
    return {**{f"{folder}env.py": ENV.format(target=target) for folder in folders}, **files}


def differences(marks: tuple[Mark, ...], findings: list[Finding]) -> Iterator[str]:
    """A mark without a finding, and a finding without a mark."""
    for mark in marks:
        if not any(fits(mark, finding) for finding in findings):
            said = f' "{mark.message}"' if mark.message else ""
            yield f"  missing     {mark.path}:{mark.line}: [{mark.rule}]{said}"
    for finding in findings:
        if not any(fits(mark, finding) for mark in marks):
            where = f"{finding.place.path}:{finding.place.line}"
            yield f"  unexpected  {where}: [{finding.name}] {finding.message}"


def fits(mark: Mark, finding: Finding) -> bool:
    stands = (finding.place.path, finding.place.line, finding.name) == (mark.path, mark.line, mark.rule)
    return stands and mark.message in finding.message
