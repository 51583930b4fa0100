"""The tables that come with the package."""

from __future__ import annotations

import pytest

from estimates.errors import EstimatesError
from estimates.table.example import load_example


def test_the_example_holds_every_statement_of_the_article() -> None:
    """The Idlib example codes the article's fifteen statements in the forms the article uses."""
    table = load_example().table
    forms = list(zip(table["event"].str.split().str[0], table["outcome"], table["wording"], table["low"], strict=True))
    assert forms == [
        ("Idlib", "killed", "at_least", 18), ("Idlib", "strikes", "exactly", 51), ("Idlib", "strikes", "at_least", 73),
        ("Idlib", "munitions", "exactly", 530), ("Idlib", "killed", "about", 21), ("Idlib", "injured", "exactly", 82),
        ("Idlib", "killed", "exactly", 1), ("Idlib", "strikes", "exactly", 10), ("Idlib", "incidents", "exactly", 26),
        ("Idlib", "killed", "not_confirmed", None), ("Idlib", "displaced", "vague", None),
        ("Idlib", "killed", "no_comment", None), ("Idlib", "displaced", "at_least", 300_000),
        ("T4", "munitions", "exactly", 4), ("T4", "killed", "none", 0),
    ]  # fmt: skip
    assert table.loc[table["provisional"], "low"].tolist() == [21]
    assert table.loc[table["subset"], "group"].tolist() == ["members"]
    assert table.loc[table["event"] == "T4 air base", "age_low"].tolist() == [1.0, 1.0]


def test_an_example_that_is_not_there_is_refused_with_those_that_are() -> None:
    """An unknown example, and a path in its place, names the examples there are."""
    with pytest.raises(EstimatesError, match=r"no example '\.\./idlib'; choose from .*idlib_2020"):
        load_example("../idlib")
