"""Commands about tables and the figures in them: check, parse and example."""

from __future__ import annotations

import os
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from estimates.cli.options import COVERAGE, DAY_FIRST, MAP, TABLE, THOUSANDS, WIDE, layout_asked
from estimates.cli.streams import note
from estimates.errors import EstimatesError

if TYPE_CHECKING:
    from estimates.table.reports import Reports

WORDS = Annotated[str, typer.Argument(help='A figure in words, such as "at least 18".')]
OUTCOME = Annotated[str, typer.Option("--outcome", help="What the figure counts.")]
EXAMPLE_FILE = Annotated[Path, typer.Option("--output", "-o", metavar="FILE", help="Where to write it.")]


def check(
    reports: TABLE,
    coverage: COVERAGE = None,
    maps: MAP = None,
    wide: WIDE = False,
    day_first: DAY_FIRST = False,
    thousands: THOUSANDS = ",",
) -> None:
    """Say whether a table can be used, and list everything wrong with it."""
    from estimates.text import clean

    table = _read(reports, coverage, layout_asked(maps, wide, day_first, thousands))
    for text in (*table.notes, *(table.coverage.notes if table.coverage else ())):
        note(text)

    events = table.table["event"].nunique()
    count = len(table)
    print(f"{clean(table.name)}: {count} report{'s' * (count != 1)} of {events} event{'s' * (events != 1)}, no faults")
    if table.coverage is not None:
        rows, sources = len(table.coverage), len(table.coverage.sources)
        told = f"{rows} row{'s' * (rows != 1)} of {sources} source{'s' * (sources != 1)}, no faults"
        print(f"coverage, {clean(table.coverage.name)}: {told}")


def _read(reports: str, coverage: str | None, layout: dict[str, Any]) -> Reports:
    """The table with who watched; the faults of both files at once."""
    from estimates.errors import ReportsError
    from estimates.table.coverage import read_coverage
    from estimates.table.reports import read_reports

    messages = []
    declared = table = None
    try:
        declared = None if coverage is None else read_coverage(coverage)
    except ReportsError as error:
        messages.append(error)
    try:
        table = read_reports(reports, coverage=declared, **layout)
    except ReportsError as error:
        messages.insert(0, error)

    if len(messages) == 1:
        raise messages[0]
    if messages or table is None:
        raise EstimatesError("\n".join(map(str, messages)))
    return table


def parse(words: WORDS, outcome: OUTCOME = "killed") -> None:
    """Show how the words of a figure are read."""
    from estimates.text import clean
    from estimates.wording.figure import parse_figure

    figure = parse_figure(words, outcome)

    # The wording says which end of an open range a lone number is; two ends that are equal are one number.
    ends = dict.fromkeys(end for end in (figure.low, figure.high) if end is not None and figure.wording != "none")
    numbers = " to ".join(f"{end:,}" for end in ends)

    reading = " ".join(part for part in (figure.wording.replace("_", " "), figure.word, numbers) if part)
    group = f"of the group {figure.group}" if figure.group != "all" else ""
    print(clean(f"{outcome}: " + ", ".join(part for part in (reading, *figure.flags, group) if part)))


def example(output: EXAMPLE_FILE = Path("idlib_2020.csv")) -> None:
    """Write the Idlib table, to look at and to start from."""
    from importlib.resources import files

    from estimates.files import write_whole
    from estimates.text import clean

    if os.path.lexists(output):
        raise EstimatesError(f"{output} exists already; name another file with -o")

    text = (files("estimates.data") / "idlib_2020.csv").read_bytes()
    write_whole(output, text)
    print(clean(f"Wrote {output}; now try: estimates estimate {output}"))
