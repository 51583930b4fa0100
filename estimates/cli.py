"""The command line: ``estimates report``, ``estimate``, ``check``, ``parse`` and ``example``.

Results go to standard output, notes to standard error. Exit status 0, 1 for input that cannot be used (one message a
fault), 2 for a command that cannot be understood.
"""

from __future__ import annotations

import json
import os
import sys
from enum import StrEnum
from pathlib import Path
from typing import Annotated, NoReturn

import typer

from estimates.errors import EstimatesError

app = typer.Typer(
    name="estimates",
    help="Posterior ranges of casualty tolls from what several sources report.",
    no_args_is_help=True,
    add_completion=False,
    rich_markup_mode=None,
    pretty_exceptions_enable=False,
)

TABLE = Annotated[
    str, typer.Argument(metavar="REPORTS", help="Table of reports, CSV or Parquet; - for standard input.")
]
SEED = Annotated[int, typer.Option("--seed", min=0, help="Keys every random number.")]
AS_OF = Annotated[str | None, typer.Option("--as-of", metavar="TIME", help="Leave out reports made later.")]


class Format(StrEnum):
    """How ranges are printed."""

    TABLE = "table"
    CSV = "csv"
    JSON = "json"


def _version(wanted: bool) -> None:
    if wanted:
        from estimates.version import __version__

        print(f"estimates {__version__}")
        raise typer.Exit


@app.callback()
def _options(
    version: Annotated[
        bool, typer.Option("--version", callback=_version, is_eager=True, help="Print the version and stop.")
    ] = False,
) -> None:
    """Posterior ranges of casualty tolls from what several sources report."""


@app.command()
def report(
    reports: TABLE,
    output: Annotated[
        Path | None, typer.Option("--output", "-o", metavar="FILE", help="The document, .html or .md.")
    ] = None,
    seed: SEED = 0,
    as_of: AS_OF = None,
) -> None:
    """Print the ranges and write the uncertainty report."""
    from estimates.screen import estimates_table
    from estimates.text import clean

    target = output or Path(("reports" if reports == "-" else Path(reports).stem) + "_report.html")
    if os.path.exists(target) and os.path.exists(reports) and os.path.samefile(target, reports):
        raise EstimatesError(f"{target} is the table itself; name another file with -o")
    estimates = _estimate(reports, seed, as_of)
    written = estimates.document(target)
    print(estimates_table(estimates))
    print(f"\nReport written to {clean(str(written))}")


@app.command()
def estimate(
    reports: TABLE,
    form: Annotated[
        Format, typer.Option("--format", help="table for the eye, csv or json for programs.")
    ] = Format.TABLE,
    seed: SEED = 0,
    as_of: AS_OF = None,
) -> None:
    """Print the ranges of every event and outcome."""
    from estimates.screen import estimates_csv, estimates_table

    estimates = _estimate(reports, seed, as_of)
    match form:
        case Format.JSON:
            # ASCII, for terminals and pipes of any encoding, and without live control characters from the table.
            print(json.dumps(estimates.records(), indent=2))
        case Format.CSV:
            print(estimates_csv(estimates), end="")
        case Format.TABLE:
            print(estimates_table(estimates))


@app.command()
def check(reports: TABLE) -> None:
    """Say whether a table can be used, and list everything wrong with it."""
    from estimates.reports import read_reports
    from estimates.text import clean

    table = read_reports(reports)
    for note in table.notes:
        _note(note)
    events = table.table["event"].nunique()
    count = len(table)
    print(f"{clean(table.name)}: {count} report{'s' * (count != 1)} of {events} event{'s' * (events != 1)}, no faults")


@app.command()
def parse(
    words: Annotated[str, typer.Argument(help='A figure in words, such as "at least 18".')],
    outcome: Annotated[str, typer.Option("--outcome", help="What the figure counts.")] = "killed",
) -> None:
    """Show how the words of a figure are read."""
    from estimates.text import clean
    from estimates.wording import parse_figure

    figure = parse_figure(words, outcome)
    # The wording says which end of an open range a lone number is.
    ends = dict.fromkeys(end for end in (figure.low, figure.high) if end is not None and figure.wording != "none")
    numbers = " to ".join(f"{end:,}" for end in ends)
    reading = " ".join(part for part in (figure.wording.replace("_", " "), figure.word, numbers) if part)
    group = f"of the group {figure.group}" if figure.group != "all" else ""
    print(clean(f"{outcome}: " + ", ".join(part for part in (reading, *figure.flags, group) if part)))


@app.command()
def example(
    output: Annotated[Path, typer.Option("--output", "-o", metavar="FILE", help="Where to write it.")] = Path(
        "idlib_2020.csv"
    ),
) -> None:
    """Write the Idlib table, to look at and to start from."""
    from importlib.resources import files

    from estimates.files import write_whole
    from estimates.text import clean

    if os.path.lexists(output):
        raise EstimatesError(f"{output} exists already; name another file with -o")
    text = (files("estimates.data") / "idlib_2020.csv").read_bytes()
    write_whole(output, text)
    print(clean(f"Wrote {output}; now try: estimates estimate {output}"))


def _estimate(reports: str, seed: int, as_of: str | None):  # type: ignore[no-untyped-def]
    from estimates.results import estimate as run

    estimates = run(reports, seed=seed, as_of=as_of)
    for note in estimates.notes:
        _note(note)
    return estimates


def _note(text: str) -> None:
    _complain(f"note: {text}")


def _complain(text: str) -> None:
    """Print to standard error; where there is none, nowhere: `print` would take standard output."""
    from estimates.text import clean

    if sys.stderr is not None:
        print("\n".join(clean(line) for line in text.split("\n")), file=sys.stderr)


def main() -> NoReturn:
    """Run the command line; input that cannot be used ends in a message, never in a traceback."""
    for stream in (sys.stdout, sys.stderr):
        if hasattr(stream, "reconfigure"):
            stream.reconfigure(errors="backslashreplace")
    try:
        try:
            app()
        finally:
            if sys.stdout is not None:
                sys.stdout.flush()  # a reader that has gone or a full disk must show here, not when Python closes
    except EstimatesError as error:
        _complain(str(error))
        sys.exit(1)
    except OSError as error:
        if not isinstance(error, BrokenPipeError):
            _complain(f"the output cannot be written: {(error.strerror or str(error)).lower()}")
        # What is left in the buffer has nowhere to go; keep Python from complaining while it closes.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        sys.exit(1)
    except KeyboardInterrupt:
        _complain("interrupted")
        sys.exit(130)
    sys.exit(0)
