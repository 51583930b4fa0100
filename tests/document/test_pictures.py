"""Pictures of the page are true to their layouts: places on the scale, shapes of figures, and ranges over time."""

from __future__ import annotations

import re
from dataclasses import replace
from typing import Any
from xml.etree import ElementTree

import pytest

from estimates.document.drawing import LINE, MARGIN
from estimates.document.pictures import event_picture, history_picture
from estimates.plots.event_layout import EventLayout, event_layout
from estimates.plots.history_layout import Step, history_layout
from estimates.plots.things import Bar, Mark, Shape

SHAPES = ("exact", "at_least", "up_to", "about", "range", "vague", "none", "floor")
BAR = Bar("full toll", "total", 5, ((4, 6), (3, 8), (2, 20)))
SVG = "{http://www.w3.org/2000/svg}"


def a_mark(shape: Any, low: int = 4, high: int = 9) -> Mark:
    spans = shape in ("range", "vague", "about")
    core = (low, low) if shape == "vague" else None
    return Mark("a <b>", f"{low}", "a & b", shape, low, high if spans else low, core, low if shape == "about" else None)


def drawn(layout: EventLayout) -> ElementTree.Element:
    """The picture, which is well formed."""
    return ElementTree.fromstring(event_picture("p", "t & t", "d", layout))


def per_cent(text: str | None) -> float:
    assert text is not None
    return float(text.rstrip("%"))


def test_ranges_and_ticks_stand_where_the_layout_puts_them() -> None:
    """Read back from the picture: each end of an interval and each number of the scale at its share of the width."""
    layout = event_layout([a_mark("exact")], [BAR], floor=3, unit="people killed")
    root = drawn(layout)

    def place(count: float) -> float:
        return MARGIN + (100 - 2 * MARGIN) * layout.scale.share(count)

    rectangles = [rect for rect in root.iter(f"{SVG}rect") if rect.get("class") in ("inner", "middle", "outer")]
    found = sorted(
        (per_cent(rect.get("x")), per_cent(rect.get("x")) + per_cent(rect.get("width"))) for rect in rectangles
    )
    wanted = sorted((place(low), place(high)) for low, high in BAR.intervals)
    assert [end for ends in found for end in ends] == pytest.approx([end for ends in wanted for end in ends], abs=0.02)

    numbers = {
        text.text: per_cent(text.get("x")) for text in root.iter(f"{SVG}text") if text.get("text-anchor") == "middle"
    }
    assert all(numbers[tick.label] == pytest.approx(place(tick.value), abs=0.01) for tick in layout.ticks)
    floors = [line for line in root.iter(f"{SVG}line") if line.get("class") == "floor"]
    assert floors
    assert all(per_cent(line.get("x1")) == pytest.approx(place(3), abs=0.01) for line in floors)


def test_labels_stand_in_their_lines_and_rules_between_them() -> None:
    """Each label of the layout is a text at its line, escaped, and no vertical line passes through a line of text."""
    layout = event_layout([a_mark("exact"), a_mark("range")], [BAR], floor=3, unit="people killed")
    root = drawn(layout)
    texts = {(text.text, float(text.get("y", "nan"))) for text in root.iter(f"{SVG}text")}
    assert {(label.text, LINE * label.line + 4) for label in layout.labels} <= texts
    assert "<b>" not in event_picture("p", "t", "d", layout)

    for line in root.iter(f"{SVG}line"):
        if line.get("class") == "grid":
            top, bottom = float(line.get("y1", "nan")), float(line.get("y2", "nan"))
            inside = [label for label in layout.labels if top < LINE * label.line < bottom]
            assert inside == []


@pytest.mark.parametrize("shape", SHAPES)
def test_each_shape_is_drawn_differently(shape: Any) -> None:
    """No two wordings look the same."""

    def of(which: Any) -> str:
        return event_picture("p", "t", "d", event_layout([a_mark(which)], [BAR], unit="people"))

    assert all(of(shape) != of(other) for other in SHAPES if other != shape)


@pytest.mark.parametrize("shape", SHAPES)
def test_what_lies_beyond_the_scale_is_an_arrow_at_its_end(shape: Any) -> None:
    """A figure of a million beside a range of 2 to 20 points out of the picture, and nothing is drawn outside it."""
    mark = replace(a_mark(shape, 10**6, 2 * 10**6), muted=True)
    layout = event_layout([mark], [BAR], unit="people")
    text = event_picture("p", "t", "d", layout)
    assert layout.scale.beyond(10**6) == 1
    assert text.count('class="beyond"') == 1
    assert max(float(found) for found in re.findall(r'([\d.]+)%"', text)) <= 100


# Ranges over time ------------------------------------------------------------------------------------------------------


def a_step(moment: str, low: int, median: int, high: int, *marks: Mark) -> Step:
    return Step(moment, f"{moment} <title>", marks, (Bar("end", "documented", median, ((low, high), (low, high))),))


def over_time(*steps: Step) -> str:
    return history_picture("h", "T & t", "d", history_layout(steps, unit="people"))


def test_bands_stand_at_their_counts_and_moments_side_by_side() -> None:
    """Read back from the picture: equal columns without gaps, and heights that are linear in the count."""
    svg = over_time(a_step("a", 10, 20, 30), a_step("b", 20, 25, 30), a_step("", 6, 15, 30))
    root = ElementTree.fromstring(svg)
    bands = [rect.attrib for rect in root.iter(f"{SVG}rect") if rect.get("class") == "likely"]
    left = [per_cent(band["x"]) for band in bands]
    width = [per_cent(band["width"]) for band in bands]
    assert width == pytest.approx([width[0]] * 3, abs=0.02)
    assert left == pytest.approx([0, 100 / 3, 200 / 3], abs=0.02)
    tall = [float(band["height"]) for band in bands]
    assert tall == pytest.approx([tall[0], tall[0] / 2, tall[0] * 24 / 20], abs=0.02)
    assert len({band["y"] for band in bands}) == 1  # all end at 30
    medians = [float(line.attrib["y1"]) for line in root.iter() if line.attrib.get("class") == "then"]
    top, bottom = float(bands[0]["y"]), float(bands[0]["y"]) + tall[0]
    assert medians == pytest.approx([bottom + (top - bottom) * (count - 10) / 20 for count in (20, 25, 15)], abs=0.02)


def test_numbers_of_a_vertical_scale_stand_left_of_the_bands() -> None:
    """The picture begins with room for them, in pixels, and each ends before the bands begin."""
    svg = over_time(a_step("a", 10, 200, 300_000), a_step("b", 10, 200, 300_000))
    root = ElementTree.fromstring(svg)
    assert re.search(r"padding-left:(\d+)px", root.get("style", "")) is not None
    numbers = [text for text in root.iter(f"{SVG}text") if text.get("text-anchor") == "end"]
    assert len(numbers) >= 2
    assert all(float(text.get("x", "nan")) < 0 for text in numbers)


@pytest.mark.parametrize("shape", ["exact", "at_least", "up_to", "none", "range"])
def test_figures_on_the_vertical_scale_differ_by_what_they_say(shape: Shape) -> None:
    """Open-ended figures and spans are not drawn like a number."""

    def of(shape: Shape) -> str:
        return over_time(a_step("a", 10, 20, 30, a_mark(shape, 12, 25)))

    others: tuple[Shape, ...] = ("exact", "at_least", "up_to", "none", "range")
    assert of(shape) not in [of(other) for other in others if other != shape]
