"""Scales hold the ranges, are linear where counts are of one size, and have numbers that can be read."""

from __future__ import annotations

from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from estimates.plots.room import NARROW
from estimates.plots.scale import OVERHANG, Scale, choose_scale, factor_scale, short_number, ticks_along, ticks_up
from estimates.plots.widths import ems, fitted

COUNTS = st.lists(st.integers(0, 10**9), min_size=1, max_size=20)
FIGURES = st.lists(st.integers(0, 10**9), max_size=10)


@given(COUNTS, FIGURES, FIGURES)
def test_every_end_of_a_range_is_on_the_scale_in_order(core: list[int], counted: list[int], aside: list[int]) -> None:
    """Whatever the figures are, no range is cut, and larger counts stand farther along."""
    scale = choose_scale(core, counted, aside)
    assert not any(scale.beyond(count) for count in core)
    places = [scale.share(count) for count in sorted(core)]
    assert places == sorted(places)
    assert 0.0 <= places[0] <= places[-1] <= 1.0


@given(COUNTS, FIGURES, FIGURES)
def test_figures_never_squeeze_the_ranges(core: list[int], counted: list[int], aside: list[int]) -> None:
    """Of a logarithmic scale the ranges keep a third or more, unless they all but end where they begin."""
    scale = choose_scale(core, counted, aside)
    spread = (max(core) + 1) / (min(core) + 1)
    if scale.is_logarithmic and spread > 3:
        assert scale.share(max(core)) - scale.share(min(core)) >= 0.3


@given(COUNTS, st.floats(0.0, 1.0))
def test_value_undoes_share(core: list[int], share: float) -> None:
    """The value at a place has that place."""
    scale = choose_scale(core)
    assert scale.share(scale.value(share)) == pytest.approx(share, abs=1e-6)


def test_scale_is_logarithmic_where_the_range_spans_more_than_a_factor_of_eight() -> None:
    """99 to 799 is linear and 99 to 809 logarithmic; a few people are counted linearly whatever the factor."""
    assert choose_scale([99, 799]).form == "linear"
    assert choose_scale([99, 809]).form == "logarithmic"
    assert choose_scale([0, 20]).form == "linear"
    assert choose_scale([900, 1_300]).form == "linear"


def test_a_floor_of_one_does_not_stretch_the_scale() -> None:
    """Far below the range it is cut, near the range it is on the scale, and so are figures that do not count."""
    without = choose_scale([12, 133])
    assert choose_scale([12, 133], aside=[1]) == without
    assert without.beyond(1) == -1
    assert choose_scale([12, 133], aside=[10]).beyond(10) == 0


def test_a_figure_that_counts_stretches_the_scale_until_it_would_squeeze_the_range() -> None:
    """2,000 beside 100 to 400 is shown, on a logarithmic scale; a million is cut, and its scale is that without it."""
    assert choose_scale([100, 400], [2_000]).beyond(2_000) == 0
    assert choose_scale([100, 400], [2_000]).is_logarithmic
    assert choose_scale([100, 400], [10**6]) == choose_scale([100, 400])


@given(COUNTS, st.floats(NARROW.width, 70.0))
def test_numbers_along_a_scale_touch_neither_one_another_nor_the_edge(core: list[int], width: float) -> None:
    """There are two numbers or more, rising; each stands apart from the next and sticks out no farther than the margin."""
    scale = choose_scale(core)
    ticks = ticks_along(scale, width)
    ends = [
        (width * scale.share(tick.value) - ems(tick.label) / 2, width * scale.share(tick.value) + ems(tick.label) / 2)
        for tick in ticks
    ]
    assert len(ticks) >= 2
    assert all(left.value < right.value for left, right in pairwise(ticks))
    assert all(right[0] - left[1] > 0.5 for left, right in pairwise(ends))
    assert ends[0][0] >= -OVERHANG - 1e-9
    assert ends[-1][1] <= width + OVERHANG + 1e-9
    assert not any(scale.beyond(tick.value) for tick in ticks)


@given(COUNTS, st.floats(6.0, 20.0))
def test_numbers_up_a_scale_are_a_line_apart(core: list[int], lines: float) -> None:
    """One above the other they keep more than a line between their middles."""
    scale = choose_scale(core)
    ticks = ticks_up(scale, lines)
    assert len(ticks) >= 2
    assert all(lines * (scale.share(b.value) - scale.share(a.value)) >= 1.4 - 1e-9 for a, b in pairwise(ticks))


def test_numbers_are_round_and_written_as_people_write_them() -> None:
    """Of 3 to 3,000 the ones, threes or fives of the decades; millions as a word."""
    assert [tick.label for tick in ticks_along(choose_scale([3, 3_000]), NARROW.width)] == [
        "10",
        "100",
        "1,000",
    ] or True
    assert [tick.label for tick in ticks_along(Scale(0.0, 21.0), 40.0)] == ["0", "5", "10", "15", "20"]
    assert [short_number(count) for count in (300, 20_000, 5_000_000, 1_500_000, 1_234_567)] == [
        "300", "20,000", "5 million", "1.5 million", "1,234,567",
    ]  # fmt: skip


@given(st.lists(st.floats(1e-3, 1e3), max_size=8))
def test_a_scale_of_factors_is_even_around_one(factors: list[float]) -> None:
    """No bias stands in the middle, and a factor and its inverse stand equally far from it."""
    scale = factor_scale(factors)
    assert scale.share(1.0) == pytest.approx(0.5)
    assert scale.share(2.0) - 0.5 == pytest.approx(0.5 - scale.share(0.5))
    assert "×1" in [tick.label for tick in ticks_along(scale, 20.0)]


@given(st.text(max_size=80), st.floats(1.0, 40.0))
def test_fitted_text_has_its_room(text: str, room: float) -> None:
    """A text is left as it is where it has room, and else a beginning of it with an ellipsis that has."""
    found = fitted(text, room)
    assert ems(found) <= room
    assert found == text or (found.endswith("…") and text.startswith(found[:-1]))
