"""The static evaluator: a total interpreter of what `facts` say, which runs nothing of the project.

It executes module and class bodies and calls the project's own functions on known arguments; what is
external stays symbolic (`Made`), what is not settled is `Unknown`. Steps are bounded.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager

from msgspec import Struct

from ormlint.facts.code import Const, Expr, Stmt
from ormlint.findings import Place
from ormlint.graph.machine import altered, attributes, calls, expressions, statements, weight
from ormlint.graph.machine.effects import Effects
from ormlint.graph.machine.modules import Modules
from ormlint.graph.machine.recorded import Record
from ormlint.graph.machine.scope import Scope
from ormlint.graph.machine.signals import Raised, Signal
from ormlint.graph.machine.values import (
    ClassValue,
    External,
    Function,
    ImportRef,
    Made,
    ModuleValue,
    Unknown,
    Value,
)  # fmt: skip

MAX_STEPS = 2_000_000
"""Expressions evaluated between two calls of `refill`: a loop over known values ends somewhere."""

MAX_NESTING = 400
"""Expressions within one another, through calls and imports."""
FRAMES = 20_000
"""Python frames that this nesting can take."""

Hook = Callable[["Machine", Value, list[Value], dict[str, Value], Place], Value]
"""Called with a symbolic callee and its arguments; `NotImplemented` leaves the call symbolic."""


class Hooks(Struct):
    """What a caller of the machine answers itself: calls of external names, members of external values."""

    call: list[Hook] = []
    member: list[Callable[[Machine, Value, str], Value]] = []


class Machine:
    """Evaluates modules, expressions and calls; one per run."""

    def __init__(self, modules: Modules) -> None:
        self.modules = modules
        self.hooks = Hooks()
        self.maybe = 0
        """Above zero inside a branch whose condition is not settled."""
        self.depth = 0
        self.entered: dict[int, list[int]] = {}
        """What `maybe` was where each function was called that is being run, by its node."""
        self.nesting = 0
        self.catchers = 0
        """How many would have a say in an exception that is raised now."""
        self.steps = MAX_STEPS
        self.made = Record()
        """Every symbolic call of a name that `watch` holds, with the module being executed."""
        self.watch: frozenset[str] = frozenset()
        self.running: list[ModuleValue] = []
        self.assigned_externals: dict[str, Value] = {}
        """What was assigned to attributes of external names: `SQLModel.metadata.naming_convention`."""
        self.effects = Effects()

    # -- modules --

    def execute(self, module: ModuleValue) -> ModuleValue:
        """Run a module's body once; a module in the midst of running stays partial, as in Python."""
        if self.running:
            self.effects.ask(self.running[-1], module)
            self.modules.note_entered(module, self.running[-1])
        if module.state != "new":
            return module
        module.state = "running"
        self.modules.begun[module.path] = None
        facts = self.modules.facts(module)
        if facts is not None:
            scope = Scope("module", module.namespace, module)
            module.namespace.setdefault("__name__", module.name)
            module.namespace.setdefault("__file__", Unknown("a path of the machine"))
            self.running.append(module)
            depth, self.depth = self.depth, 0
            maybe, self.maybe = self.maybe, 0
            self.refill()
            try:
                statements.run(self, facts.body, scope)
            finally:
                self.running.pop()
                self.depth, self.maybe = depth, maybe
        module.state = "done"
        self.modules.left[module.path] = altered.state_of(module)
        return module

    def is_altered(self, module: ModuleValue) -> bool:
        """Whether others changed a module, or what it holds, after it had run."""
        if module.path in self.effects.reached:
            return True
        left = self.modules.left.get(module.path)
        return left is not None and altered.is_altered(module, left)

    def import_module(self, name: str, importer: ModuleValue) -> Value:
        """What `import name` gives: a module of the project, else an external name."""
        module = self.modules.find(name, importer)
        return module if module is not None else External(name)

    def import_name(self, ref: ImportRef) -> Value:
        """What `from module import attr` gives."""
        module = self.import_module(ref.module, ref.importer)
        if ref.attr is None:
            return module
        if isinstance(module, ModuleValue):
            return self.module_attribute(module, ref.attr, ref)
        # A namespace package has no file of its own: its modules are found by their full name.
        inner = self.modules.find(f"{ref.module}.{ref.attr}", ref.importer)
        return inner if inner is not None else attributes.external_member(self, module, ref.attr)

    def module_attribute(self, module: ModuleValue, name: str, ref: ImportRef | None = None) -> Value:
        self.execute(module)
        if name in module.namespace:
            value = module.namespace[name]
            if isinstance(value, ImportRef):
                if value is ref or (value.module == module.name and value.attr == name):
                    inner = self.modules.find(f"{module.name}.{name}", module)  # a package's own module
                    return inner or Unknown(f"`{name}` is imported from itself", name=name)
                # Broken loops of re-exports end here: the name stands as unknown while it is resolved.
                module.namespace[name] = Unknown(f"`{name}` is imported in a circle", name=name)
                value = module.namespace[name] = self.import_name(value)
            return value
        submodule = self.modules.find(f"{module.name}.{name}", module)
        if submodule is not None:
            return submodule
        if module.is_stub:  # which tells of some names of its package, not of all
            return External(f"{module.name}.{name}")
        if module.state == "running":
            return (
                ImportRef(module.name, name, module, 0)
                if ref is None
                else Unknown("a circular import", name=name)
            )
        return Unknown(f"`{module.name}` has no `{name}`", Place(module.path, 1), name)

    def opened(self, value: External, importer: ModuleValue) -> Value:
        """The class or function of a package whose source is at hand; else the name itself."""
        found = self.modules.package_of(value.path, importer)
        if found is None:
            return value
        opened: Value = found[0]
        for name in found[1]:
            opened = self.get(opened, name)
        return opened if isinstance(opened, (ClassValue, Function)) else value

    # -- evaluation --

    def evaluate(self, expr: Expr, scope: Scope) -> Value:
        """The value of an expression; never raises for what a source can say."""
        self.steps -= 1
        if self.steps < 0 or self.nesting > MAX_NESTING:
            return Unknown("too many steps, or nested too deeply", Place(scope.module.path, expr.line))
        if isinstance(expr, Const):
            return expr.value
        kind = type(expr)
        self.nesting += 1
        try:
            value = expressions.EVALUATORS[kind](self, expr, scope)
        finally:
            self.nesting -= 1
        if kind in expressions.MAKING:
            return weight.bounded(self, value, scope.module.path, expr.line)
        return value

    def refill(self) -> None:
        """Grant a fresh budget of steps."""
        self.steps = MAX_STEPS

    def run(self, body: Sequence[Stmt], scope: Scope) -> Signal | None:
        return statements.run(self, body, scope)

    def get(self, value: Value, name: str) -> Value:
        """The attribute of a value."""
        return attributes.get(self, value, name)

    def call(
        self, callee: Value, args: list[Value], kwargs: dict[str, Value], place: Place, open_: bool = False
    ) -> Value:
        return calls.call(self, callee, args, kwargs, place, open_)

    def invoke(self, function: Function, args: list[Value], kwargs: dict[str, Value] | None = None) -> Value:
        """Call a function of the project with known arguments; one that raises gives `Unknown`."""
        try:
            with self.catching():
                return calls.invoke(self, function, args, kwargs or {})
        except Raised:
            return Unknown(f"`{function.name}` raises", Place(function.module.path, function.node.line))

    def declare(self, cls: ClassValue) -> None:
        """A class came into being."""
        self.effects.make(self.running[-1] if self.running else None, cls)

    def place(self, scope: Scope, line: int) -> Place:
        return Place(scope.module.path, line)

    @contextmanager
    def catching(self) -> Iterator[None]:
        """What is raised inside may be caught."""
        self.catchers += 1
        try:
            yield
        finally:
            self.catchers -= 1

    @contextmanager
    def uncertain(self) -> Iterator[None]:
        """What happens inside may happen or not."""
        self.maybe += 1
        try:
            yield
        finally:
            self.maybe -= 1

    def record(self, made: Made, name: str) -> None:
        if name in self.watch and self.running:
            made.conditional = self.maybe > 0
            self.made.add(name, self.running[-1], made)
