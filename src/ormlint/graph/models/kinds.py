"""What a value in a class body is to the mapper."""

from __future__ import annotations

from ormlint.graph.machine.origins import made_by
from ormlint.graph.machine.values import External, Function, Made, Member, Value
from ormlint.graph.models.columns import WRAPPERS
from ormlint.graph.packages import KNOWN

COLLECTIONS = frozenset({
    "list", "List", "set", "Set", "dict", "Dict", "Sequence", "Collection", "Mapping", "MutableMapping",
    "MutableSequence", "MutableSet", "AbstractSet", "KeyFuncDict", "MappedCollection", "OrderingList",
    "defaultdict", "OrderedDict", "frozenset", "FrozenSet", "tuple", "Tuple",
})  # fmt: skip
RELATIONSHIPS = frozenset({"relationship", "Relationship", "dynamic_loader"})
KINDS = {
    "synonym": "synonym", "column_property": "column_property", "association_proxy": "proxy",
    "AssociationProxy": "proxy", "composite": "composite", "query_expression": "column_property",
    "deferred": "column_property", "hybrid_property": "hybrid", "property": "property",
    "cached_property": "property",
}  # fmt: skip


def function_kind(function: Function) -> str | None:
    """What a function in a class body is to the mapper; `None` for a plain method."""
    if function.decorated_by("declared_attr", "directive"):
        return "declared"
    if function.decorated_by("synonym_for"):
        return "synonym"
    if function.decorated_by("hybrid_property"):
        return "hybrid"
    if function.decorated_by("property", "cached_property"):
        return "property"
    for decorator in function.decorators:  # `@label.setter`, `@label.inplace.expression`
        above = decorator
        while isinstance(above, Member):
            above = above.owner
        if isinstance(above, Function) and above is not function:
            return function_kind(above)
    return None


def unseen_function(value: Made) -> bool:
    """Whether a function of a package that is not at hand made a value: what it returns may be a column."""
    callee = value.callee
    if not isinstance(callee, External) or callee.root in KNOWN or callee.root == "builtins":
        return False
    return callee.name[:1].islower() and callee.name not in KINDS


def table_attribute(value: Value) -> str | None:
    """The column that `__table__.c.name` in a class body means, `deferred(table.c.name)` too."""
    while made_by(value, *WRAPPERS) and value.args:
        value = value.args[0]
    if isinstance(value, Member) and isinstance(value.owner, Member) and value.owner.name in ("c", "columns"):
        return value.name
    return None
