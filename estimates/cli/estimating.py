"""What commands that give ranges share: the estimates they start from, and what they are asked."""

from __future__ import annotations

import io
import os
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import IO, TYPE_CHECKING, Any

from estimates.cli.options import Layer, Remainder, chosen_profile
from estimates.cli.progress import shown
from estimates.cli.streams import note
from estimates.errors import EstimatesError

if TYPE_CHECKING:
    import pandas as pd

    from estimates.pieces import Pieces
    from estimates.profile.profile import SourceProfile
    from estimates.results.estimates import Estimates
    from estimates.table.reports import Reports

#: How many events an error message lists.
_EVENTS_SHOWN = 20
#: Layers that tables other than that of ranges have.
TWO_LAYERS = (Layer.DOCUMENTED, Layer.TOTAL)


def table_read(reports: str | IO[bytes], coverage: str | None, layout: dict[str, Any]) -> Reports:
    """The table that a command asks about; it is shown that it is being read."""
    from estimates.table.reports import read_reports

    with shown("reading"):
        return read_reports(reports, coverage=coverage, **layout)


def estimated(
    reports: str | IO[bytes],
    *,
    profile: str | None,
    seed: int,
    as_of: str | None,
    coverage: str | None,
    layout: dict[str, Any],
    undocumented: Remainder = Remainder.ELICITED,
) -> Estimates:
    """Estimate what a command asks for, show how far that is, and print the notes."""
    from estimates.results.asked import known_profile

    known = known_profile(chosen_profile(profile, seed), seed)
    table = table_read(reports, coverage, layout)
    return estimated_table(table, profile=known, seed=seed, as_of=as_of, undocumented=undocumented)


def estimated_table(
    table: Reports,
    *,
    profile: SourceProfile,
    seed: int,
    as_of: str | None,
    undocumented: Remainder = Remainder.ELICITED,
    pieces: Pieces | None = None,
) -> Estimates:
    """The same for a table that was read; where there are pieces they are found, and kept as they are done."""
    from estimates.progress import part_of
    from estimates.results.estimates import estimate
    from estimates.results.in_pieces import estimate_in_pieces

    asked: dict[str, Any] = {"profile": profile, "seed": seed, "as_of": as_of, "undocumented": undocumented.value}
    with shown("estimating") as progress:
        if pieces is not None and pieces.are_kept:
            estimates = estimate_in_pieces(table, **asked, pieces=pieces, progress=progress)
        else:
            estimates = estimate(table, **asked, progress=part_of(progress, 0, 2))
            estimates.ranges(layers="by_now", progress=part_of(progress, 1, 2))  # notes and tables need it
        notes = estimates.notes

    for text in notes:
        note(text)
    return estimates


def check_not_the_table(target: Path, reports: str) -> None:
    """Refuse to write over the table that is read, by whatever name."""
    if os.path.exists(target) and os.path.exists(reports) and os.path.samefile(target, reports):
        raise EstimatesError(f"{target} is the table itself; name another file with -o")


def standard_input() -> io.BytesIO | None:
    """All of standard input, to be read twice; None where it is closed."""
    if sys.stdin is None:
        return None
    content = io.BytesIO(sys.stdin.buffer.read())
    content.name = "standard input"
    return content


def known_events(estimates: Estimates, names: Sequence[str] | None) -> list[str] | None:
    """The events asked for; an EstimatesError where one of them has no estimate."""
    from estimates.table.faults import did_you_mean, quoted

    known = list(dict.fromkeys(case.event for case in estimates.cases))
    for name in names or ():
        if name not in known:
            more = f" and {len(known) - _EVENTS_SHOWN:,} others" if len(known) > _EVENTS_SHOWN else ""
            there = f"there are {', '.join(map(quoted, known[:_EVENTS_SHOWN]))}{more}"
            meant = did_you_mean(name, known) or there
            raise EstimatesError(f"there is no estimate for the event {quoted(name)}; {meant}")
    return list(names) if names else None


def of_layers(frame: pd.DataFrame, layers: Sequence[Layer] | None) -> pd.DataFrame:
    """The rows of a table that are of the layers asked for."""
    return frame[frame["layer"].isin([layer.value for layer in layers])] if layers else frame
