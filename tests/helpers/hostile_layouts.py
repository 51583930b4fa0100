"""Absurd layouts: mappings of columns and of values, wide tables, marks of thousands and days."""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial
from typing import Any

from helpers.hostile_input import Hostile, generator
from helpers.hostile_objects import Sullen

TABLE = (
    "incident,agency,toll,low,high,when,kind,A,B\n"
    "Idlib,Monitor,18,17,19,01/02/2020,strike,5,6\n"
    "Idlib,Rescue,1.200,x,,15/01/2020,,dozens,\n"
)
OURS = {"incident": "event", "agency": "source", "toll": "figure"}


def layouts() -> Iterator[Hostile]:
    """All of them."""
    columns: dict[str, Any] = {
        "a column that is not there": {"x": "event"},
        "a target that is not there": {"incident": "evnt"},
        "two columns as one": {**OURS, "A": "event"},
        "every column as event": dict.fromkeys(TABLE.split("\n", 1)[0].split(","), "event"),
        "every column left out": dict.fromkeys(TABLE.split("\n", 1)[0].split(","), None),
        "every column an outcome": dict(zip(TABLE.split("\n", 1)[0].split(","), ["event", "source", "killed", "injured", "missing", "event_date", "displaced", "survivors", "strikes"], strict=True)),
        "one outcome twice": {**OURS, "A": "killed", "B": "killed"},
        "a figure and an outcome": {**OURS, "A": "killed"},
        "best without low": {"incident": "event", "agency": "source", "toll": "best", "low": None},
        "best twice": {"incident": "event", "agency": "source", "toll": "best", "A": "best"},
        "best and the figure": {**OURS, "A": "best"},
        "columns in a circle": {"low": "high", "high": "low", **OURS},
        "an empty name": {"": "event"},
        "an empty target": {"incident": ""},
        "a number": {1: "event"},
        "a target that is a number": {"incident": 1},
        "a target that is a list": {"incident": ["event"]},
        "None": {None: "event"},
        "a name that steers a terminal": {"\x1b[31m\u202e": "event"},
        "half a character": {"\ud800": "event"},
        "a sullen target": {"incident": Sullen()},
        "a target of coverage": {**OURS, "A": "coverage_source", "when": "coverage_from"},
        "no dict": "incident=event",
        "pairs": [("incident", "event")],
        "a number of columns": 18,
    }  # fmt: skip
    for name, given in columns.items():
        yield _layout(f"columns: {name}", columns=given)

    values: dict[str, Any] = {
        "a column that is not there": {"x": {"a": "b"}},
        "a value that is none of ours": {"kind": {"strike": "strke"}},
        "everything left out": {"kind": {"*": None}},
        "everything as one": {"source": {"*": "x"}},
        "an empty event": {"event": {"Idlib": ""}},
        "a figure as another": {"figure": {"18": "dozens", 18: "x"}},
        "fills every column": {name: {"": "2020"} for name in ("event", "source", "figure", "low", "verified", "event_date")},
        "fills with what is none of ours": {"outcome": {"": "x"}},
        "fills a figure and leaves it out": {"figure": {"": None, "18": None}},
        "two of a name": {"event": {"Idlib": "x"}, "incident": {"Idlib": "y"}},
        "a value that is a number": {"figure": {18: 19}},
        "a value that is a list": {"figure": {"18": [19]}},
        "a key that is missing": {"figure": {float("nan"): "19", None: "20"}},
        "a sullen value": {"event": {"Idlib": Sullen()}},
        "half a character": {"event": {"Idlib": "\ud800"}},
        "a name that steers a terminal": {"event": {"Idlib": "\x1b[31m\u202e\nfull toll 0"}},
        "no dict of a column": {"figure": "18"},
        "None of a column": {"figure": None},
        "pairs": [("figure", "18")],
        "no dict": 18,
    }  # fmt: skip
    for name, given in values.items():
        yield _layout(f"values: {name}", columns=OURS, values=given)

    wide: dict[str, Any] = {
        "all": True, "none": [], "a name that is not there": ["x"], "a name twice": ["A", "A"], "one of ours": ["event"],
        "text": "A", "numbers": [1, 2], "None": None, "a number": 1, "a sullen object": [Sullen()], "an empty name": [""],
        "a half character": ["\ud800"], "a dict": {"A": 1}, "a generator": (name for name in ("A", "B")),
    }  # fmt: skip
    for name, given in wide.items():
        yield _layout(f"wide: {name}", columns={"incident": "event"}, wide=given)
        yield _layout(f"wide: {name}, and a source", columns=OURS, wide=given)

    for given in ("", ".", " ", "'", ",,", "\x1b", None, 3, ["."], True):
        yield _layout(f"thousands: {given!r}", columns=OURS, thousands=given)
    for given in (True, 1, None, "no", [], {"x": 1}):
        yield _layout(f"day_first: {given!r}", columns={**OURS, "when": "event_date"}, day_first=given)
    yield _layout("day_first: sullen", columns=OURS, day_first=Sullen())

    sources: dict[str, Any] = {
        "a number": 18, "text": "source,place", "no file": "no such file.csv", "frames": [[1]], "dicts": [{"source": 1, "from": "x"}],
        "backwards": [{"source": "A", "from": "2021", "to": "2020"}], "nothing": [], "sullen": [{"source": Sullen()}],
        "payloads": [{"source": "\x1b[31m\u202e", "place": "\nx", "\x1b[31m": 1, "kind\u202e": 2}],
    }  # fmt: skip
    for name, given in sources.items():
        yield _layout(
            f"coverage: {name}", columns={**OURS, "when": None, "low": None, "high": None, "A": None}, coverage=given
        )

    for n in range(25):
        yield _drawn(n)


def _layout(name: str, **options: Any) -> Hostile:
    return Hostile("layouts", name, partial(bytes, TABLE.encode()), options=options)


def _drawn(number: int) -> Hostile:
    """Any column as anything."""
    draw = generator(f"layout {number}")
    header = TABLE.split("\n", 1)[0].split(",")
    targets = [
        "event",
        "source",
        "figure",
        "best",
        "low",
        "high",
        "killed",
        "injured",
        "wording",
        "event_date",
        "verified",
        "outcome",
        None,
    ]
    columns = {name: draw.choice(targets) for name in draw.sample(header, draw.randint(0, len(header)))}
    values = {
        draw.choice([*header, "event", "outcome", "figure"]): {
            draw.choice(["", "*", "18", "strike"]): draw.choice(["killed", "x", None, ""])
        }
        for _ in range(draw.randint(0, 2))
    }
    wide = draw.choice([False, False, True, draw.sample(header, 2)])
    return _layout(
        f"drawn {number}",
        columns=columns,
        values=values,
        wide=wide,
        thousands=draw.choice([",", ".", " "]),
        day_first=draw.random() < 0.5,
    )
