"""The command line: ``estimates`` report, estimate, fit, evaluate, simulate, check, parse and example.

Results go to standard output, notes to standard error. Exit status 0, 1 for input that cannot be used (one message a
fault), 2 for a command that cannot be understood.
"""

from __future__ import annotations

import json
import os
import sys
import warnings
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
PROFILE = Annotated[
    str | None,
    typer.Option("--profile", metavar="NAME|FILE", help="default, published, or a source profile's .nc or .npz file."),
]
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
    profile: PROFILE = None,
    seed: SEED = 0,
    as_of: AS_OF = None,
) -> None:
    """Print the ranges and write the uncertainty report."""
    from estimates.cli.screen import estimates_table
    from estimates.text import clean

    target = output or Path(("reports" if reports == "-" else Path(reports).stem) + "_report.html")
    if os.path.exists(target) and os.path.exists(reports) and os.path.samefile(target, reports):
        raise EstimatesError(f"{target} is the table itself; name another file with -o")
    estimates = _estimate(reports, profile, seed, as_of)
    written = estimates.document(target)
    print(estimates_table(estimates))
    print(f"\nReport written to {clean(str(written))}")


@app.command()
def estimate(
    reports: TABLE,
    form: Annotated[
        Format, typer.Option("--format", help="table for the eye, csv or json for programs.")
    ] = Format.TABLE,
    profile: PROFILE = None,
    seed: SEED = 0,
    as_of: AS_OF = None,
) -> None:
    """Print the ranges of every event and outcome."""
    from estimates.cli.screen import estimates_csv, estimates_table

    estimates = _estimate(reports, profile, seed, as_of)
    match form:
        case Format.JSON:
            # ASCII, for terminals and pipes of any encoding, and without live control characters from the table.
            print(json.dumps(estimates.records(), indent=2))
        case Format.CSV:
            print(estimates_csv(estimates), end="")
        case Format.TABLE:
            print(estimates_table(estimates))


@app.command()
def fit(
    corpus: Annotated[
        str,
        typer.Argument(
            metavar="CORPUS", help="Table of reports about many events, CSV or Parquet; - for standard input."
        ),
    ],
    output: Annotated[
        Path, typer.Option("--output", "-o", metavar="FILE", help="Where to write the source profile, .nc or .npz.")
    ],
    method: Annotated[
        str, typer.Option("--method", help="nuts, or fast: a quicker approximation for large tables.")
    ] = "nuts",
    checkpoint: Annotated[
        Path | None,
        typer.Option(
            "--checkpoint", metavar="DIR", help="Keeps finished chains, from which an interrupted fit goes on."
        ),
    ] = None,
    seed: SEED = 0,
) -> None:
    """Learn how sources report from many events, and write it down as a source profile."""
    from estimates.files import check_target
    from estimates.fitting.fitting import fit as run
    from estimates.text import clean

    if os.path.exists(output) and os.path.exists(corpus) and os.path.samefile(output, corpus):
        raise EstimatesError(f"{output} is the table itself; name another file with -o")
    if output.suffix not in (".nc", ".npz"):
        raise EstimatesError(f"{output}: source profiles are files ending in .nc or .npz; name one of these")
    check_target(output)
    profile = run(
        corpus,
        seed=seed,
        method=method,  # type: ignore[arg-type]
        checkpoint=checkpoint,
        progress=sys.stderr is not None and sys.stderr.isatty(),
    )
    written = profile.save(output)
    for kind in ("notes", "flags"):
        for text in str(profile.facts[kind]).splitlines():
            _note(text)
    rows = profile.summary().round(2).to_string(index=False, na_rep="").split("\n")
    print("\n".join(clean(row) for row in rows))
    print(f"\nProfile written to {clean(str(written))}")


@app.command()
def evaluate(
    reports: TABLE,
    profile: PROFILE = None,
    leave_one_out: Annotated[
        bool, typer.Option("--leave-one-out", help="Learn a profile for every event from the other ones; takes long.")
    ] = False,
    within_days: Annotated[float, typer.Option("--within-days", help="Show only reports younger than this.")] = 2.0,
    outcome: Annotated[str, typer.Option("--outcome", help="The outcome that is scored.")] = "killed",
    form: Annotated[
        Format, typer.Option("--format", help="table for the eye, csv or json for programs.")
    ] = Format.TABLE,
    plot: Annotated[
        Path | None, typer.Option("--plot", metavar="FILE", help="Draw calibration and errors: .png, .svg or .pdf.")
    ] = None,
    seed: SEED = 0,
) -> None:
    """Score the ranges of events with a verified toll, beside simple rivals."""
    from estimates.evaluation.evaluation import evaluate as run
    from estimates.evaluation.pictures import check_picture

    if plot is not None:
        check_picture(plot)
    evaluation = run(
        reports,
        profile=_profile(profile, seed),
        leave_one_out=leave_one_out,
        within_days=within_days,
        outcome=outcome,
        seed=seed,
    )
    for note in evaluation.notes:
        _note(note)
    if plot is not None:
        _complain(f"Picture written to {evaluation.plot(plot)}")
    match form:
        case Format.JSON:
            print(json.dumps(evaluation.records(), indent=2))
        case Format.CSV:
            print(evaluation.table().to_csv(index=False, lineterminator="\n"), end="")
        case Format.TABLE:
            print(evaluation.summary().to_string(index=False))


@app.command()
def check(reports: TABLE) -> None:
    """Say whether a table can be used, and list everything wrong with it."""
    from estimates.table.reports import read_reports
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
    from estimates.wording.figure import parse_figure

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


@app.command()
def simulate(
    output: Annotated[Path, typer.Option("--output", "-o", metavar="FILE", help="Where to write the reports, CSV.")],
    truth: Annotated[
        Path | None, typer.Option("--truth", metavar="FILE", help="Where to write the tolls behind them, CSV.")
    ] = None,
    events: Annotated[int, typer.Option("--events", min=1, help="Number of events.")] = 40,
    sources: Annotated[int, typer.Option("--sources", min=1, help="Number of sources.")] = 4,
    world: Annotated[
        str,
        typer.Option(
            "--world", help="model, copying, common_undercount, shared_hospital, inflating or sparse: what is broken."
        ),
    ] = "model",
    remedy: Annotated[bool, typer.Option("--remedy", help="Let the table say what happened in that world.")] = False,
    seed: SEED = 0,
) -> None:
    """Write a table of simulated reports, to try methods on events whose tolls are known."""
    from estimates.evaluation.simulation import simulate as run
    from estimates.files import check_target, write_whole
    from estimates.text import clean

    targets = [output] if truth is None else [output, truth]
    if len({os.path.realpath(target) for target in targets}) < len(targets):
        raise EstimatesError(f"{output} cannot hold both the reports and the tolls; name another file with --truth")
    for target in targets:
        if os.path.lexists(target):
            raise EstimatesError(f"{target} exists already; name another file")
        check_target(target)
    simulation = run(events, sources, seed=seed, world=world, remedy=remedy)
    for target, table in zip(targets, (simulation.table, simulation.truth), strict=False):
        write_whole(target, table.to_csv(index=False, lineterminator="\n").encode())
    print(clean(f"Wrote {' and '.join(map(str, targets))}; now try: estimates estimate {output}"))


def _estimate(reports: str, profile: str | None, seed: int, as_of: str | None):  # type: ignore[no-untyped-def]
    from estimates.results.estimates import estimate as run

    estimates = run(reports, profile=_profile(profile, seed), seed=seed, as_of=as_of)
    for note in estimates.notes:
        _note(note)
    return estimates


def _profile(name: str | None, seed: int):  # type: ignore[no-untyped-def]
    """The profile asked for, by its name or its file; None where none was."""
    if name is None:
        return None
    if Path(name).suffix:
        from estimates.profile.storage import load_profile

        return load_profile(name)
    from estimates.profile.profile import named_profile

    return named_profile(name, seed)


def _note(text: str) -> None:
    _complain(f"note: {text}")


def _complain(text: str) -> None:
    """Print to standard error; where there is none, nowhere: `print` would take standard output."""
    from estimates.text import clean

    if sys.stderr is not None:
        print("\n".join(clean(line) for line in text.split("\n")), file=sys.stderr)


def _show_warning(message: Warning | str, *_: object, **__: object) -> None:
    """Print what a library warns of as a note, without the lines of code it comes from."""
    _note(str(message))


def main() -> NoReturn:
    """Run the command line; input that cannot be used ends in a message, never in a traceback."""
    warnings.showwarning = _show_warning
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
