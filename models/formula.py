"""A mark for the functions that compiled code is made of; they stay plain Python.

Formulas and loops are written as functions of numbers and arrays and can be called, tested and stepped through as they
stand. The mark puts them on the list of those that ``compiled`` hands to the compiler when it first needs one.
"""

from __future__ import annotations

from collections.abc import Callable

#: All marked functions, in the order in which they were defined.
MARKED: list[Callable[..., object]] = []


def formula[F: Callable[..., object]](function: F) -> F:
    """Mark a function as one that compiled code may call; it comes back unchanged."""
    MARKED.append(function)
    return function
