"""Measure: ``estimates check`` of large tables against ``python -c "import pandas; pandas.read_csv(...)"`` of the same file.

Three tables are made with a seed. One has 1,000,000 rows: 100,000 events by 300 sources, figures both bare and in words, and
every column of a usual table filled. In another of the same size some of the words name the place as well, so that many
more of them differ: each different wording is read by itself. The third has 8,000 columns, nearly all of them unknown. Both
commands are whole processes, run in turn; told are the least wall times, their ratio, and the peak memory.
"""

from __future__ import annotations

import argparse
import random
import tempfile
from collections.abc import Iterator
from datetime import date, timedelta
from functools import partial
from itertools import islice
from pathlib import Path

from _common import Figure, record, verdict
from startup import run

SEED = 14
RUNS = 5
ROWS, EVENTS, SOURCES, PLACES = 1_000_000, 100_000, 300, 2_000
COLUMNS, SHORT = 8_000, 100
MOST_MEMORY = 6.0
COMMAND = ["-c", "from estimates.cli.application import main; main()", "check"]

HEADER = ["event", "source", "figure", "outcome", "source_type", "event_type", "reported_at", "event_date", "place",
          "url", "note"]  # fmt: skip
SOURCE_TYPES = ("government", "security", "monitor", "rescue", "health", "international_media", "local_media", "ngo")
EVENT_TYPES = ("airstrike", "shelling", "shooting", "bombing", "landmine", "flood", "fire", "crowd")
OUTCOMES = ("killed",) * 7 + ("injured",) * 3
PHRASES = (
    "at least {n}", "some {n}", "about {n}", "more than {n}", "up to {n}", "nearly {n}", "{n} people", "{n} civilians",
    "at least {n} {outcome}", "{n} to {m}", "between {n} and {m}", "at least {n} people, many of them women", "dozens",
    "no comment", "{n}, and the number will rise",
)  # fmt: skip
WITH_PLACE = "at least {n} {outcome} in {place}"
SYLLABLES = ("al", "ba", "dar", "el", "far", "ha", "jab", "kan", "mar", "nu", "qa", "sar", "tal", "um", "zay")
REMARKS = ("as told on the telephone", "from the noon bulletin", "translated, with the original kept", "seen on video")


def events(draw: random.Random) -> list[tuple[str, str, date, str, int]]:
    """Name, type, day, place and toll of each event; the toll is small in most and in the thousands in a few."""
    first = date(2012, 1, 1)
    places = ["".join(draw.choices(SYLLABLES, k=3)).title() for _ in range(PLACES)]
    made = []
    for number in range(EVENTS):
        place, kind = draw.choice(places), draw.choice(EVENT_TYPES)
        toll = 1 + int(draw.lognormvariate(1.5, 1.3))
        made.append((f"{kind} of {place} {number}", kind, first + timedelta(draw.randrange(4_000)), place, toll))
    return made


def figure(draw: random.Random, toll: int, place: str, outcome: str, phrases: tuple[str, ...]) -> str:
    """What a source says: half of it bare numbers, half words."""
    number = max(1, round(toll * draw.lognormvariate(0, 0.3)))
    more = number + 1 + number // 4
    phrase = "{n}" if draw.random() < 0.5 else draw.choice(phrases)
    said = phrase.format(n=f"{number:,}", m=f"{more:,}", place=place, outcome=outcome)
    return f'"{said}"' if "," in said else said


def reports(draw: random.Random, phrases: tuple[str, ...] = PHRASES) -> Iterator[str]:
    """The rows of a table of a million."""
    happened = events(draw)
    for number in range(ROWS):
        event, kind, day, place, toll = happened[number * EVENTS // ROWS]
        source, outcome = draw.randrange(SOURCES), draw.choice(OUTCOMES)
        reported = day + timedelta(min(30, int(draw.expovariate(0.4))))
        clock = f"T{draw.randrange(24):02}:{draw.randrange(60):02}" if draw.random() < 0.3 else ""
        yield (
            f"{event},Source {source},{figure(draw, toll, place, outcome, phrases)},{outcome},"
            f"{SOURCE_TYPES[source % len(SOURCE_TYPES)]},{kind},{reported}{clock},{day},{place},"
            f'https://example.org/{source}/{number},"{draw.choice(REMARKS)}, record {number}"'
        )


def rows(phrases: tuple[str, ...] = PHRASES) -> Iterator[str]:
    """The lines of a table of a million rows."""
    yield ",".join(HEADER)
    yield from reports(random.Random(SEED), phrases)


def columns() -> Iterator[str]:
    """The lines of a table of 8,000 columns: answers to a questionnaire beside what a report needs."""
    draw = random.Random(SEED)
    questions = [f"question_{number}" for number in range(COLUMNS - len(HEADER))]
    yield ",".join([*HEADER, *questions])
    for report in islice(reports(draw), SHORT):
        answers = (str(draw.randrange(100)) if draw.random() < 0.7 else "" for _ in questions)
        yield ",".join([report, *answers])


#: What each table is called, how its lines are made, and how many times the time of pandas its check may take.
TABLES = {
    "columns": ("8,000 columns", columns, 3.0),
    "rows": ("1,000,000 rows", rows, 15.0),
    "wordings": ("1,000,000 rows, places in the words", partial(rows, (*PHRASES, WITH_PLACE)), None),
}


def written(folder: Path, name: str) -> Path:
    """The file of a table."""
    path = folder / f"{name}.csv"
    with path.open("w", encoding="utf-8") as file:
        file.writelines(line + "\n" for line in TABLES[name][1]())
    return path


def measured(path: Path, name: str, runs: int) -> list[Figure]:
    """Time both commands in turn."""
    table, _, most = TABLES[name]
    ours, theirs = [*COMMAND, str(path)], ["-c", f"import pandas; pandas.read_csv({str(path)!r})"]
    pairs = [(run(ours), run(theirs)) for _ in range(runs)]
    check, pandas = (min(pair[which][0] for pair in pairs) for which in (0, 1))
    memory, ratio = max(pair[0][1] for pair in pairs) / 1024, check / pandas
    return [
        Figure(f"check, {table}", check, "s"),
        Figure(f"pandas.read_csv, {table}", pandas, "s"),
        Figure(f"ratio, {table}", ratio, "", "" if most is None else f"<= {most:g}: {verdict(ratio, most)}"),
        Figure(f"peak memory of check, {table}", memory, "GB", f"<= {MOST_MEMORY:g}: {verdict(memory, MOST_MEMORY)}"),
    ]


def main() -> None:
    """Make the tables and print the measures."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--runs", type=int, default=RUNS)
    parser.add_argument("--keep", type=Path, help="a folder that the tables are only written to, for a profiler")
    arguments = parser.parse_args()
    if arguments.keep:
        for name in TABLES:
            written(arguments.keep, name)
        return

    figures = []
    with tempfile.TemporaryDirectory() as folder:
        for name in TABLES:
            figures += measured(written(Path(folder), name), name, arguments.runs)
    record("reading", figures, __file__)


if __name__ == "__main__":
    main()
