"""Figures and parameters that several tests of the oracle share."""

from __future__ import annotations

from oracles.brute_force import Figure, Parameters

#: Sources that hold the toll exactly, so that a form's likelihood at C is P(words | K = C), and sources that never do.
CERTAIN = Parameters(exactness=1000.0)

#: One figure of each form that carries a number.
NUMERIC = (
    Figure("A", "exactly", low=25, high=25),
    Figure("A", "range", low=18, high=24),
    Figure("A", "at_least", low=18),
    Figure("A", "more_than", low=18),
    Figure("A", "nearly", high=30),
    Figure("A", "up_to", high=21),
    Figure("A", "at_most", high=21),
    Figure("A", "about", low=20, high=20),
    Figure("A", "vague", word="several"),
)


def name(figure: Figure) -> str:
    """Name a figure in a test's title."""
    return figure.wording
