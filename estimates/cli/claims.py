"""The command that puts a claim to the estimate of one event: claim."""

from __future__ import annotations

import json
from enum import StrEnum
from typing import TYPE_CHECKING, Annotated

import typer

from estimates.cli.options import (
    AS_OF,
    COVERAGE,
    DAY_FIRST,
    MAP,
    PROFILE,
    SEED,
    TABLE,
    THOUSANDS,
    WIDE,
    chosen_profile,
    layout_asked,
)
from estimates.cli.progress import shown
from estimates.cli.streams import note
from estimates.errors import EstimatesError

if TYPE_CHECKING:
    from estimates.table.reports import Reports

WORDS = Annotated[str, typer.Argument(metavar="CLAIM", help='What is claimed, such as "500 killed" or "at least 20".')]
EVENT = Annotated[
    str | None, typer.Option("--event", metavar="NAME", help="Of which event; may be left out where there is one.")
]
OUTCOME = Annotated[str, typer.Option("--outcome", help="What the claim counts.")]

#: How many events an error message lists.
_EVENTS_SHOWN = 20


class ClaimFormat(StrEnum):
    """How a claim is printed."""

    TABLE = "table"
    JSON = "json"


FORMAT = Annotated[ClaimFormat, typer.Option("--format", help="table for the eye, json for programs.")]


def claim(
    reports: TABLE,
    words: WORDS,
    event: EVENT = None,
    outcome: OUTCOME = "killed",
    form: FORMAT = ClaimFormat.TABLE,
    profile: PROFILE = None,
    seed: SEED = 0,
    as_of: AS_OF = None,
    coverage: COVERAGE = None,
    maps: MAP = None,
    wide: WIDE = False,
    day_first: DAY_FIRST = False,
    thousands: THOUSANDS = ",",
) -> None:
    """Put a claim to an event: how probable it is, and what would have to be true."""
    from estimates.inference.claimed import claimed_tolls
    from estimates.results.estimates import estimate
    from estimates.table.reports import read_reports

    layout = layout_asked(maps, wide, day_first, thousands)
    known, table = chosen_profile(profile, seed), read_reports(reports, coverage=coverage, **layout)
    claimed_tolls(words, outcome)  # a claim that cannot be read is told before anything is worked out
    name = _event(table, event, outcome)

    with shown("estimating") as progress:
        estimates = estimate(table, profile=known, seed=seed, as_of=as_of, progress=progress)
    for text in estimates.notes:
        note(text)
    found = estimates.claim(name, words, outcome)
    # ASCII, for terminals and pipes of any encoding, and without live control characters from the table.
    print(json.dumps(found.to_dict(), indent=2) if form is ClaimFormat.JSON else str(found))


def _event(table: Reports, event: str | None, outcome: str) -> str:
    """The event asked for, or the only one with reports of an outcome."""
    from estimates.text import clean, shortened

    if event is not None:
        return event
    names = sorted({report.event for report in table.estimated_reports if report.outcome == outcome})
    if len(names) == 1:
        return names[0]
    if not names:
        raise EstimatesError(f"no report of the table counts {outcome!r}; --outcome says what the claim counts")

    shown = ", ".join(repr(shortened(clean(name))) for name in names[:_EVENTS_SHOWN])
    more = f" and {len(names) - _EVENTS_SHOWN:,} others" if len(names) > _EVENTS_SHOWN else ""
    raise EstimatesError(f"the table has {len(names):,} events; say with --event which one is meant: {shown}{more}")
