"""What a value is called where it is made or referred to, and which package it comes from."""

from __future__ import annotations

from typing import TypeGuard

from ormlint.graph.machine.values import ClassValue, External, Function, Made, Member, Subscripted, Value


def symbol(value: Value) -> str:
    """The last name of what is called or referred to: `Column` of `sqlalchemy.Column` or `db.Column`."""
    kind = type(value)
    if kind is External or kind is Member or kind is ClassValue or kind is Function:
        name: str = value.name
        return name
    return symbol(value.origin) if kind is Subscripted else ""


def root(value: Value) -> str:
    """The top-level package that a value comes from, `""` for the project's own."""
    while isinstance(value, (Member, Made, Subscripted)):
        if isinstance(value, Member):
            value = value.owner
        else:
            value = value.callee if isinstance(value, Made) else value.origin
    return value.root if isinstance(value, External) else ""


def made_by(value: Value, *names: str) -> TypeGuard[Made]:
    """Whether a value is the outcome of calling something of one of these names."""
    return type(value) is Made and symbol(value.callee) in names
