"""Many times at once are what they are one by one."""

from __future__ import annotations

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from estimates.table.dates import ages, parse_time, precedes
from estimates.table.times import ages_of, are_plain, preceding, times_of

DAYS = st.sampled_from(
    ["2020-01-15", "2020-01-16", "2020-02-29", "1000-01-01", "2999-12-31", "1969-12-31", "2019-12-31"]
)
CLOCKS = st.sampled_from(
    ["", "", "T00:00", " 14:30", "t23:59", "T10", "T10:30Z", "T10:30+03:00", "T23:30-11:30", "T1:00:20"]
)
COARSE = st.sampled_from(["2020", "2020-01", "2020-01-14/2020-01-16", "2020-01-15T10:00/2020-01-15T12:00"])
TEXTS = st.one_of(st.builds(str.__add__, DAYS, CLOCKS), COARSE)
#: Letters of which dates that do not exist, and what only looks like a date, are made as well.
SHAPED = st.from_regex(r"[0-3][0-9]{3}-[01][0-9]-[0-3][0-9]([Tt ][0-2][0-9]:[0-6][0-9])?", fullmatch=True)


def exists(text: str) -> bool:
    try:
        parse_time(text)
    except ValueError:
        return False
    return True


TIMES = TEXTS.filter(exists)


@given(st.lists(st.tuples(st.none() | TIMES, st.none() | TIMES), min_size=1, max_size=8))
def test_ages_and_order_are_those_of_each_pair(pairs: list[tuple[str | None, str | None]]) -> None:
    """Ages are the same to the last bit, unknown ones included, and so is which report came before its event."""
    reported, event = (times_of(texts) for texts in zip(*pairs, strict=True))
    found = zip(*ages_of(reported, event), preceding(reported, event), strict=True)
    for (one, other), (low, high, before) in zip(pairs, found, strict=True):
        times = parse_time(one) if one else None, parse_time(other) if other else None
        expected = ages(*times) or (math.nan, math.nan)
        np.testing.assert_array_equal((low, high), expected)
        assert before == (None not in times and precedes(*times))  # type: ignore[arg-type]


@given(st.lists(SHAPED, max_size=8))
def test_plain_times_are_those_that_exist(texts: list[str]) -> None:
    """Of days and minutes in the usual spelling those pass that the calendar and the clock have."""
    assert are_plain(texts) == [exists(text) for text in texts]


@pytest.mark.parametrize(
    "text", ["", "2020", "2020-01", "2020-1-15", "2020-01-15T10", "2020-01-15T10:30Z", "2020-01-15\x00", "٢٠٢٠-01-15", " 2020-01-15"]
)  # fmt: skip
def test_other_spellings_are_not_plain(text: str) -> None:
    """They are left to the reader of one time, which knows them all."""
    assert are_plain([text]) == [False]
