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


#: Marked functions that are long.
APART: set[Callable[..., object]] = set()


def apart[F: Callable[..., object]](function: F) -> F:
    """Mark a long function as one that compiled code calls, and does not write out in the place that calls it.

    Written out, each copy is compiled anew, in ever longer functions: that took most of the time of the first run.
    """
    APART.add(function)
    return formula(function)
