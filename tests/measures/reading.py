"""Measure: ``estimates check`` of large tables against ``python -c "import pandas; pandas.read_csv(...)"`` of the same file.

Two tables are made with a seed: 1,000,000 rows of 100,000 events by 300 sources, figures both bare and in words, every
column of a usual table filled; and 8,000 columns, nearly all of them unknown. Both are whole processes, run in turn; told are
the least wall times, their ratio, and the peak memory.
"""

from __future__ import annotations

import argparse
import random
import tempfile
from collections.abc import Iterator
from datetime import date, timedelta
from pathlib import Path

from _common import Figure, record, verdict
from startup import run

SEED = 14
RUNS = 5
ROWS, EVENTS, SOURCES, PLACES = 1_000_000, 100_000, 300, 2_000
COLUMNS, SHORT = 8_000, 100
MOST = {"rows": 15.0, "columns": 3.0}
MOST_MEMORY = 6.0
COMMAND = ["-c", "from estimates.cli.application import main; main()", "check"]

HEADER = "event,source,figure,outcome,source_type,event_type,reported_at,event_date,place,url,note"
SOURCE_TYPES = ("government", "security", "monitor", "rescue", "health", "international_media", "local_media", "ngo")
EVENT_TYPES = ("airstrike", "shelling", "shooting", "bombing", "landmine", "flood", "fire", "crowd")
OUTCOMES = ("killed",) * 7 + ("injured",) * 3
PHRASES = (
    "at least {n}", "at least {n} {outcome} in {place}", "some {n}", "about {n}", "more than {n}", "up to {n}", "nearly {n}", "{n} people", "{n} civilians",
    "{n} to {m}", "between {n} and {m}", "at least {n} people, many of them women",
    "dozens", "no comment", "{n}, and the number will rise",
)  # fmt: skip
SYLLABLES = ("al", "ba", "dar", "el", "far", "ha", "jab", "kan", "mar", "nu", "qa", "sar", "tal", "um", "zay")
REMARKS = ("as told on the telephone", "from the noon bulletin", "translated, with the original kept", "seen on video")


def size(draw: random.Random) -> int:
    """A toll: small in most events, thousands in a few."""
    return 1 + int(draw.lognormvariate(1.5, 1.3))


def events(draw: random.Random) -> list[tuple[str, str, date, str, int]]:
    """Name, type, day, place and toll of each event."""
    first = date(2012, 1, 1)
    places = ["".join(draw.choices(SYLLABLES, k=3)).title() for _ in range(PLACES)]
    made = []
    for number in range(EVENTS):
        place = draw.choice(places)
        kind, day = draw.choice(EVENT_TYPES), first + timedelta(draw.randrange(4_000))
        made.append((f"{kind} of {place} {number}", kind, day, place, size(draw)))
    return made


def figure(draw: random.Random, toll: int, place: str, outcome: str) -> str:
    """What a source says: half of it bare numbers, half words."""
    number = max(1, round(toll * draw.lognormvariate(0, 0.3)))
    more = number + 1 + number // 4
    phrase = "{n}" if draw.random() < 0.5 else draw.choice(PHRASES)
    said = phrase.format(n=f"{number:,}", m=f"{more:,}", place=place, outcome=outcome)
    return f'"{said}"' if "," in said else said


def rows(draw: random.Random) -> Iterator[str]:
    """The lines of the table of a million rows."""
    happened = events(draw)
    yield HEADER
    for number in range(ROWS):
        event, kind, day, place, toll = happened[number * EVENTS // ROWS]
        source = draw.randrange(SOURCES)
        reported = day + timedelta(min(30, int(draw.expovariate(0.4))))
        outcome = draw.choice(OUTCOMES)
        clock = f"T{draw.randrange(24):02}:{draw.randrange(60):02}" if draw.random() < 0.3 else ""
        yield (
            f"{event},Source {source},{figure(draw, toll, place, outcome)},{outcome},"
            f"{SOURCE_TYPES[source % len(SOURCE_TYPES)]},{kind},{reported}{clock},{day},{place},"
            f'https://example.org/{source}/{number},"{draw.choice(REMARKS)}, record {number}"'
        )


def columns(draw: random.Random) -> Iterator[str]:
    """The lines of the table of 8,000 columns: answers to a questionnaire beside a few known columns."""
    known = HEADER.split(",")
    questions = [f"question_{number}" for number in range(COLUMNS - len(known))]
    yield ",".join([*known, *questions])
    for line in list(rows_of(draw, SHORT)):
        answers = (str(draw.randrange(100)) if draw.random() < 0.7 else "" for _ in questions)
        yield line + "," + ",".join(answers)


def rows_of(draw: random.Random, count: int) -> Iterator[str]:
    """The first rows of a table of a million."""
    lines = rows(draw)
    next(lines)
    for _ in range(count):
        yield next(lines)


def written(folder: Path, name: str, lines: Iterator[str]) -> Path:
    """A file of these lines."""
    path = folder / f"{name}.csv"
    with path.open("w", encoding="utf-8") as file:
        file.writelines(line + "\n" for line in lines)
    return path


def measured(path: Path, name: str, runs: int) -> list[Figure]:
    """Time both commands in turn."""
    ours, theirs = [*COMMAND, str(path)], ["-c", f"import pandas; pandas.read_csv({str(path)!r})"]
    pairs = [(run(ours), run(theirs)) for _ in range(runs)]
    check, pandas = (min(pair[which][0] for pair in pairs) for which in (0, 1))
    memory = max(pair[0][1] for pair in pairs) / 1024

    most = MOST[name]
    table = {"rows": f"{ROWS:,} rows", "columns": f"{COLUMNS:,} columns"}[name]
    return [
        Figure(f"check of {table}", check, "s"),
        Figure(f"pandas.read_csv of {table}", pandas, "s"),
        Figure(f"ratio, {table}", check / pandas, "", f"<= {most:g}: {verdict(check / pandas, most)}"),
        Figure(f"peak memory, {table}", memory, "GB", f"<= {MOST_MEMORY:g}: {verdict(memory, MOST_MEMORY)}"),
    ]


def main() -> None:
    """Make the tables and print the measures."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--runs", type=int, default=RUNS)
    parser.add_argument("--keep", type=Path, help="a folder that the tables are only written to, for a profiler")
    arguments = parser.parse_args()

    tables = {"columns": columns, "rows": rows}
    if arguments.keep:
        for name, lines in tables.items():
            written(arguments.keep, name, lines(random.Random(SEED)))
        return

    with tempfile.TemporaryDirectory() as folder:
        figures = []
        for name, lines in tables.items():
            figures += measured(written(Path(folder), name, lines(random.Random(SEED))), name, arguments.runs)
    record("reading", figures, __file__)


if __name__ == "__main__":
    main()
