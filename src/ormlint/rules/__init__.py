"""The rules, each a module of its own; `catalogue` has them all."""
