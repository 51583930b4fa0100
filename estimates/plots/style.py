"""How pictures look: colours that differ in lightness too, sizes, and figures and axes without any global state."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from estimates.errors import EstimatesError
from estimates.models.types import Floats
from estimates.plots.room import Room
from estimates.plots.scale import Scale, Tick
from estimates.plots.widths import ems, fitted, wrapped

if TYPE_CHECKING:
    from matplotlib.artist import Artist
    from matplotlib.axes import Axes
    from matplotlib.axis import Axis
    from matplotlib.figure import Figure

#: Sizes of text, and of a line of it with the room to the next, which may be less where that is scarce, in points.
TEXT, SMALL, LINE, LEAST_LINE = 9.0, 8.0, 13.0, 11.0
#: Width of a figure that is made here, in inches, and the height of what stands below and above its axes.
WIDTH, BELOW = 6.0, 0.9
#: How far below its axes a key stands: below their numbers, and each line that is written below these, in points.
_KEY_BELOW, _LINE_BELOW = 21.0, 13.0
#: Ems of an axes' width that numbers at its ends and the frame of a figure take.
_MARGIN = 2.0


@dataclass(frozen=True)
class Palette:
    """Colours on one background. Layers differ in hue and in lightness, and all stand out from the background.

    Attributes
    ----------
    page, ink, soft, rule : str
        Background, text and marks, words of less weight, and lines of the grid.
    floor : str
    layers : mapping of str to str
        By what a range is of.
    """

    page: str
    ink: str
    soft: str
    rule: str
    floor: str
    layers: Mapping[str, str]

    def layer(self, name: str) -> str:
        """The colour of a layer."""
        return self.layers.get(name, self.soft)

    def pale(self, name: str, share: float = 0.45) -> str:
        """The colour of a layer mixed with the background."""
        return mixed(self.layer(name), self.page, share)


LIGHT = Palette(
    page="#ffffff",
    ink="#1d232b",
    soft="#59636f",
    rule="#d8dde3",
    floor="#8a1f4b",
    layers={
        "documented": "#17497a",
        "total": "#c2570c",
        "by_now": "#6f8f7b",
        "common": "#6f8f7b",
        "independent": "#6b7683",
        "source": "#17497a",
        "prior": "#6b7683",
        "half": "#c2570c",
        "double": "#17497a",
        "strength": "#6b7683",
    },
)
DARK = Palette(
    page="#14181d",
    ink="#e6e9ed",
    soft="#a5afba",
    rule="#343c46",
    floor="#f08bb4",
    layers={
        "documented": "#8ec6f5",
        "total": "#d98236",
        "by_now": "#86a892",
        "common": "#86a892",
        "independent": "#8b96a2",
        "source": "#8ec6f5",
        "prior": "#8b96a2",
        "half": "#d98236",
        "double": "#8ec6f5",
        "strength": "#8b96a2",
    },
)


# Colours --------------------------------------------------------------------------------------------------------------


def mixed(colour: str, other: str, share: float) -> str:
    """A colour with a share of itself, and of another what remains."""
    pairs = zip(_parts(colour), _parts(other), strict=True)
    return "#" + "".join(f"{round(255 * (share * one + (1.0 - share) * two)):02x}" for one, two in pairs)


def luminance(colour: str) -> float:
    """Relative luminance of a colour, from 0 for black to 1 for white, as in the guidelines for accessible content."""
    linear = [part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in _parts(colour)]
    return sum(weight * part for weight, part in zip((0.2126, 0.7152, 0.0722), linear, strict=True))


def _parts(colour: str) -> tuple[float, ...]:
    return tuple(int(colour[place : place + 2], 16) / 255.0 for place in (1, 3, 5))


def palette_of(axes: Axes) -> Palette:
    """Colours that can be seen on the figure that axes belong to."""
    from matplotlib.colors import to_hex, to_rgba

    background = figure_of(axes).get_facecolor()
    is_dark = to_rgba(background)[3] > 0.5 and luminance(to_hex(background)) < 0.2
    return DARK if is_dark else LIGHT


#: What artists take from the session where they are not told. The family of the font stays that of the session, which
#: may have been chosen for its letters.
_SETTINGS: dict[Any, Any] = {
    "font.size": TEXT,
    "font.style": "normal",
    "font.weight": "normal",
    "text.usetex": False,
    "path.sketch": None,
    "path.effects": [],
    "lines.linestyle": "-",
    "lines.linewidth": 1.5,
    "lines.marker": "None",
    "lines.solid_capstyle": "butt",
    "lines.markeredgewidth": 1.0,
    "patch.force_edgecolor": False,
    "axes.autolimit_mode": "data",
    "axes.grid": False,
    "axes.titlelocation": "center",
    "axes.titleweight": "normal",
    "axes.labelweight": "normal",
    "hatch.linewidth": 0.8,
    "legend.fancybox": False,
    "legend.shadow": False,
    "svg.fonttype": "path",
}


# Figures and axes -----------------------------------------------------------------------------------------------------


@contextmanager
def styled() -> Iterator[None]:
    """What is drawn inside takes the settings of this package and not those of the session, which stay as they are."""
    from matplotlib import rc_context

    with rc_context(_SETTINGS):
        yield


def room_of(axes: Axes | None) -> Room:
    """How much axes hold; without any, those of a figure that is made here, which is as high as needed."""
    if axes is None:
        return Room(72.0 * WIDTH / TEXT - _MARGIN)
    extent = axes.get_window_extent().transformed(figure_of(axes).dpi_scale_trans.inverted())
    width, height = extent.width, extent.height

    if fits_labels(axes):
        # The margins of a figure are not kept by what arranges it.
        margins = figure_of(axes).subplotpars
        width, height = width / (margins.right - margins.left), height / (margins.top - margins.bottom) - BELOW
    return Room(max(12.0, 72.0 * width / TEXT - _MARGIN), max(4.0, 72.0 * height / LEAST_LINE))


def figure_of(axes: Axes) -> Figure:
    """The whole figure that axes belong to.

    Raises
    ------
    EstimatesError
        If they were taken out of it.
    """
    figure = axes.get_figure(root=True)
    if figure is None:
        raise EstimatesError("axes: they belong to no figure any more; give axes of one, or none")
    return figure


def fits_labels(axes: Axes | None) -> bool:
    """Whether labels beside axes get the room they need: the figure is arranged anew when it is drawn."""
    return axes is None or figure_of(axes).get_layout_engine() is not None


@contextmanager
def canvas(axes: Axes | None, lines: float) -> Iterator[tuple[Axes, Palette]]:
    """Axes to draw on in the settings of this package, and colours that can be seen on them.

    Parameters
    ----------
    axes : Axes, optional
        By default those of a new figure that holds so many lines, which pyplot does not know.
    lines : float
    """
    from matplotlib.figure import Figure

    with styled():
        if axes is not None:
            yield axes, palette_of(axes)
            return

        size = (WIDTH, lines * LINE / 72.0 + BELOW)
        figure = Figure(figsize=size, layout="constrained", facecolor=LIGHT.page, edgecolor=LIGHT.page)
        made = figure.subplots()
        yield made, LIGHT

        # What stands above and below the axes is known once it is there.
        figure.draw_without_rendering()
        figure.set_figheight(size[1] + (lines * LINE - 72.0 * made.get_window_extent().height / figure.dpi) / 72.0)


def dress(axes: Axes, palette: Palette, *, left: bool = False) -> None:
    """Axes without a frame but for the lower scale, and the left one where that is asked for."""
    axes.set_facecolor(palette.page)
    axes.grid(visible=False, which="both")
    axes.minorticks_off()
    for side, spine in axes.spines.items():
        spine.set(visible=side == "bottom" or (left and side == "left"), color=palette.soft, linewidth=0.8)
    axes.tick_params(
        axis="both", which="both", direction="out", length=3.0, width=0.8, pad=3.0, color=palette.soft,
        labelcolor=palette.ink, labelsize=SMALL, labelrotation=0, bottom=True, labelbottom=True, top=False,
        labeltop=False, left=left, labelleft=True, right=False, labelright=False,
    )  # fmt: skip


def put_scale(axis: Axis, scale: Scale, ticks: tuple[Tick, ...]) -> None:
    """A scale and its numbers on an axis; what is drawn on it stays in the values themselves."""
    axes = axis.axes
    set_scale, set_limits = (axes.set_xscale, axes.set_xlim) if axis is axes.xaxis else (axes.set_yscale, axes.set_ylim)
    match scale.form:
        case "linear":
            set_scale("linear")
        case "logarithmic":
            set_scale("function", functions=(_log_of_counts, np.expm1))
        case _:
            set_scale("function", functions=(_log_of_factors, np.exp))
    set_limits(scale.low, scale.high)
    axis.set_ticks([tick.value for tick in ticks], labels=[tick.label for tick in ticks], parse_math=False)
    axis.set_ticks([], minor=True)


def _log_of_counts(counts: Floats) -> Floats:
    """Logarithm of one plus a count, of any shape."""
    return np.asarray(np.log1p(np.maximum(counts, -0.999)))


def _log_of_factors(factors: Floats) -> Floats:
    """Logarithm of a factor, of any shape."""
    return np.asarray(np.log(np.maximum(factors, 1e-12)))


def put_names(axes: Axes, palette: Palette, *, title: str = "", below: str = "", beside: bool = False) -> None:
    """A title and what stands below the scale, as plain text in lines that have room.

    Where labels stand beside the scale, what is below begins under these.
    """
    room = room_of(axes).width
    named, lines = fitted(title, 0.85 * room), wrapped(below, room * TEXT / SMALL) if below else ""
    axes.set_title(named, fontsize=TEXT + 1.0, color=palette.ink, pad=8.0, parse_math=False)
    axes.set_xlabel(
        lines, fontsize=SMALL, color=palette.soft, labelpad=4.0, parse_math=False, loc="right" if beside else "center"
    )


def put_key(axes: Axes, palette: Palette, handles: Sequence[tuple[Artist, str]]) -> None:
    """What signs mean, below the scale and what is written there, in as many columns as there is room for."""
    from matplotlib.transforms import ScaledTranslation

    if not handles:
        return
    written = axes.get_xlabel()
    lines = written.count("\n") + 1 if written else 0
    below = ScaledTranslation(0.0, -(_KEY_BELOW + lines * _LINE_BELOW) / 72.0, figure_of(axes).dpi_scale_trans)
    axes.legend(
        [handle for handle, _ in handles], [label for _, label in handles], loc="upper right",
        ncols=_columns([label for _, label in handles], room_of(axes).width), bbox_to_anchor=(1.0, 0.0),
        bbox_transform=axes.transAxes + below, frameon=False, fontsize=SMALL, labelcolor=palette.ink, borderpad=0.0,
        borderaxespad=0.0, handlelength=1.6, handletextpad=0.6, columnspacing=1.4,
    )  # fmt: skip


def _columns(labels: Sequence[str], width: float) -> int:
    """How many columns of a key fit side by side in so many ems; columns are filled one after another."""
    for columns in range(min(3, len(labels)), 1, -1):
        rows = -(-len(labels) // columns)
        parts = [labels[start : start + rows] for start in range(0, len(labels), rows)]
        if sum(max(ems(label) for label in part) * SMALL / TEXT + 3.6 for part in parts) <= width:
            return columns
    return 1
