"""Pictures are true to their numbers: places on the scale, shapes of figures, densities and ranges over time."""

from __future__ import annotations

from typing import Any
from xml.etree import ElementTree

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from estimates.document.axis import MARGIN, TICK_DISTANCE, Axis, choose_axis
from estimates.document.drawing import COLUMNS, Bar, Curve, Mark, Shape, density
from estimates.document.pictures import Step, history_picture, picture


@given(st.lists(st.integers(0, 10**9), min_size=1, max_size=20))
def test_every_count_has_a_place_on_the_axis_in_order(counts: list[int]) -> None:
    """Places lie within the margins and rise with the counts, ticks are distinct and within the scale."""
    axis = choose_axis(counts)
    places = [axis.position(count) for count in sorted(counts)]
    assert places == sorted(places)
    assert MARGIN <= places[0] <= places[-1] <= 100 - MARGIN
    ticks = axis.ticks()
    assert len(ticks) == len(set(ticks)) >= 2
    gaps = np.diff([axis.position(tick) for tick in ticks])
    assert gaps.min() >= 0.9 * TICK_DISTANCE * (100 - 2 * MARGIN) / 100


@given(st.lists(st.integers(0, 10**9), min_size=2, max_size=20), st.floats(MARGIN, 100 - MARGIN))
def test_count_undoes_position(counts: list[int], place: float) -> None:
    """The count at a place has that place."""
    axis = choose_axis(counts)
    assert axis.position(axis.count(place)) == pytest.approx(place, abs=1e-6)


def test_small_spans_are_linear_and_wide_ones_logarithmic() -> None:
    """18 to 40 is linear, 3 to 3,000 logarithmic, 900 to 1,300 linear although large."""
    assert not choose_axis([18, 40]).logarithmic
    assert choose_axis([3, 3_000]).logarithmic
    assert not choose_axis([900, 1_300]).logarithmic
    assert choose_axis([3, 3_000]).ticks()[-1] == 3_000


def test_density_keeps_both_modes_and_all_probability() -> None:
    """The curve of a posterior with two humps has two humps and sums to the probability on the scale."""
    edges = np.arange(102)
    probability = np.exp(-0.5 * ((edges[:-1] - 20) / 4.0) ** 2) + np.exp(-0.5 * ((edges[:-1] - 80) / 4.0) ** 2)
    probability /= probability.sum()
    height = density(Axis(0.0, 100.5, False), Curve("documented", edges, probability))
    assert height.sum() == pytest.approx(1.0)
    middle = COLUMNS // 2
    assert height[middle] < 0.01 * min(height[:middle].max(), height[middle:].max())


@pytest.mark.parametrize("shape", ["exact", "at_least", "up_to", "about", "range", "vague", "none", "floor"])
def test_each_shape_is_drawn_differently(shape: Any) -> None:
    """No two wordings look the same, and a label is escaped."""
    bar = Bar("full toll", "total", 5, ((4, 6), (3, 8), (2, 20)))

    def drawn(which: Any) -> str:
        mark = Mark("a <b>", "a & b", which, 4, 4 if which != "range" else 9, (4, 4) if which == "vague" else None)
        text = picture("p", "t", "d", "people", [mark], [bar])
        ElementTree.fromstring(text)
        assert "<b>" not in text
        return text

    others = {"exact", "at_least", "up_to", "about", "range", "vague", "none", "floor"} - {shape}
    assert all(drawn(shape) != drawn(other) for other in others)


# Ranges over time ------------------------------------------------------------------------------------------------------


def a_step(label: str, low: int, median: int, high: int, *marks: Mark) -> Step:
    return Step(label, f"{label} <title>", marks, (Bar("end", "documented", median, ((low, high),)),))


def test_bands_stand_at_their_counts_and_moments_side_by_side() -> None:
    """Read back from the picture: equal columns without gaps, and heights that are linear in the count."""
    svg = history_picture(
        "h", "T & t", "d", "people", [a_step("a", 10, 20, 30), a_step("b", 20, 25, 30), a_step("", 0, 15, 30)]
    )
    root = ElementTree.fromstring(svg)
    bands = [rect.attrib for rect in root.iter("{http://www.w3.org/2000/svg}rect")]
    left = [float(band["x"].rstrip("%")) for band in bands]
    width = [float(band["width"].rstrip("%")) for band in bands]
    assert width == pytest.approx([width[0]] * 3, abs=0.02)
    assert left[1:] == pytest.approx([left[0] + width[0], left[0] + 2 * width[0]], abs=0.02)
    tall = [float(band["height"]) for band in bands]
    assert tall == pytest.approx([tall[0], tall[0] / 2, tall[0] * 3 / 2], abs=0.02)
    assert len({band["y"] for band in bands}) == 1  # all end at 30
    medians = [float(line.attrib["y1"]) for line in root.iter() if line.attrib.get("class") == "then"]
    top, bottom = float(bands[2]["y"]), float(bands[2]["y"]) + tall[2]
    assert medians == pytest.approx([bottom + (top - bottom) * count / 30 for count in (20, 25, 15)], abs=0.02)


@pytest.mark.parametrize("shape", ["exact", "at_least", "up_to", "none", "range"])
def test_figures_on_the_vertical_scale_differ_by_what_they_say(shape: Shape) -> None:
    """Open-ended figures and spans are not drawn like a number."""

    def drawn(shape: Shape) -> str:
        high = 25 if shape == "range" else 12
        return history_picture("h", "t", "d", "u", [a_step("a", 10, 20, 30, Mark("", "", shape, 12, high))])

    others = [drawn(other) for other in ("exact", "at_least", "up_to", "none", "range") if other != shape]  # type: ignore[arg-type]
    assert drawn(shape) not in others
