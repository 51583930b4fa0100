"""Tables that must be refused, each with the line, the column and the advice that its message must hold."""

from __future__ import annotations

from typing import NamedTuple


class Malformed(NamedTuple):
    """One bad table; ``line`` and ``column`` are None where the fault is in the table as a whole."""

    id: str
    content: str | bytes
    line: int | None
    column: str | None
    what: str
    mend: str


def _row(column: str, value: str, **others: str) -> str:
    """Write a table of one report in which one cell is bad, on line 3 (line 2 is a good report)."""
    cells = {"event": "Idlib", "source": "Monitor", "figure": "18", **others, column: value}
    good = {name: {"event": "Aleppo", "source": "Rescue", "figure": "21"}.get(name, "") for name in cells}
    lines = [",".join(cells), ",".join(good.values()), ",".join(f'"{cell}"' for cell in cells.values())]
    return "\n".join(lines) + "\n"


def _cell(id: str, column: str, value: str, what: str, mend: str, **others: str) -> Malformed:
    return Malformed(id, _row(column, value, **others), 3, column, what, mend)


CELLS = [
    _cell("empty event", "event", "", "the cell is empty", "every report needs it"),
    _cell("blank source", "source", "   ", "the cell is empty", "every report needs it"),
    _cell("no figure", "figure", "", "there is no figure", "'no comment' if the source gave no figure"),
    _cell("unreadable words", "figure", "many", "many", "write"),
    _cell("negative", "figure", "-5", "'-5' is negative", "from 0 up"),
    _cell("thousands or a fraction", "figure", "1.200", "may mean thousands or a fraction", "--thousands ."),
    _cell("fraction", "figure", "18.5", "'18.5' is a fraction", "counted whole"),
    _cell("NaN", "figure", "NaN", "'NaN' is not a number (NaN)", "write a whole number"),
    _cell("infinity", "figure", "-inf", "'-inf' is infinite", "write a whole number"),
    _cell("1e308", "figure", "1e308", "'1e308' is too large", "1,000,000,000"),
    _cell("scientific notation", "figure", "1e3", "'1e3' is not written in plain digits", "such as 18 or 1,200"),
    _cell("negative low", "low", "-1", "'-1' is negative", "from 0 up"),
    _cell("fractional high", "high", "2.5", "'2.5' is a fraction", "counted whole", low="1"),
    _cell("NaN as low", "low", "nan", "'nan' is not a number", "leave the cell empty"),
    _cell("infinite high", "high", "inf", "'inf' is infinite", "write a whole number", low="1"),
    _cell("above the largest count", "low", "1,000,000,001", "'1,000,000,001' is too large", "1,000,000,000"),
    _cell("five thousand digits", "low", "9" * 5000, "is too large", "1,000,000,000"),
    _cell("words as low", "low", "eighteen", "'eighteen' is not a whole number", "such as 18 or 1,200"),
    _cell("misplaced separators", "low", "1,20", "'1,20' is not a whole number", "such as 18 or 1,200"),
    _cell("low above high", "low", "21", "low 21 is above high 18", "swap them", high="18", figure=""),
    _cell("only low", "wording", "", "only low is given", "at_least", low="18", figure=""),
    _cell("only high", "wording", "", "only high is given", "up_to", high="18", figure=""),
    _cell("range of one end", "wording", "range", "needs both low and high", "give both", low="18", figure=""),
    _cell("two numbers for one", "wording", "at_least", "takes one number", "write range", low="18", high="21"),
    _cell("named without a number", "wording", "named", "wording named needs a number", "in low", figure="dozens"),
    _cell("at least nothing", "wording", "at_least", "the number 0 says nothing", "write none", low="0", figure=""),
    _cell("vague without its word", "figure", "", "needs its word", "dozens", wording="vague"),
    _cell("vague with a number", "wording", "vague", "takes no number", "clear one", low="24", figure="dozens"),
    _cell("no comment with a number", "wording", "no_comment", "takes no number", "clear one", low="3"),
    _cell("none with a number", "wording", "none", "contradict", "clear one", low="3", figure=""),
    _cell("unknown wording", "wording", "atleast", "'atleast' is not a wording", "did you mean 'at_least'?"),
    _cell("unknown outcome", "outcome", "kiled", "'kiled' is not an outcome", "mean 'killed'?; allowed: casual"),
    _cell("unknown type of source", "source_type", "UNO", "'UNO' is not a type of source", "allowed: armed_group, gov"),
    _cell("unknown type of event", "event_type", "air strike!", "is not a type of event", "did you mean 'airstrike'?"),
    _cell("unknown scope", "scope", "month", "'month' is not a scope", "allowed: event, period"),
    _cell("unknown affiliation", "affiliation", "foe", "'foe' is not an affiliation", "allowed: enemy, neutral, own"),
    _cell("no such day", "event_date", "2020-02-30", "'2020-02-30' does not exist", "day"),
    _cell("no such month", "reported_at", "2020-13", "'2020-13' does not exist", "month"),
    _cell("day or month", "reported_at", "01/02/2020", "may be 1 February or 2 January 2020", "--day-first"),
    _cell("no year", "reported_at", "15 Jan", "'15 Jan' has no year of four digits", "2020-01-15"),
    _cell("another weekday", "reported_at", "Thu, 15 Jan 2020", "2020-01-15 was a Wednesday", "correct one"),
    _cell("a range of reports", "reported_at", "15-17 Jan 2020", "is not a date", "2020-01-15"),
    _cell("backwards", "event_date", "2020-01-17/2020-01-15", "ends before it begins", "with the earlier day"),
    _cell("a day of a spreadsheet", "event_date", "43845", "numbers a day (2020-01-15", "the format of a date"),
    _cell("date unknown", "event_date", "unknown", "'unknown' is not a date", "leave the cell empty"),
    _cell("no such year", "event_date", "0202-01-15", "is in the year 202", "1000 to 2999"),
    _cell("no such offset", "reported_at", "2020-01-15T14:30+25", "does not exist", "UTC"),
    _cell("quotes itself", "quotes", "monitor", "'Monitor' quotes itself", "name the other"),
    _cell("verified unknown", "verified", "unknown", "'unknown' is not a whole number", "leave the cell empty"),
    _cell("verified backwards", "verified", "103-51", "'103-51' ends below its beginning", "write 51-103"),
    _cell("verified at least none", "verified", "at least 0", "says nothing", "leave the cell empty"),
    _cell("verified at least some", "verified", "at least some", "'some' is not a whole number", "such as 51-103"),
    _cell("verified in part", "verified", "51-103.5", "'103.5' is a fraction", "people are counted whole"),
    _cell("provisional maybe", "provisional", "maybe", "neither true nor false", "write true or false"),
    _cell("withdrawn maybe", "withdrawn", "maybe", "neither true nor false", "write true or false"),
    _cell("chosen by luck", "chosen", "by luck", "neither true nor false", "write true or false"),
    _cell("some copies removed", "copies_removed", "some", "neither true nor false", "write true or false"),
    _cell("unknown definition", "definition", "exces", "'exces' is not a definition", "did you mean 'excess'?"),
    _cell("no definition", "definition", "bodies", "not a definition", "confirmed, direct, excess, hospital, identified"),
    _cell("nobody at risk", "at_risk", "0", "'0' is nobody", "leave the cell empty"),
    _cell("fewer than nobody at risk", "at_risk", "-3", "'-3' is negative", "from 0 up"),
    _cell("half a person at risk", "at_risk", "1.5", "'1.5' is a fraction", "counted whole"),
    _cell("at risk in words", "at_risk", "a planeload", "is not a whole number", "leave the cell empty"),
    _cell("more named than at risk", "at_risk", "17", "18 are listed by name", "correct one", wording="named"),
    _cell("more verified than at risk", "verified", "20-25", "at_risk of killed", "correct one of them", at_risk="19"),
    _cell("period without its start", "period_start", "", "scope period needs it", "date", scope="period"),
    _cell("period without its end", "period_end", "", "needs it", "the date", scope="period", period_start="2020"),
    _cell("a period and no scope", "period_start", "2020-01", "the scope is event", "write period in scope"),
    _cell(
        "a period that ends first", "period_end", "2020-01-01", "is before period_start '2020-01-15'", "swap them",
        scope="period", period_start="2020-01-15",
    ),
]  # fmt: skip

_TWO = "event,source,figure,{0}\nIdlib,Monitor,18,{1}\n\nIdlib,Rescue,21,{2}\n"

WITHIN_EVENTS = [
    Malformed(column, _TWO.format(column, one, other), 4, column, f"'{other}' here and '{one}' on line 2", "one value")
    for column, one, other in [
        ("event_type", "airstrike", "shelling"),
        ("verified", "19", "22"),
        ("at_risk", "150", "189"),
        ("chosen", "yes", "no"),
    ]
] + [
    Malformed(
        f"copies removed from {one or 'nothing'}", _TWO.format("copies_removed", one, other), 4, "copies_removed",
        f"{shown} on line 2", "an empty cell is a no",
    )
    for one, other, shown in [("yes", "no", "'no' here and 'yes'"), ("", "true", "'yes' here and 'no'")]
]  # fmt: skip

_HEAD = "event,source,figure\n"
_GOOD = "Idlib,Monitor,18\n"

FILES = [
    Malformed("empty", "", None, None, "the file is empty", "event,source,figure"),
    Malformed("a BOM alone", b"\xef\xbb\xbf\r\n", None, None, "the file is empty", "event,source,figure"),
    Malformed("header only", _HEAD, None, None, "no reports below", "one line per report"),
    Malformed("empty rows only", _HEAD + ",,\n,,\n", None, None, "no reports below", "one line per report"),
    Malformed("no event", "source,figure\nMonitor,18\n", None, None, "no column 'event'", "event,source,figure"),
    Malformed(
        "misspelt source", "event,sorce,figure\nIdlib,Monitor,18\n", None, None, "no column 'source'", "'sorce' meant?"
    ),
    Malformed("no column of figures", "event,source\nIdlib,Monitor\n", None, None, "no column 'figure'", "at least 18"),
    Malformed(
        "duplicated header", "event,source,figure,Event\nIdlib,A,18,B\n", None, "event", "'event' twice", "keep one"
    ),
    Malformed("column without a name", "event,source,figure,\nIdlib,A,18,x\n", 2, None, "column 4", "name it"),
    Malformed("too many cells", _HEAD + _GOOD + "Idlib,Rescue,1,200\n", 3, None, "the row has 4 cells", '"1,200"'),
    Malformed("too few cells", _HEAD + "Idlib,Rescue\n" + _GOOD, 2, None, "2 cells", "add the missing commas"),
    Malformed("a NUL byte", _HEAD.encode() + b"Idl\x00ib,A,18\n", 2, None, "a NUL byte", "save it again"),
    Malformed("binary", bytes(range(256)) + b"\x00" * 200, None, None, "binary", "save it as CSV UTF-8"),
    Malformed("UTF-16 with its mark", (_HEAD + _GOOD).encode("utf-16"), None, None, "UTF-16", "save it as UTF-8"),
    Malformed("UTF-16 without", (_HEAD + _GOOD).encode("utf-16-le"), None, None, "UTF-16", "save it as CSV UTF-8"),
    Malformed(
        "Windows-1252", (_HEAD + _GOOD + "Alépo,A,18\n").encode("cp1252"), 3, None, "byte 0xe9 is not UTF-8", "UTF-8"
    ),
    Malformed("a web page", "\n<!DOCTYPE html><html></html>", None, None, "a web page", "download the table itself"),
    Malformed("JSON that is cut short", '[{"event": "Idlib"},\n{"ev', 2, None, "no whole JSON", "mend it there"),
    Malformed("JSON without a source", '[{"event": "Idlib"}]', None, None, "no column 'source'", "event,source,figure"),
    Malformed("broken Excel", b"PK\x03\x04\x14\x00", None, None, "this workbook is damaged", "as CSV (UTF-8)"),
    Malformed("old Excel", b"\xd0\xcf\x11\xe0\xa1", None, None, "an old Excel workbook", "as .xlsx or CSV"),
    Malformed("broken gzip", b"\x1f\x8b\x08\x00", None, None, "(gzip) is cut short", "download it again"),
    Malformed("PDF", b"%PDF-1.7\n", None, None, "a PDF", "CSV"),
    Malformed(
        "a title above the header", "Dead in Idlib\n\n" + _HEAD + _GOOD, 1, None,
        "'Dead in Idlib' stands where the header should", "the header stands on line 3",
    ),
    Malformed(
        "a title as wide as the table", "Dead in Idlib,,\nsource: OCHA,,\n" + _HEAD + _GOOD, 1, None,
        "'Dead in Idlib' stands", "the header stands on line 3",
    ),
    Malformed(
        "a title that holds a comma and a semicolon", "Event; Idlib, 2020\nSource,Event,Low\nA,Idlib,18\n", 1, None,
        "'Event; Idlib' stands", "the header stands on line 2",
    ),
    Malformed("a title and a broken quote", "Dead\n" + _HEAD + 'Idlib,"A"B,18\n', 3, None, "quoting is broken", "double"),
    Malformed("a title and no header", "Dead,,\n" + _GOOD, None, None, "no column 'event'", "event,source,figure"),
    Malformed(
        "a title and half a header", "Dead,,\nevent,source,deaths\nA,x,18\n", None, None, "no column 'figure'", "at least 18"
    ),
    Malformed(
        "too many cells between semicolons", "event;source;figure\nIdlib;A;18;9\n", 2, None, "4 cells", "a semicolon in quotes"
    ),
    Malformed("too few cells between tabs", "event\tsource\tfigure\nIdlib\tA\n", 2, None, "2 cells", "the missing tabs"),
    Malformed(
        "unclosed quote", _HEAD + _GOOD + 'Idlib,"A,18\nIdlib,B,21\n', 3, None, "never closed", "close it"
    ),
    Malformed("text after a quote", _HEAD + 'Idlib,"A"B,18\n', 2, None, "the quoting is broken", "double those inside"),
    Malformed("a field too large", _HEAD + f"Idlib,{'A' * 200_000},18\n", 2, None, "too large (over 131", "shorten"),
    Malformed("broken Parquet", b"PAR1 and then nothing", None, None, "not a whole Parquet file", "write it again"),
]  # fmt: skip

MALFORMED = [*CELLS, *WITHIN_EVENTS, *FILES]
