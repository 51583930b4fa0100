"""Commands that learn a source profile and try the method: fit, evaluate and simulate."""

from __future__ import annotations

import json
import os
from pathlib import Path
from typing import Annotated

import typer

from estimates.cli.options import (
    COVERAGE,
    DAY_FIRST,
    FORMAT,
    MAP,
    PROFILE,
    SEED,
    TABLE,
    THOUSANDS,
    WIDE,
    Format,
    chosen_profile,
    layout_asked,
)
from estimates.cli.progress import shown
from estimates.cli.streams import complain, note
from estimates.errors import EstimatesError

# Options of fit -------------------------------------------------------------------------------------------------------

CORPUS = Annotated[
    str,
    typer.Argument(metavar="CORPUS", help="Table of reports about many events, in any form; - for standard input."),
]
PROFILE_FILE = Annotated[
    Path, typer.Option("--output", "-o", metavar="FILE", help="Where to write the source profile, .nc or .npz.")
]
METHOD = Annotated[str, typer.Option("--method", help="nuts, or fast: a quicker approximation for large tables.")]
ANCHORS = Annotated[
    str | None,
    typer.Option(
        "--anchors",
        metavar="default|FILE",
        help="Learn from events with verified tolls as well: default for those of the package, or a table of others.",
    ),
]
CHECKPOINT = Annotated[
    Path | None,
    typer.Option(
        "--checkpoint", metavar="DIR", help="Keeps what is sampled, so that a fit that was killed goes on from there."
    ),
]

# Options of evaluate --------------------------------------------------------------------------------------------------

LEAVE_ONE_OUT = Annotated[
    bool, typer.Option("--leave-one-out", help="Learn a profile for every event from the other ones; takes long.")
]
WITHIN_DAYS = Annotated[float, typer.Option("--within-days", help="Show only reports younger than this.")]
OUTCOME = Annotated[str, typer.Option("--outcome", help="The outcome that is scored.")]
PLOT = Annotated[
    Path | None, typer.Option("--plot", metavar="FILE", help="Draw calibration and errors: .png, .svg or .pdf.")
]

# Options of simulate --------------------------------------------------------------------------------------------------

REPORTS_FILE = Annotated[Path, typer.Option("--output", "-o", metavar="FILE", help="Where to write the reports, CSV.")]
TRUTH_FILE = Annotated[
    Path | None, typer.Option("--truth", metavar="FILE", help="Where to write the tolls behind them, CSV.")
]
EVENTS = Annotated[int, typer.Option("--events", min=1, help="Number of events.")]
SOURCES = Annotated[int, typer.Option("--sources", min=1, help="Number of sources.")]
WORLD = Annotated[
    str,
    typer.Option(
        "--world", help="model, copying, common_undercount, shared_hospital, inflating or sparse: what is broken."
    ),
]
REMEDY = Annotated[bool, typer.Option("--remedy", help="Let the table say what happened in that world.")]

# The commands ---------------------------------------------------------------------------------------------------------


def fit(
    corpus: CORPUS,
    output: PROFILE_FILE,
    method: METHOD = "nuts",
    anchors: ANCHORS = None,
    checkpoint: CHECKPOINT = None,
    seed: SEED = 0,
    coverage: COVERAGE = None,
    maps: MAP = None,
    wide: WIDE = False,
    day_first: DAY_FIRST = False,
    thousands: THOUSANDS = ",",
) -> None:
    """Learn how sources report from many events, and write it down as a source profile."""
    from estimates.files import check_target
    from estimates.fitting.fitting import fit as run
    from estimates.table.reports import read_reports
    from estimates.text import clean

    if os.path.exists(output) and os.path.exists(corpus) and os.path.samefile(output, corpus):
        raise EstimatesError(f"{output} is the table itself; name another file with -o")
    if output.suffix not in (".nc", ".npz"):
        raise EstimatesError(f"{output}: source profiles are files ending in .nc or .npz; name one of these")
    check_target(output)

    with shown("reading"):
        table = read_reports(corpus, coverage=coverage, **layout_asked(maps, wide, day_first, thousands))
    with shown("fitting") as progress:
        profile = run(
            table,
            seed=seed,
            method=method,  # type: ignore[arg-type]
            anchors=anchors,
            checkpoint=checkpoint,
            progress=progress,
        )
    written = profile.save(output)

    for kind in ("notes", "flags"):
        for text in str(profile.facts[kind]).splitlines():
            note(text)

    rows = profile.summary().round(2).to_string(index=False, na_rep="").split("\n")
    print("\n".join(clean(row) for row in rows))
    print(f"\nProfile written to {clean(str(written))}")


def evaluate(
    reports: TABLE,
    profile: PROFILE = None,
    leave_one_out: LEAVE_ONE_OUT = False,
    within_days: WITHIN_DAYS = 2.0,
    outcome: OUTCOME = "killed",
    form: FORMAT = Format.TABLE,
    plot: PLOT = None,
    seed: SEED = 0,
    maps: MAP = None,
    wide: WIDE = False,
    day_first: DAY_FIRST = False,
    thousands: THOUSANDS = ",",
) -> None:
    """Score the ranges of events with a verified toll, beside simple baselines."""
    from estimates.evaluation.evaluation import evaluate as run
    from estimates.evaluation.pictures import check_picture
    from estimates.spreadsheets import csv_of_frame
    from estimates.table.reports import read_reports

    if plot is not None:
        check_picture(plot)

    with shown("reading"):
        table = read_reports(reports, **layout_asked(maps, wide, day_first, thousands))

    with shown("evaluating") as progress:
        evaluation = run(
            table,
            profile=chosen_profile(profile, seed),
            leave_one_out=leave_one_out,
            within_days=within_days,
            outcome=outcome,
            seed=seed,
            progress=progress,
        )
    for text in evaluation.notes:
        note(text)
    if plot is not None:
        complain(f"Picture written to {evaluation.plot(plot)}")

    match form:
        case Format.JSON:
            print(json.dumps(evaluation.records(), indent=2))
        case Format.CSV:
            print(csv_of_frame(evaluation.table()), end="")
        case Format.TABLE:
            print(evaluation.text())


def simulate(
    output: REPORTS_FILE,
    truth: TRUTH_FILE = None,
    events: EVENTS = 40,
    sources: SOURCES = 4,
    world: WORLD = "model",
    remedy: REMEDY = False,
    seed: SEED = 0,
) -> None:
    """Write a table of simulated reports, to try methods on events whose tolls are known."""
    from estimates.evaluation.simulation import simulate as run
    from estimates.files import check_target, write_whole
    from estimates.spreadsheets import csv_of_frame
    from estimates.text import clean

    targets = [output] if truth is None else [output, truth]
    if len({os.path.realpath(target) for target in targets}) < len(targets):
        raise EstimatesError(f"{output} cannot hold both the reports and the tolls; name another file with --truth")
    for target in targets:
        if os.path.lexists(target):
            raise EstimatesError(f"{target} exists already; name another file")
        check_target(target)

    with shown("simulating"):
        simulation = run(events, sources, seed=seed, world=world, remedy=remedy)
    for target, table in zip(targets, (simulation.table, simulation.truth), strict=False):
        write_whole(target, csv_of_frame(table).encode())

    print(clean(f"Wrote {' and '.join(map(str, targets))}; now try: estimates estimate {output}"))
