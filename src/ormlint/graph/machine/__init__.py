"""The static evaluator."""

from ormlint.graph.machine.machine import Hooks, Machine
from ormlint.graph.machine.modules import Modules

__all__ = ["Hooks", "Machine", "Modules"]
