"""What Matplotlib draws is what the tables say, on the axes it was given, and nothing else is touched."""

from __future__ import annotations

import pickle
import re
import subprocess
import sys
from collections.abc import Callable
from itertools import combinations
from typing import Any

import numpy as np
import pandas as pd
import pytest
from helpers.documents import hostile
from helpers.pictured import BRIDGE, MARKET, Scored, Told, estimated, pictured
from matplotlib import rc_context, rcParams
from matplotlib.axes import Axes
from matplotlib.collections import PolyCollection
from matplotlib.figure import Figure
from matplotlib.patches import Rectangle, StepPatch
from matplotlib.text import Text

from estimates import EstimatesError, plots
from estimates.plots.style import DARK, LIGHT, Palette, luminance
from estimates.plots.widths import ems

PITS = np.array([0.02, 0.11, 0.13, 0.35, 0.42, 0.42, 0.58, 0.61, 0.77, 0.93, 0.97, 0.99])
SCORED = Scored(pd.DataFrame({"method": ["model"] * 12 + ["largest"], "pit": [*PITS, np.nan]}))
_HOW = [
    ("as estimated", "", 24, 18, 40), ("strength", "kappa 0", 22, 17, 35), ("strength", "kappa 1", 24, 18, 40),
    ("scale", "size x 0.5", 23, 18, 36), ("scale", "size x 2", 27, 18, 90), ("power", "size", None, None, None),
]  # fmt: skip
MOVED = Told(
    estimated(),
    {
        "sensitivity": pd.DataFrame(
            [
                {"event": BRIDGE, "outcome": "killed", "layer": "total", "how": how, "what": what, "median": median,
                 "low_80": low, "high_80": high, "pull": 0.07 if how == "power" else None}
                for how, what, median, low, high in _HOW
            ]
        )
    },
)  # fmt: skip

type Drawer = Callable[[Axes | None], Axes]
EVERY: dict[str, Drawer] = {
    "one event": lambda axes: plots.ranges(pictured(), BRIDGE, axes=axes),
    "many events": lambda axes: plots.ranges(pictured(), axes=axes),
    "history": lambda axes: plots.history(pictured(), BRIDGE, axes=axes),
    "posterior": lambda axes: plots.posterior(pictured(), BRIDGE, axes=axes),
    "posterior, logarithmic": lambda axes: plots.posterior(pictured(), BRIDGE, scale="log", axes=axes),
    "sources": lambda axes: plots.sources(pictured().profile, axes=axes),
    "sensitivity": lambda axes: plots.sensitivity(MOVED, BRIDGE, axes=axes),
    "pulls": lambda axes: plots.sensitivity(MOVED, BRIDGE, measure="pull", axes=axes),
    "totals": lambda axes: plots.totals(pictured(), by="place", axes=axes),
    "timeline": lambda axes: plots.timeline(pictured(), axes=axes),
    "coverage": lambda axes: plots.coverage(SCORED, axes=axes),
    "transforms": lambda axes: plots.transforms(SCORED, axes=axes),
}


def own_axes(width: float = 6.0, height: float = 4.0, **kwargs: Any) -> Axes:
    axes = Figure(figsize=(width, height), layout="constrained", **kwargs).subplots()
    assert isinstance(axes, Axes)
    return axes


def spans(axes: Axes, gid: str) -> list[tuple[float, float]]:
    """Left and right ends of the bars that bear a name."""
    found = [patch for patch in axes.patches if isinstance(patch, Rectangle) and patch.get_gid() == gid]
    return [(bar.get_x(), bar.get_x() + bar.get_width()) for bar in found]


def lines(axes: Axes, gid: str) -> list[list[float]]:
    """Horizontal places of the lines and signs that bear a name."""
    return [np.asarray(line.get_xdata(), dtype=float).tolist() for line in axes.lines if line.get_gid() == gid]


def row_of(event: str, layer: str, outcome: str = "killed") -> dict[Any, Any]:
    table = pictured().ranges(layers=("by_now", "documented", "total"))
    chosen = (table["event"] == event) & (table["layer"] == layer) & (table["outcome"] == outcome)
    (row,) = table[chosen].to_dict("records")
    return row


# All pictures ---------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("size", [(3.8, 3.8), None], ids=["given", "made"])
@pytest.mark.parametrize("name", EVERY)
def test_no_text_of_a_picture_touches_another_or_the_edge(name: str, size: tuple[float, float] | None) -> None:
    """Measured as drawn, on axes that were given or made, titles, labels, numbers and keys stand apart in the figure."""
    given = own_axes(*size) if size else None
    axes = EVERY[name](given)
    assert given is None or axes is given
    figure = axes.get_figure(root=True)
    assert figure is not None
    assert figure.axes == [axes]
    figure.draw_without_rendering()
    found = [
        text
        for text in figure.findobj(Text)
        if isinstance(text, Text) and text.get_visible() and text.get_text().strip()
    ]
    boxes = [(text.get_text(), text.get_window_extent()) for text in found]
    page = figure.bbox
    outside = [text for text, box in boxes if box.x0 < page.x0 - 2 or box.x1 > page.x1 + 2 or box.y0 < page.y0 - 2]
    assert outside == []

    # Letters of one line and the next may come close: boxes are those of the tallest letters.
    touching = [
        (one, other)
        for (one, a), (other, b) in combinations(boxes, 2)
        if a.x0 < b.x1 - 1 and b.x0 < a.x1 - 1 and a.y0 < b.y1 - 2.5 and b.y0 < a.y1 - 2.5
    ]
    assert touching == []


def test_a_picture_can_be_kept() -> None:
    """Figures that are made can be pickled, their scales of counts and factors too."""
    for name in ("posterior, logarithmic", "sources"):
        assert pickle.loads(pickle.dumps(EVERY[name](None).figure)).axes


def test_settings_of_the_session_stay_and_do_not_matter() -> None:
    """After every picture rcParams are as before, and strange ones draw the same sizes and colours."""
    before = {name: value for name, value in rcParams.items() if name != "backend"}
    plain = EVERY["one event"](None)
    assert {name: value for name, value in rcParams.items() if name != "backend"} == before
    with rc_context({"font.size": 30.0, "text.usetex": True, "axes.grid": True, "lines.linewidth": 9.0}):
        strange = EVERY["one event"](None)

    def looks(axes: Axes) -> list[object]:
        texts = [(text.get_text(), text.get_fontsize(), text.get_color(), text.get_usetex()) for text in axes.texts]
        return [*texts, *((line.get_linewidth(), line.get_color()) for line in axes.lines)]

    assert looks(plain) == looks(strange)


def test_matplotlib_is_loaded_when_something_is_drawn_and_pyplot_never() -> None:
    """Importing estimates and estimates.plots leaves Matplotlib out; drawing and saving leave pyplot out."""
    code = (
        "import sys, io, numpy, pandas, estimates; from estimates import plots\n"
        "print('matplotlib' in sys.modules)\n"
        "class Scored: events = pandas.DataFrame({'method': ['model'] * 3, 'pit': [.1, .5, .8]})\n"
        "plots.coverage(Scored()).figure.savefig(io.BytesIO())\n"
        "print('matplotlib' in sys.modules, 'matplotlib.pyplot' in sys.modules)"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.split() == ["False", "True", "False"]


@pytest.mark.parametrize("palette", [LIGHT, DARK], ids=["light", "dark"])
def test_colours_can_be_told_apart_without_hue(palette: Palette) -> None:
    """Everything stands out from the background three to one, text four and a half, and layers differ in lightness."""

    def contrast(one: str, other: str) -> float:
        low, high = sorted((luminance(one), luminance(other)))
        return (high + 0.05) / (low + 0.05)

    assert min(contrast(colour, palette.page) for colour in (palette.ink, palette.soft, palette.floor)) >= 4.5
    assert min(contrast(colour, palette.page) for colour in palette.layers.values()) >= 3.0
    layers = [palette.layers[name] for name in ("documented", "total", "by_now")]
    assert min(contrast(one, other) for one, other in combinations(layers, 2)) >= 1.1
    assert contrast(palette.layers["half"], palette.layers["double"]) >= 1.5


def test_pictures_can_be_seen_on_dark_figures() -> None:
    """On a dark figure text is light."""
    axes = plots.ranges(pictured(), BRIDGE, axes=own_axes(facecolor="#101010"))
    assert {text.get_color() for text in axes.texts} <= {DARK.ink, DARK.soft, DARK.floor}


def test_names_are_plain_text_whatever_stands_in_them() -> None:
    """Dollars, backslashes, markup and names of ten thousand letters are drawn as text, for one event and for all."""
    for event in (None, hostile().cases[0].event):
        axes = plots.ranges(hostile(), event)
        axes.figure.draw_without_rendering()
        assert not any(text.get_parse_math() for text in axes.texts)
    assert any(r"$\frac" in text.get_text() for text in plots.sources(Dollars()).get_yticklabels())


class Dollars:
    """A profile whose source is called like a formula that is none."""

    def summary(self) -> pd.DataFrame:
        row = {"affiliation": "neutral", "reports": 3, "bias": 1.0, "bias_low_90": 0.8, "bias_high_90": 1.2}
        return pd.DataFrame([row | {"source": r"$\frac{", "prior_share": 0.2}])


@pytest.mark.parametrize("text", ["Syrian Observatory for Human Rights", "documented in the end: 1,234 (16–49)", "Жж", "漢字",
                                  "MMMWWW@@@", "iiillljjj...,,,", "←→×…“”", "0123456789"])  # fmt: skip
def test_widths_are_estimated_rather_too_wide(text: str) -> None:
    """As Matplotlib measures them texts are no wider than estimated, and no narrower than two thirds of it."""
    if text == "漢字":
        pytest.skip("Matplotlib's own font has no such characters")
    axes = own_axes()
    box = axes.text(0, 0, text, fontsize=10.0).get_window_extent()
    measured = box.width / (10.0 * axes.figure.dpi / 72.0)
    assert 0.66 * ems(text) <= measured <= 1.02 * ems(text)


# Ranges ---------------------------------------------------------------------------------------------------------------


def test_ranges_of_one_event_are_those_of_the_table() -> None:
    """Bars are the 50% and 80% ranges of each layer, lines the 95% range, strokes the medians."""
    axes = plots.ranges(pictured(), BRIDGE)
    medians = {line[0] for line in lines(axes, "median")}
    for layer in ("by_now", "documented", "total"):
        row = row_of(BRIDGE, layer)
        assert sorted(spans(axes, layer)) == sorted((row[f"low_{level}"], row[f"high_{level}"]) for level in (50, 80))
        assert lines(axes, f"{layer} line") == [[row["low_95"], row["high_95"]]]
        assert row["median"] in medians


def test_every_figure_of_one_event_is_drawn_at_its_number() -> None:
    """Each report of the outcome has its sign and its words; the floor has a line."""
    axes = plots.ranges(pictured(), BRIDGE)
    signs = sorted(place for line in lines(axes, "figure") for place in line)
    floor = lines(axes, "floor")
    assert [place for place in signs if place > 3] == [12, 21, 24, 30]
    assert floor == [] or {place for line in floor for place in line} == {3}
    words = [text.get_text() for text in axes.texts]
    assert [word for word in words if "Daily" in word] == ["Daily, 2020-03-02: about 30"]
    assert any(word.strip("← ") == "floor 3" for word in words)


def test_other_outcomes_can_be_asked_for() -> None:
    """The injured of an event are drawn where they are named, and people of the outcome are named below."""
    axes = estimated().plot(BRIDGE, "injured")
    assert "people injured" in axes.get_xlabel()
    assert [70.0] in lines(axes, "figure")


def test_rows_of_many_events_are_those_of_the_table() -> None:
    """The largest event first; bars are 80% ranges, lines 95% ranges, dots the numbers reported, a stroke the floor."""
    axes = estimated().plot()
    names = [label.get_text() for label in axes.get_yticklabels()]
    assert names == sorted((BRIDGE, MARKET), key=lambda event: -row_of(event, "documented")["median"])
    rows = [row_of(event, "documented") for event in names]
    assert spans(axes, "documented") == [(row["low_80"], row["high_80"]) for row in rows]
    assert lines(axes, "documented line") == [[row["low_95"], row["high_95"]] for row in rows]
    assert sorted(lines(axes, "figure")) == [[3, 24, 80], [12, 21, 24, 30]]
    assert {place for line in lines(axes, "floor") for place in line} == {3}


def test_rows_without_room_are_counted() -> None:
    """In axes that are too low, fewer events are shown, and the number of the others is told."""
    axes = plots.ranges(hostile(), axes=own_axes(6.0, 2.0))
    left_out = 10 - len(axes.get_yticklabels())
    assert 0 < left_out < 10
    assert f"not shown for lack of room: {left_out} event" in axes.get_xlabel()


# Over time and probability --------------------------------------------------------------------------------------------


def test_bands_of_a_history_are_those_of_the_table() -> None:
    """One column a moment; its boxes are the 95% and 80% range in the end and the 80% range by then."""
    axes = plots.history(pictured(), BRIDGE)
    table = pictured().history([BRIDGE]).drop_duplicates("as_of").to_dict("records")

    def boxes(gid: str) -> list[tuple[float, float]]:
        found = [patch for patch in axes.patches if isinstance(patch, Rectangle) and patch.get_gid() == gid]
        return [(box.get_y(), box.get_y() + box.get_height()) for box in found]

    wanted = [(row[f"documented_low_{level}"], row[f"documented_high_{level}"]) for row in table for level in (95, 80)]
    assert boxes("documented") == [tuple(map(float, ends)) for ends in wanted]
    assert boxes("by_now") == [(row["by_now_low_80"], row["by_now_high_80"]) for row in table]
    medians = [line.get_ydata()[0] for line in axes.lines if line.get_gid() == "median documented"]
    assert medians == [row["documented_median"] for row in table]


@pytest.mark.parametrize("scale", ["linear", "log"])
def test_a_posterior_is_its_mass(scale: str) -> None:
    """Summed from the left, the curve's columns hold the probability of the counts up to there, within that of one count."""
    axes = plots.posterior(pictured(), BRIDGE, scale=scale)
    (curve,) = [patch for patch in axes.patches if isinstance(patch, StepPatch) and patch.get_gid() == "curve"]
    tops, edges, _ = curve.get_data()
    heights = max(tops) - tops
    mass = pictured().mass(BRIDGE)
    starts, below = mass["count"].to_numpy(), np.concatenate([[0.0], np.cumsum(mass["probability"])])
    inside = np.interp(edges + 0.5, [*starts, starts[-1] + mass["width"].iloc[-1]], below)
    wanted = (inside - inside[0]) / (inside[-1] - inside[0])
    drawn = np.concatenate([[0.0], np.cumsum(heights)]) / heights.sum()
    assert np.abs(drawn - wanted).max() <= mass["probability"].max()

    row = row_of(BRIDGE, "documented")
    assert [row["median"]] * 2 in lines(axes, "median")
    assert f"80%: {row['low_80']:,} to {row['high_80']:,}" in [
        text.get_text() for text in axes.get_legend().get_texts()
    ]  # type: ignore[union-attr]


# Sources, assumptions, totals -----------------------------------------------------------------------------------------


def test_sources_are_those_of_the_summary() -> None:
    """Each row of the summary is a median with its 90% range, cut at a factor of four; open where it is still prior."""
    profile = pictured().profile
    axes = profile.plot()
    table = profile.summary()
    assert len(axes.get_yticklabels()) == len(table)
    drawn = sorted(lines(axes, "source line") + lines(axes, "prior line"))
    wanted = sorted(table[["bias_low_90", "bias_high_90"]].to_numpy().tolist())
    assert np.array(drawn) == pytest.approx(np.array(wanted))
    signs = [line for line in axes.lines if line.get_gid() == "median"]
    open_ones = [line.get_markerfacecolor() == LIGHT.page for line in signs]
    assert open_ones == (table["prior_share"] >= 0.5).tolist()


def test_what_moves_a_range_most_stands_first() -> None:
    """Rows are sorted by how far the range moves; what moves nothing is named below, and the range itself is a line."""
    axes = plots.sensitivity(MOVED, BRIDGE)
    assert [label.get_text() for label in axes.get_yticklabels()] == ["prior of size", "undocumented × 0"]
    assert lines(axes, "half line") == [[18, 36]]
    assert lines(axes, "double line") == [[18, 90]]
    assert lines(axes, "strength line") == [[17, 35]]
    assert {line[0] for line in lines(axes, "reference")} == {18, 24, 40}
    assert "no change by undocumented × 1" in axes.get_xlabel()


def test_totals_stand_beside_what_independence_would_claim() -> None:
    """Each group has its total under independent and under common errors, and the claim of independence."""
    table = pictured().total(by="place")
    rows = table[(table["layer"] == "documented") & (table["accounts"] == "independent")].sort_values(
        "median", ascending=False
    )
    axes = plots.totals(pictured(), by="place")
    assert [label.get_text() for label in axes.get_yticklabels()] == [f"{place} (1 event)" for place in rows["place"]]
    assert spans(axes, "documented") == [tuple(ends) for ends in rows[["low_80", "high_80"]].to_numpy().tolist()]
    claimed = rows[["independent_low_80", "independent_high_80"]].to_numpy().tolist()
    assert spans(axes, "independent") == [tuple(ends) for ends in claimed]
    common = (
        table[(table["layer"] == "documented") & (table["accounts"] == "common")].set_index("place").loc[rows["place"]]
    )
    assert spans(axes, "common") == [tuple(ends) for ends in common[["low_80", "high_80"]].to_numpy().tolist()]


# Calibration ----------------------------------------------------------------------------------------------------------


def test_coverage_and_transforms_are_those_of_the_events() -> None:
    """The curve steps at each toll's level; bars count tolls by tenths; what has no distribution is left out."""
    axes = plots.coverage(SCORED)
    (curve,) = [line for line in axes.lines if line.get_gid() == "coverage"]
    assert np.asarray(curve.get_xdata())[1:-1] == pytest.approx(np.sort(np.abs(2 * PITS - 1)))
    bars = [patch for patch in plots.transforms(SCORED).patches if patch.get_gid() == "transforms"]
    assert [bar.get_height() for bar in bars if isinstance(bar, Rectangle)] == [1, 2, 0, 1, 2, 1, 1, 1, 0, 3]
    assert any(isinstance(band, PolyCollection) for band in axes.collections)


# Refusals -------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("draw", "words"),
    [
        (lambda: plots.ranges(pictured(), "Bridge"), "Bridge collapse; Market fire"),
        (lambda: plots.history(pictured()), "this picture is of one event; choose by event="),
        (lambda: plots.ranges(pictured(), MARKET, "injured"), "what is estimated is killed"),
        (lambda: plots.ranges(pictured(), outcome="displaced"), "what is estimated is killed, injured"),
        (lambda: plots.posterior(pictured(), BRIDGE, scale="cubic"), "auto, linear, log"),
        (lambda: plots.posterior(pictured(), BRIDGE, layer="full"), "full"),
        (lambda: plots.ranges(pictured(), layer="fuller"), "fuller"),
        (lambda: plots.sensitivity(pictured(), BRIDGE, layer="documented"), "measure='pull'"),
        (lambda: plots.sensitivity(pictured(), BRIDGE, measure="size"), "range, pull"),
        (lambda: plots.totals(estimated(), by="colour"), "colour"),
        (lambda: plots.coverage(SCORED, method="largest"), "those that did: model"),
    ],
)
def test_what_cannot_be_drawn_is_refused_with_the_mend(draw: Callable[[], Axes], words: str) -> None:
    """Unknown events, outcomes, layers and methods are errors that say what there is."""
    with pytest.raises(EstimatesError, match=re.escape(words)):
        draw()
