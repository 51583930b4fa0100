"""What stands where: labels touch nothing, no line crosses one, and every thing stands at its number."""

from __future__ import annotations

from collections.abc import Iterable
from itertools import combinations, pairwise

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from estimates.plots.event_layout import EventLayout, event_layout
from estimates.plots.history_layout import Step, history_layout
from estimates.plots.posterior_layout import modes_of, posterior_layout
from estimates.plots.room import NARROW, Label, Room, Rule
from estimates.plots.rows_layout import Row, RowsLayout, rows_layout
from estimates.plots.scale import Scale, choose_scale
from estimates.plots.shares_layout import coverage_layout, likely_counts, transform_layout
from estimates.plots.things import COLUMNS, Bar, Curve, Mark, density

NAMES = st.sampled_from(
    [
        "",
        "AP",
        "Syrian Observatory for Human Rights",
        "W" * 40,
        "漢字" * 20,
        "iiii llll " * 9,
        "Жж, вести",
        "x" * 10_000,
    ]
)
SHAPES = st.sampled_from(["exact", "at_least", "up_to", "about", "range", "vague", "none", "floor"])
COUNTS = st.integers(0, 10**7)


@st.composite
def a_mark(draw: st.DrawFn) -> Mark:
    low, high = sorted((draw(COUNTS), draw(COUNTS)))
    shape = draw(SHAPES)
    spans = shape in ("about", "range", "vague")
    name = draw(NAMES)
    return Mark(name, f"about {low:,}", name, shape, low, high if spans else low, muted=draw(st.booleans()))


@st.composite
def a_bar(draw: st.DrawFn, layer: str = "documented") -> Bar:
    ends = sorted(draw(st.tuples(*[COUNTS] * 7)))
    return Bar(draw(NAMES), layer, ends[3], ((ends[2], ends[4]), (ends[1], ends[5]), (ends[0], ends[6])))


MARKS = st.lists(a_mark(), max_size=6)
BARS = st.lists(a_bar(), min_size=1, max_size=3)
FLOORS = st.none() | COUNTS


def rectangles(labels: Iterable[Label], width: float) -> list[tuple[float, float, float, float]]:
    return [(*label.extent(width), label.line - 0.5, label.line + 0.5) for label in labels]


def touch(labels: Iterable[Label], width: float) -> bool:
    """Whether any two labels overlap."""
    return any(
        one[0] < other[1] and other[0] < one[1] and one[2] < other[3] - 1e-9 and other[2] < one[3] - 1e-9
        for one, other in combinations(rectangles(labels, width), 2)
    )


def crossing(labels: Iterable[Label], rules: Iterable[Rule], scale: Scale, width: float) -> list[Rule]:
    """Rules that cross a label, on a scale of so many ems."""
    return [
        rule
        for rule in rules
        for left, right, top, bottom in rectangles(labels, width)
        if left < scale.share(rule.value) < right and rule.top < bottom - 1e-9 and rule.bottom > top + 1e-9
    ]


# One event ------------------------------------------------------------------------------------------------------------


def the_event(marks: list[Mark], bars: list[Bar], floor: int | None) -> EventLayout:
    return event_layout(marks, bars, floor=floor, unit="people killed")


@settings(max_examples=40)
@given(MARKS, BARS, FLOORS, st.floats(NARROW.width, 80.0))
def test_no_label_of_an_event_touches_another_or_is_crossed(
    marks: list[Mark], bars: list[Bar], floor: int | None, width: float
) -> None:
    """On a phone and in any wider picture, labels stand apart and rules are broken where they stand."""
    layout = the_event(marks, bars, floor)
    assert not touch(layout.labels, width)
    assert crossing(layout.labels, layout.rules, layout.scale, width) == []


@settings(max_examples=40)
@given(MARKS, BARS, FLOORS)
def test_labels_of_an_event_have_room_on_a_phone(marks: list[Mark], bars: list[Bar], floor: int | None) -> None:
    """Each begins and ends within the scale; names are cut for it, readings of a usual length are not."""
    layout = the_event(marks, bars, floor)
    for label in layout.labels:
        left, right = label.extent(NARROW.width)
        assert left >= -1e-9
        assert right <= 1.0 + 1e-9
    readings = {mark.reading for mark in marks}
    assert all(any(label.text.endswith(reading) for label in layout.labels) for reading in readings)


@settings(max_examples=40)
@given(MARKS, BARS, FLOORS)
def test_rows_of_an_event_follow_one_another(marks: list[Mark], bars: list[Bar], floor: int | None) -> None:
    """Figures come first, then ranges, each below its label, and the scale stands below all of them."""
    layout = the_event(marks, bars, floor)
    lines = [placed.line for placed in (*layout.marks, *layout.bars)]
    assert lines == sorted(lines)
    assert all(later - earlier >= 1.9 for earlier, later in pairwise(lines))
    assert lines[-1] < layout.lines
    assert [placed.thing for placed in layout.marks] == marks
    assert [placed.thing for placed in layout.bars] == bars


@settings(max_examples=40)
@given(MARKS, BARS, FLOORS)
def test_ranges_of_an_event_are_never_cut(marks: list[Mark], bars: list[Bar], floor: int | None) -> None:
    """The 95% ranges are on the scale, whatever was reported."""
    layout = the_event(marks, bars, floor)
    assert not any(layout.scale.beyond(end) for bar in bars for end in bar.intervals[-1])


def test_a_floor_beyond_the_scale_is_said_and_has_no_line() -> None:
    """A floor of one beside a range of 12 to 133 stands as a word with an arrow; one of 20 has a line."""
    bar = Bar("", "total", 24, ((19, 34), (16, 57), (12, 133)))
    far, near = the_event([], [bar], 1), the_event([], [bar], 20)
    assert [label.text for label in far.labels if label.kind == "floor"] == ["← floor 1"]
    assert [rule for rule in far.rules if rule.kind == "floor"] == []
    assert {rule.value for rule in near.rules if rule.kind == "floor"} == {20}


def test_density_keeps_both_modes_and_all_probability() -> None:
    """The curve of a posterior with two humps has two humps and sums to the probability on the scale."""
    height = density(Scale(0.0, 100.5), two_humps())
    assert height.sum() == pytest.approx(1.0)
    middle = COLUMNS // 2
    assert height[middle] < 0.01 * min(height[:middle].max(), height[middle:].max())


# A posterior ----------------------------------------------------------------------------------------------------------


def two_humps(low: int = 20, high: int = 80) -> Curve:
    edges = np.arange(102)
    probability = np.exp(-0.5 * ((edges[:-1] - low) / 4.0) ** 2) + np.exp(-0.5 * ((edges[:-1] - high) / 4.0) ** 2)
    return Curve("documented", edges, probability / probability.sum())


@settings(max_examples=40)
@given(st.integers(10, 40), st.integers(60, 90))
def test_modes_are_found_where_the_humps_are(low: int, high: int) -> None:
    """Two humps give two modes at their tops, labelled, on a linear scale and on a logarithmic one."""
    layout = posterior_layout(two_humps(low, high), unit="people", form="linear")
    assert [mode.count for mode in layout.modes] == pytest.approx([low, high], abs=1)
    assert [label.text for label in layout.labels if label.kind == "mode"] != []
    curved = posterior_layout(two_humps(low, high), unit="people", form="logarithmic")
    assert [mode.count for mode in curved.modes] == pytest.approx([low, high], abs=2)


def test_small_waves_are_no_modes() -> None:
    """A peak that falls by less than the prominence before it rises higher is passed over; a plateau is one mode."""
    edges = np.arange(8, dtype=float)
    assert [mode.count for mode in modes_of(edges, np.array([0.1, 0.5, 0.45, 1.0, 1.0, 0.3, 0.0]))] == [4]
    assert len(modes_of(edges, np.array([0.1, 0.5, 0.2, 1.0, 1.0, 0.3, 0.5]))) == 3


@settings(max_examples=40)
@given(st.integers(10, 40), st.integers(60, 90), st.none() | st.integers(0, 60), st.lists(COUNTS, max_size=5))
def test_labels_of_a_posterior_touch_nothing(low: int, high: int, floor: int | None, figures: list[int]) -> None:
    """Numbers of modes and of the floor stand apart, the floor's line crosses none, and figures shown are on the scale."""
    layout = posterior_layout(two_humps(low, high), figures, floor, unit="people")
    assert not touch(layout.labels, NARROW.width)
    assert crossing(layout.labels, layout.rules, layout.scale, NARROW.width) == []
    assert not any(layout.scale.beyond(figure) for figure in layout.figures)


def test_shaded_ranges_are_those_of_the_posterior() -> None:
    """Each holds its level of the probability, and with one count less on either side holds less."""
    curve = two_humps()
    for band in posterior_layout(curve, unit="people").bands:
        inside = curve.probability[band.low : band.high + 1].sum()
        assert inside >= band.level / 100 - 1e-9
        assert curve.probability[: band.low].sum() <= (1 - band.level / 100) / 2 + 1e-9
        assert curve.probability[band.high + 1 :].sum() <= (1 - band.level / 100) / 2 + 1e-9


# Over time ------------------------------------------------------------------------------------------------------------

DAYS = st.lists(st.dates().map(str), min_size=1, max_size=12, unique=True).map(sorted)


@settings(max_examples=40)
@given(DAYS, st.data())
def test_dates_of_a_history_stand_apart(days: list[str], data: st.DataObject) -> None:
    """Moments have equal room side by side, the first date is shown, and dates never touch."""
    steps = [Step(day, day, (), (data.draw(a_bar()), data.draw(a_bar("by_now")))) for day in days]
    layout = history_layout(steps, unit="people killed")
    assert [placed.left for placed in layout.steps] == pytest.approx([n / len(days) for n in range(len(days))])
    assert all(one.right == pytest.approx(other.left) for one, other in pairwise(layout.steps))
    assert layout.dates[0].text == days[0]
    assert not touch(layout.dates, NARROW.width)
    assert not any(layout.scale.beyond(end) for step in steps for bar in step.bars for end in bar.intervals[0])


def test_moments_of_one_day_show_their_hours() -> None:
    """The day is written once, later moments of it as an hour."""
    bar = Bar("", "documented", 5, ((4, 6), (3, 9)))
    steps = [Step(f"2020-01-15T{hour}:00", "", (), (bar,)) for hour in (10, 18)] + [Step("2020-01-16", "", (), (bar,))]
    assert [label.text for label in history_layout(steps, unit="").dates] == ["2020-01-15", "18:00", "2020-01-16"]


# Many rows ------------------------------------------------------------------------------------------------------------


@st.composite
def a_row(draw: st.DrawFn) -> Row:
    bars = draw(st.lists(a_bar(), min_size=1, max_size=3))
    return Row(draw(NAMES), tuple(bars), tuple(draw(st.lists(COUNTS, max_size=4))), draw(FLOORS))


def the_rows(rows: list[Row], *, beside: bool, room: Room = NARROW) -> RowsLayout:
    ends = [round(end) for row in rows for bar in row.bars for end in bar.intervals[-1]]
    return rows_layout(rows, choose_scale(ends), unit="people", references=(min(ends),), beside=beside, room=room)


@settings(max_examples=40)
@given(st.lists(a_row(), min_size=1, max_size=8), st.booleans())
def test_rows_stand_apart_with_their_labels(rows: list[Row], beside: bool) -> None:
    """Labels above or beside the rows touch nothing, no rule crosses one, and bars keep their order from above."""
    layout = the_rows(rows, beside=beside)
    width = NARROW.width - layout.label_width
    assert not touch(layout.labels, width)
    assert crossing(layout.labels, layout.rules, layout.scale, width) == []
    lines = [line for placed in layout.rows for line in placed.bar_lines]
    assert lines == sorted(lines)
    assert all(later - earlier > 0.5 for earlier, later in pairwise(lines))
    assert layout.lines > lines[-1]


@settings(max_examples=40)
@given(st.lists(a_row(), min_size=1, max_size=8), st.booleans(), st.floats(4.0, 12.0))
def test_rows_that_have_no_room_are_counted(rows: list[Row], beside: bool, lines: float) -> None:
    """The first rows that fit are shown, and the number of the others is told."""
    layout = the_rows(rows, beside=beside, room=Room(NARROW.width, lines))
    assert layout.lines <= lines or len(layout.rows) == 1
    assert [placed.row for placed in layout.rows] == rows[: len(layout.rows)]
    assert layout.omitted == len(rows) - len(layout.rows)


# Calibration ----------------------------------------------------------------------------------------------------------


@given(st.lists(st.floats(0.0, 1.0), min_size=1, max_size=60))
def test_coverage_counts_tolls_in_central_ranges(transforms: list[float]) -> None:
    """At every level the curve is the share of transforms within that central range, counted one by one."""
    layout = coverage_layout(np.array(transforms))
    for level, share in zip(layout.levels[1:-1].tolist(), layout.shares[1:-1].tolist(), strict=True):
        inside = sum(abs(2 * each - 1) <= level for each in transforms)
        assert share <= inside / len(transforms) + 1e-9
    assert layout.shares[-1] == 1.0
    assert np.all(layout.low <= layout.high)


@given(st.lists(st.floats(0.0, 1.0), min_size=1, max_size=60))
def test_transforms_are_counted_by_tenths(transforms: list[float]) -> None:
    """Every event is in one column, and what is expected lies in the band."""
    layout = transform_layout(np.array(transforms))
    assert layout.counts.sum() == layout.events == len(transforms)
    assert layout.low <= layout.expected <= layout.high or layout.events < 10


@pytest.mark.parametrize(("trials", "chance"), [(20, 0.1), (50, 0.5), (7, 0.8), (200, 0.25)])
def test_band_of_shares_is_binomial(trials: int, chance: float) -> None:
    """The ends agree with SciPy's quantiles of the binomial distribution."""
    from scipy.stats import binom

    low, high = likely_counts(trials, chance)
    assert low == pytest.approx(binom.ppf(0.025, trials, chance), abs=0)
    assert high == pytest.approx(binom.ppf(0.975, trials, chance), abs=0)
