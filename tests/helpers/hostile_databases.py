"""Hostile files of databases, for their importers: other files under their names, and their columns with strange cells."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from functools import partial

from helpers.databases import HEADERS, MAVERICK_LONG
from helpers.hostile_cells import COUNTS, DATES, PAYLOADS, mutated
from helpers.hostile_input import Hostile, csv_of, generator
from helpers.hostile_text import texts
from helpers.workbooks import Formula, xlsx

#: What the columns of databases hold where all is well.
_GOOD = {
    "event_date": "2021-03-01", "date": "2021-03-01", "date_start": "2021-03-01", "date_end": "2021-03-02", "Incident Date": "2021-03-01",
    "best": "3", "low": "2", "high": "4", "fatalities": "3", "deaths_best": "3", "deaths_low": "2", "deaths_high": "4", "value": "3",
    "quantity": "killed", "value_low": "2", "value_high": "4", "bound": "exact", "post_modified": "2021-03-05", "post_published": "2021-03-04", "Number of Dead": "3", "Total Number of Dead and Missing": "3", "num_victims": "3",
    "civilian_non_combatants_killed_min": "2", "civilian_non_combatants_killed_max": "3", "Incident Type": "Incident", "certain": "1", "source_classification": "media", "event_clarity": "1", "reported_at": "2021-03-02",
    "code": "AB123", "permalink": "https://x.example/1", "URL": "https://x.example/1", "timestamp": "1614729600", "unit_of_analysis": "event",
}  # fmt: skip
_STRANGE = (
    "",
    "",
    "-1",
    "1.5",
    "1e9",
    "∞",
    "unknown",
    "NA",
    "\x1b[31m",
    "'",
    '"',
    "https://x.example/\x1b[31m",
    "x" * 500,
    "=1+1",
)


def databases() -> Iterator[Hostile]:
    """All of them."""
    others = [hostile for hostile in texts() if not hostile.options]
    for name, header in HEADERS.items():
        yield from _of(name, name, header)
        draw = generator(f"wrong files of {name}")
        for other in draw.sample(others, 8):
            yield Hostile("files of databases", f"{name}: {other.id}", other.make, database=name, ending=other.ending)
        for wrong, columns in HEADERS.items():
            if wrong != name:
                make = partial(_rows_of, columns, f"{wrong} as {name}")
                yield Hostile("files of databases", f"{name}: a file of {wrong}", make, "be refused", database=name)
    yield from _of("maverick", "maverick, long", MAVERICK_LONG)


def _of(database: str, name: str, header: list[str]) -> Iterator[Hostile]:
    def given(what: str, make: Callable[[], bytes], **options: str) -> Hostile:
        return Hostile("files of databases", f"{name}: {what}", make, database=database, **options)  # type: ignore[arg-type]

    for n in range(8):
        yield given(f"drawn {n}", partial(_rows_of, header, f"{name} {n}"))
    yield given("header only", partial(csv_of, [header]))
    yield given("blank rows", partial(csv_of, [header, *[[""] * len(header)] * 3]))
    yield given("every column twice", partial(csv_of, [header * 2, ["1"] * len(header) * 2]))
    yield given("half the header", partial(csv_of, [header[: len(header) // 2], ["1"] * (len(header) // 2)]))
    yield given("every cell alike", partial(csv_of, [header, *[["2021-03-01"] * len(header)] * 2]))
    yield given(
        "errors of a spreadsheet", partial(xlsx, {"S": [header, [Formula(error="#N/A")] * len(header)]}), ending=".xlsx"
    )
    yield given("formulas without values", partial(xlsx, {"S": [header, [Formula()] * len(header)]}), ending=".xlsx")


def _rows_of(header: list[str], name: str) -> bytes:
    """Rows in which most cells are well and some are not."""
    draw = generator(name)
    payloads = [payload for payload in PAYLOADS if "\x00" not in payload]
    rows: list[list[object]] = [[*header]]
    for n in range(12):
        share = draw.choice((0.0, 0.02, 0.02, 0.4))
        row = [_GOOD.get(column, str(n + 1)) for column in header]
        for at in range(len(row)):
            if draw.random() < share:
                row[at] = draw.choice(
                    (
                        draw.choice(_STRANGE),
                        draw.choice(payloads),
                        draw.choice(DATES),
                        draw.choice(COUNTS),
                        mutated(draw),
                    )
                )
        rows.append([*row])
    return csv_of(rows)
