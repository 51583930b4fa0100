"""Commands that ask of ranges: total, influence, history and sensitivity."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

import typer

from estimates.cli.estimating import TWO_LAYERS, estimated, known_events, of_layers
from estimates.cli.many import stored_ranges
from estimates.cli.options import (
    AS_OF,
    COVERAGE,
    DAY_FIRST,
    EVENTS,
    FORMAT,
    LAYERS,
    MAP,
    OUTCOME,
    PROFILE,
    SEED,
    TABLE,
    THOUSANDS,
    UNDOCUMENTED,
    WIDE,
    Format,
    Layer,
    Remainder,
    layout_asked,
)
from estimates.cli.progress import shown
from estimates.cli.streams import note
from estimates.errors import EstimatesError

if TYPE_CHECKING:
    import pandas as pd

BY = Annotated[
    str | None,
    typer.Option("--by", metavar="COLUMN", help="A total for each value of a column, such as place; or event."),
]
SCALES = Annotated[
    list[float] | None,
    typer.Option(
        "--scale",
        min=0.01,
        max=100.0,
        help="Multiply the standard deviations of published priors by this, .5 and 2 by default; may be repeated.",
    ),
]


def total(
    reports: TABLE,
    by: BY = None,
    outcome: OUTCOME = "killed",
    form: FORMAT = Format.TABLE,
    layers: LAYERS = None,
    undocumented: UNDOCUMENTED = Remainder.ELICITED,
    profile: PROFILE = None,
    seed: SEED = 0,
    as_of: AS_OF = None,
    coverage: COVERAGE = None,
    maps: MAP = None,
    wide: WIDE = False,
    day_first: DAY_FIRST = False,
    thousands: THOUSANDS = ",",
) -> None:
    """Add events up, with the errors that they share.

    Instead of reports the file can be named that ``estimate --totals`` has written.
    """
    _check_layers(layers)
    if (stored := stored_ranges(reports)) is not None:
        with shown("adding up") as progress:
            _show(stored.total(outcome, by, progress=progress), layers, form)
        return
    estimates = estimated(
        reports, profile=profile, seed=seed, as_of=as_of, coverage=coverage,
        layout=layout_asked(maps, wide, day_first, thousands), undocumented=undocumented,
    )  # fmt: skip
    with shown("adding up") as progress:
        found = estimates.total(outcome, by, progress=progress)

    _show(found, layers, form)


def _show(found: pd.DataFrame, layers: list[Layer] | None, form: Format) -> None:
    """Print totals, and the advice that comes with them."""
    if advice := found.attrs.get("advice"):
        note(str(advice))
    _print(found if found.empty else of_layers(found, layers), form)


def influence(
    reports: TABLE,
    events: EVENTS = None,
    form: FORMAT = Format.TABLE,
    layers: LAYERS = None,
    undocumented: UNDOCUMENTED = Remainder.ELICITED,
    profile: PROFILE = None,
    seed: SEED = 0,
    as_of: AS_OF = None,
    coverage: COVERAGE = None,
    maps: MAP = None,
    wide: WIDE = False,
    day_first: DAY_FIRST = False,
    thousands: THOUSANDS = ",",
) -> None:
    """Estimate each event again without each of its sources."""
    _check_layers(layers)
    estimates = estimated(
        reports, profile=profile, seed=seed, as_of=as_of, coverage=coverage,
        layout=layout_asked(maps, wide, day_first, thousands), undocumented=undocumented,
    )  # fmt: skip
    with shown("leaving out sources") as progress:
        found = estimates.influence(known_events(estimates, events), progress=progress)

    note(str(found.attrs["note"]))
    _print(of_layers(found, layers), form)


def history(
    reports: TABLE,
    events: EVENTS = None,
    outcome: OUTCOME = "killed",
    form: FORMAT = Format.TABLE,
    layers: LAYERS = None,
    undocumented: UNDOCUMENTED = Remainder.ELICITED,
    profile: PROFILE = None,
    seed: SEED = 0,
    as_of: AS_OF = None,
    coverage: COVERAGE = None,
    maps: MAP = None,
    wide: WIDE = False,
    day_first: DAY_FIRST = False,
    thousands: THOUSANDS = ",",
) -> None:
    """Give the range as it stood after each report."""
    estimates = estimated(
        reports, profile=profile, seed=seed, as_of=as_of, coverage=coverage,
        layout=layout_asked(maps, wide, day_first, thousands), undocumented=undocumented,
    )  # fmt: skip
    with shown("going through the reports") as progress:
        found = estimates.history(known_events(estimates, events), outcome, progress=progress)

    left_out = tuple(f"{layer}_" for layer in Layer if layers and layer not in layers)
    _print(found[[name for name in found.columns if not (left_out and name.startswith(left_out))]], form)


def sensitivity(
    reports: TABLE,
    events: EVENTS = None,
    scales: SCALES = None,
    form: FORMAT = Format.TABLE,
    layers: LAYERS = None,
    undocumented: UNDOCUMENTED = Remainder.ELICITED,
    profile: PROFILE = None,
    seed: SEED = 0,
    as_of: AS_OF = None,
    coverage: COVERAGE = None,
    maps: MAP = None,
    wide: WIDE = False,
    day_first: DAY_FIRST = False,
    thousands: THOUSANDS = ",",
) -> None:
    """Say how much of each range is prior, and which prior."""
    _check_layers(layers)
    estimates = estimated(
        reports, profile=profile, seed=seed, as_of=as_of, coverage=coverage,
        layout=layout_asked(maps, wide, day_first, thousands), undocumented=undocumented,
    )  # fmt: skip

    chosen = known_events(estimates, events)
    with shown("trying other priors") as progress:
        found = estimates.sensitivity(chosen, tuple(scales or (0.5, 2.0)), progress=progress)
    _print(of_layers(found, layers), form)


def _check_layers(layers: list[Layer] | None) -> None:
    """Refuse a layer that the table will not have, before the work."""
    for layer in layers or ():
        if layer not in TWO_LAYERS:
            raise EstimatesError(f"this table has no layer {layer.value}; it has {' and '.join(TWO_LAYERS)}")


def _print(frame: pd.DataFrame, form: Format) -> None:
    from estimates.cli.screen import frame_table
    from estimates.results.exports import json_rows
    from estimates.spreadsheets import csv_of_frame

    match form:
        case Format.JSON:
            print(json_rows(frame))
        case Format.CSV:
            print(csv_of_frame(frame), end="")
        case Format.TABLE:
            print(frame_table(frame))
