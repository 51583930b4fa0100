"""Commands about tables and the figures in them: check, parse and example."""

from __future__ import annotations

import os
from pathlib import Path
from typing import IO, TYPE_CHECKING, Annotated, Any

import typer

from estimates.cli.estimating import standard_input
from estimates.cli.options import COVERAGE, DAY_FIRST, MAP, TABLE, THOUSANDS, WIDE, layout_asked
from estimates.cli.progress import shown
from estimates.cli.streams import note
from estimates.errors import EstimatesError

if TYPE_CHECKING:
    from estimates.table.reports import Reports

FIX = Annotated[
    Path | None,
    typer.Option(
        "--fix",
        metavar="COPY",
        help="Write a copy as CSV with proposed mends in columns beside the originals, for you to accept.",
    ),
]
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
    fix: FIX = None,
) -> None:
    """Say whether a table can be used, and list everything wrong with it."""
    from estimates.text import clean

    layout = layout_asked(maps, wide, day_first, thousands)
    source: str | IO[bytes] = reports
    if fix is not None:
        source = _write_proposals(reports, fix, layout)
    with shown("reading"):
        table = _read(source, coverage, layout)
    for text in (*table.notes, *(table.coverage.notes if table.coverage else ())):
        note(text)

    events = table.table["event"].nunique()
    count = len(table)
    print(f"{clean(table.name)}: {count} report{'s' * (count != 1)} of {events} event{'s' * (events != 1)}, no faults")
    if table.coverage is not None:
        rows, sources = len(table.coverage), len(table.coverage.sources)
        told = f"{rows} row{'s' * (rows != 1)} of {sources} source{'s' * (sources != 1)}, no faults"
        print(f"coverage, {clean(table.coverage.name)}: {told}")


def _write_proposals(reports: str, target: Path, layout: dict[str, Any]) -> str | IO[bytes]:
    """Write the copy with proposed mends, and give the table to be read once more; standard input is kept for that."""
    from estimates.files import check_target, write_whole
    from estimates.table.layout import layout_of
    from estimates.table.mending.copies import copy_with_proposals
    from estimates.text import clean, plural

    if os.path.exists(target) and os.path.exists(reports) and os.path.samefile(target, reports):
        raise EstimatesError(f"{target} is the table itself; name another file with --fix")
    if os.path.lexists(target):
        raise EstimatesError(f"{target} exists already; name another file with --fix")
    check_target(target)

    content = standard_input() if reports == "-" else None
    with shown("looking for mends"):
        found = copy_with_proposals(content or reports, layout_of(**layout))
    write_whole(target, found.content)

    told = ", ".join(f"{column} {number}" for column, number in found.proposals.items())
    proposed = f"{plural(sum(found.proposals.values()), 'proposal')} in {plural(found.rows, 'row')}"
    left = f"; {plural(found.undecided, 'row')} to decide without one" if found.undecided else ""
    print(clean(f"Wrote {target}: {proposed}{f' ({told})' if told else ''}{left}; why_proposed says why"))
    if content is None:
        return reports
    content.seek(0)
    return content


def _read(reports: str | IO[bytes], coverage: str | None, layout: dict[str, Any]) -> Reports:
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
        raise EstimatesError(*(line for message in messages for line in message.args))
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
