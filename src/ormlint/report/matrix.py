"""The alignment matrix: for each model what the database, the model and each schema say of each name."""

from __future__ import annotations

from collections.abc import Sequence

from ormlint.findings import Finding, Place
from ormlint.graph.mirror import Mirror
from ormlint.graph.model import Column, Field, MigratedColumn, MigratedTable, Model
from ormlint.report.cells import Cell, Grid, Row, State, at, type_words
from ormlint.report.subjects import SEVERITIES, Subjects

DATABASE, MODEL = "database, as migrated", "model"
_ORPHANS = ("orphan-column",)


def matrix(subjects: Subjects) -> list[Grid]:
    """One grid per model, by name."""
    models = sorted(subjects.graph.models.values(), key=lambda model: (model.name, model.id))
    return [_grid(subjects, model) for model in models]


def _grid(subjects: Subjects, model: Model) -> Grid:
    found = subjects.about(model)
    mirrors = [subjects.mirror(link) for link in subjects.links[model.id]]
    return Grid(
        model=model.id,
        name=model.name,
        table=model.table,
        at=at(model.place),
        layers=[DATABASE, MODEL, *(mirror.schema.name for mirror in mirrors)],
        rows=list(_rows(subjects, model, mirrors, found)),
        kinds=sorted({each.name for each in found}),
        severities=[each.value for each in SEVERITIES if any(one.severity is each for one in found)],
        findings=[each.fingerprint for each in found if _is_of_all(each)],
    )


def _is_of_all(finding: Finding) -> bool:
    """Whether it is about the whole table, or an index or a key of several columns."""
    return finding.subject.column is None and finding.subject.field is None


def _rows(subjects: Subjects, model: Model, mirrors: Sequence[Mirror], found: Sequence[Finding]) -> list[Row]:
    migrated = subjects.migrated(model.table)
    rows = []
    for attribute, mapped in model.columns.items():
        about = [
            each for each in found if each.subject.column == mapped.column or each.subject.field == attribute
        ]
        cells = [
            _database(subjects, model, migrated, mapped.column, mapped.definition, about),
            Cell(
                "present",
                _described(mapped.definition),
                at(mapped.place),
                _column_name(attribute, mapped.column),
            ),
            *(_shown(mirror, attribute, about) for mirror in mirrors),
        ]
        rows.append(_row(attribute, cells))
    rows += _orphans(migrated, mirrors, found)
    names = {name for mirror in mirrors for name in _extra(mirror)} - model.columns.keys()
    for name in sorted(names):
        cells = [
            Cell("none"),
            Cell("none"),
            *(_extra_cell(mirror, name, found) for mirror in mirrors),
        ]
        rows.append(_row(name, cells))
    return rows


def _row(name: str, cells: list[Cell]) -> Row:
    return Row(name, cells, any(cell.state in ("missing", "differs", "extra") for cell in cells))


def _column_name(attribute: str, column: str) -> str:
    return f"column `{column}`" if column != attribute else ""


def _database(
    subjects: Subjects,
    model: Model,
    migrated: MigratedTable | None,
    name: str,
    column: Column | None,
    about: Sequence[Finding],
) -> Cell:
    ours = [each for each in about if each.code.startswith("ORM3")]
    if migrated is None:
        lost = [each for each in subjects.by_table.get(model.table or "", ()) if each.name == "missing-table"]
        return _missing(lost)
    other = migrated.columns.get(name)
    if other is None:
        return _missing(ours)
    state: State = "differs" if ours or _null_differs(migrated, other, column) else "present"
    note = "; ".join(each.message for each in ours)
    if not note and state == "differs":
        note = f"the model says {_null(column.nullable if column else None)}"
    return Cell(state, _of_database(other), at(_latest(other)), note)


def _missing(found: Sequence[Finding]) -> Cell:
    """What a finding misses, with the line that says that it should be there."""
    return Cell("missing", at=at(found[0].place), note=found[0].message) if found else Cell("unknown")


def _null_differs(migrated: MigratedTable, other: MigratedColumn, column: Column | None) -> bool:
    if column is None or migrated.opaque or other.uncertain or column.primary_key or other.primary_key:
        return False
    return None not in (column.nullable, other.nullable) and column.nullable != other.nullable


def _latest(column: MigratedColumn) -> Place:
    return column.changed_in[-1][1] if column.changed_in else column.place


def _of_database(column: MigratedColumn) -> str:
    return _joined(column.type, column.nullable)


def _described(column: Column | None) -> str:
    return _joined(column.type, column.nullable) if column is not None else ""


def _joined(kind: str | None, nullable: bool | None) -> str:
    return ", ".join(part for part in (type_words(kind), _null(nullable)) if part)


def _null(nullable: bool | None) -> str:
    return {True: "NULL", False: "NOT NULL", None: ""}[nullable]


def _shown(mirror: Mirror, attribute: str, about: Sequence[Finding]) -> Cell:
    """A column in a schema."""
    ours = [each for each in about if each.subject.schema == mirror.schema.id]
    note = "; ".join(each.message for each in ours)
    field = next(
        (each for each in mirror.schema.fields.values() if mirror.attribute_of(each) == attribute), None
    )
    if field is None and attribute in _extra(mirror):
        field, note = mirror.schema.fields[attribute], note or "it is read from something else"
        return Cell("differs", _of_field(field), at(field.place), note)
    if field is None:
        if ours:
            return Cell("missing", at=at(mirror.schema.place), note=note)
        how = "computed" if attribute in mirror.schema.computed else "by its relationship"
        return Cell("present", how) if mirror.covers(attribute) else Cell("left-out")
    column = mirror.column(attribute)
    stricter = mirror.reads and field.nullable is False and column is not None and column.nullable is True
    if not note and stricter:
        note = "the column may be NULL"
    return Cell("differs" if ours or stricter else "present", _of_field(field), at(field.place), note)


def _of_field(field: Field) -> str:
    parts = [field.type or "", "optional" if field.required is False else ""]
    if field.renamed is not None:
        parts.append(f"read as {field.renamed}")
    return ", ".join(part for part in parts if part)


def _extra(mirror: Mirror) -> list[str]:
    """Fields that no attribute of the model fills."""
    if not (mirror.schema.complete and mirror.model.complete):
        return []
    return [name for name, field in mirror.schema.fields.items() if mirror.attribute_of(field) is None]


def _extra_cell(mirror: Mirror, name: str, found: Sequence[Finding]) -> Cell:
    field = mirror.schema.fields.get(name)
    if field is None or name not in _extra(mirror):
        return Cell("none")
    ours = [each for each in found if each.subject.schema == mirror.schema.id and each.subject.field == name]
    note = "; ".join(each.message for each in ours) or "not an attribute of the model"
    return Cell("extra", _of_field(field), at(field.place), note)


def _orphans(
    migrated: MigratedTable | None, mirrors: Sequence[Mirror], found: Sequence[Finding]
) -> list[Row]:
    rows = []
    for finding in found:
        column = (
            migrated.columns.get(finding.subject.column or "")
            if migrated is not None and finding.name in _ORPHANS
            else None
        )
        if column is not None:
            cell = Cell("extra", _of_database(column), at(_latest(column)), finding.message)
            rows.append(_row(column.name, [cell, _missing([finding]), *(Cell("none") for _ in mirrors)]))
    return rows
