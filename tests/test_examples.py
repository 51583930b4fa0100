"""Examples in docstrings: every public function and method of a public class has one, and it is run with the tests."""

from __future__ import annotations

import doctest
import inspect

import pytest

import estimates
from estimates.evaluation.checking import Check
from estimates.evaluation.result import Evaluation
from estimates.evaluation.simulation import Simulation
from estimates.inference.coverage import CoverageAnswers
from estimates.lists.captured import Captured
from estimates.results.claims import Claim

PUBLIC = [getattr(estimates, name) for name in estimates.__all__ if not name.startswith("__")]
#: What public functions give, which users hold too.
GIVEN = [Captured, Check, Claim, CoverageAnswers, Evaluation, Simulation]
#: Errors have no methods of their own.
CLASSES = [thing for thing in PUBLIC if inspect.isclass(thing) and not issubclass(thing, Exception)] + GIVEN


def examples(thing: object) -> list[doctest.Example]:
    return doctest.DocTestParser().get_examples(inspect.getdoc(thing) or "")


@pytest.mark.parametrize("kind", CLASSES, ids=lambda kind: kind.__name__)
def test_every_public_method_has_an_example(kind: type) -> None:
    """No method that users call is without one."""
    methods = inspect.getmembers(kind, lambda member: inspect.isfunction(member) or inspect.ismethod(member))
    assert methods
    assert [name for name, method in methods if not name.startswith("_") and not examples(method)] == []


def test_every_public_function_has_an_example() -> None:
    """No function of the package's own namespace is without one."""
    functions = [thing for thing in PUBLIC if inspect.isfunction(thing)]
    assert len(functions) >= 10
    assert [function.__name__ for function in functions if not examples(function)] == []
