"""Hostile cells in tables that are whole: what steers a terminal, strange figures, dates, counts and codes."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from functools import partial
from random import Random

from helpers.hostile_input import Hostile, csv_of, generator
from helpers.phrases import PHRASES
from helpers.refusals import REFUSED

from estimates.vocabulary import COLUMNS, COVERAGE_COLUMNS, COVERAGE_PREFIX, OUTCOMES, WORDINGS

WORDS = list(dict.fromkeys([row[0] for row in PHRASES] + [row[0] for row in REFUSED]))

#: Text that would steer a terminal, a page or a spreadsheet, or turn what stands beside it round.
PAYLOADS = (
    "\x1b[2J\x1b[31mred\x1b[0m", "\x9b31m", "\x1b]8;;http://x.example\x07link\x1b]8;;\x07", "\x1b]0;title\x07",
    "\x1bP1;1|17/ab\x1b\\", "\u202e0002\u202c", "\u2066\u2067\u2068x", "\u200b\u200c\u200d\u2060\ufeff", "a\u00ad\u034fb",
    "\x00", "\x07\x08\x7f", "a\r\nfull toll  0", "a\u2028b\u2029c\x85d\x0be\x0cf", "<script>alert(1)</script>",
    '"><img src=x onerror=alert(1)>', "{{ 7*7 }}{% raw %}", "[x](javascript:alert(1))", "`x`|*y*|_z_", "=1+1",
    "@SUM(A1:A9)", "+cmd|' /C calc'!A0", "-2+3", "\t=1+1", '=HYPERLINK("http://x.example","18")', "' or 1=1 --",
    "%s%n%x{}{0}{a.b}", "\\u0000\\x41\\", "../../etc/passwd", "e\u0301" * 40, "Z\u0351\u0344\u0310" * 30,
    "\U0001f469\u200d\U0001f469\u200d\U0001f467", "\U000e0041\U000e0042", "\uffff\ufffe\U0010ffff", "\U0001d7cf\U0001d7d6", "", " ",
    "nan", "None", "NULL", "true", "0", "-0", "1e309", "*", "?", "all", "\u0130\u0131\u017f\u1e9e\ufb01", "x" * 3000,
)  # fmt: skip


def cells() -> Iterator[Hostile]:
    """All of them."""
    yield from _payloads()
    for n in range(20):
        yield _table("figures", f"drawn {n}", _figures, n)
    yield Hostile("figures", "long ones", partial(_of_figures, LONG))
    for n in range(12):
        yield _table("dates", f"drawn {n}", _dates, n)
    for n in range(20):
        yield _table("codes", f"drawn {n}", _codes, n)


def _table(kind: str, name: str, rows: Callable[[Random], list[list[object]]], number: int) -> Hostile:
    return Hostile(kind, name, lambda: csv_of(rows(generator(f"{kind} {number}"))))


# ------------------------------------------------------------------------------------------------------------ payloads


def _payloads() -> Iterator[Hostile]:
    """In every column, all payloads at once; as names of columns; and as the marks of a wide table."""
    for column in (*COLUMNS, *(COVERAGE_PREFIX + name for name in COVERAGE_COLUMNS), "remark"):
        yield Hostile("payloads", f"in {column}", partial(_payloads_in, column))
    for payload in PAYLOADS:
        yield Hostile("payloads", f"as a name {payload[:20]!a}", partial(_payload_as_name, payload))
    yield Hostile("payloads", "as names, together", partial(_payloads_as_names))
    yield Hostile("payloads", "as sources", partial(_payloads_as_names), options={"wide": True})


def _payloads_in(column: str) -> bytes:
    base = {"event": "A", "source": "B", "figure": "18"}
    names = [*base] if column in base else [*base, column]
    rows = [
        [payload if name == column else base[name] for name in names] for payload in PAYLOADS if "\x00" not in payload
    ]
    return csv_of([names, *rows])


def _payload_as_name(payload: str) -> bytes:
    return csv_of([["event", "source", "figure", payload], ["A", "B", "18", payload]]).replace(b"\x00", b"")


def _payloads_as_names() -> bytes:
    names = [payload for payload in PAYLOADS if payload.strip() and "\x00" not in payload]
    return csv_of([["event", *names], ["A", *(["18"] * len(names))]])


# ------------------------------------------------------------------------------------------------------------- figures

_DIGITS = ("٠١٢٣٤٥٦٧٨٩", "۰۱۲۳۴۵۶۷۸۹", "०१२३४५६७८९", "０１２３４５６７８９", "𝟎𝟏𝟐𝟑𝟒𝟓𝟔𝟕𝟖𝟗", "⁰¹²³⁴⁵⁶⁷⁸⁹", "⓪①②③④⑤⑥⑦⑧⑨")
_DASHES = "-\u2010\u2011\u2012\u2013\u2014\u2015\u2212\ufe58\uff0d~\u301c"
_NUMBERS = (
    "0", "00", "-0", "007", "1e9", "1,000,000,001", "10" * 20, "½", "1/2", "3¾", "Ⅻ", "XII", "0x12", "1_000", "1'000", "1.2.3",
    "12:30", "18.", ".18", "18,", ",18", "1,2,3", "1 2 3", "1.5k", "2M", "3bn", "18%", "$18", "#18", "18th", "±3", ">18", "<18",
    "≥18", "≤18", "~18", "18+", "18-", "18?", "18!", "18*", "18[1]", "(18)", "18(19)", "18–", "–18", "18–21–24", "１８", "a dozen",
    "twenty-one", "one hundred and one hundred", "minus one", "googol", "a few", "no one", "zero", "NaN", "inf", "None",
)  # fmt: skip
_JOINERS = (
    "",
    " ",
    ", ",
    "; ",
    ". ",
    " and ",
    " or ",
    " but ",
    " of whom ",
    "\n",
    " – ",
    "/",
    "|",
    " (",
    ") ",
    ", including ",
    ": ",
    " + ",
)
_INSERTED = ("\u200b", "\u200d", "\u00ad", "\u0301", "\u202e", "\u2066", "\ufeff", "\u00a0", "\t", "'", '"', "(", ")", "[", "]", ",", ".", "-", "%", "\\")  # fmt: skip

LONG = (
    "killed " * 300, "1," * 1000, "(" * 1000, "(" * 500 + "18" + ")" * 500, "18 and " * 300, "- " * 1000, " " * 2000 + "x",
    "18" + " " * 2000 + "killed", '"' * 2001, "18, " * 500, "18 killed, " * 200, "at least " * 250, "more than 18 " * 150,
    "twenty-" * 300, "one hundred " * 200, "hundred and " * 180, "thousand million " * 120, "no " * 700, "not " * 500 + "18",
    "and " * 500, "of whom " * 300, "including 3 " * 200, "18 (including 3) " * 130, "18 to " * 400, "18–" * 700, "0" * 2000,
    "1" + ",000" * 600, "1.000" * 400, "." * 2000, "a" * 2000, "ab " * 700, "A. B. C. " * 250, "18 soldiers and " * 130,
    "18 soldiers, 3 civilians, " * 80, "police shot dead " * 130, "[1]" * 700, "18[1]" * 400, "killed in 2014 " * 140,
    "aged 18 and " * 170, "18-year-old " * 170, "e\u0301" * 1000, "\u200b" * 2000, "\u202e18" * 700, "18 " + "\u0301" * 2000,
    "dozens of " * 200, "hundreds of thousands of " * 90, "dead or missing " * 130, "killed and wounded " * 110, "?" * 2000,
    "18 people were killed when " * 75, "between 18 and " * 140, "between " * 250 + "18 and 21", "from 18 to " * 180, "x18" * 700,
)  # fmt: skip


def mutated(draw: Random) -> str:
    """A phrase or two, changed."""
    text = draw.choice(WORDS)
    for _ in range(draw.randint(0, 3)):
        text = draw.choice(_CHANGES)(draw, text)
    return text[:2000]


def _joined(draw: Random, text: str) -> str:
    return text + draw.choice(_JOINERS) + draw.choice(WORDS)


def _cut(draw: Random, text: str) -> str:
    start, end = sorted((draw.randint(0, len(text)), draw.randint(0, len(text))))
    return text[start:end] or text


def _doubled(draw: Random, text: str) -> str:
    return draw.choice(_JOINERS).join([text] * draw.randint(2, 4))


def _other_digits(draw: Random, text: str) -> str:
    return text.translate(str.maketrans("0123456789", draw.choice(_DIGITS)))


def _other_dashes(draw: Random, text: str) -> str:
    return re.sub("[-–—]", lambda _: draw.choice(_DASHES), text)


def _other_number(draw: Random, text: str) -> str:
    return (
        re.sub(r"\d[\d,.]*", lambda _: draw.choice(_NUMBERS), text) if re.search(r"\d", text) else draw.choice(_NUMBERS)
    )


def _inserted(draw: Random, text: str) -> str:
    at = draw.randint(0, len(text))
    return text[:at] + draw.choice(_INSERTED) + text[at:]


def _shuffled(draw: Random, text: str) -> str:
    words = text.split()
    draw.shuffle(words)
    return " ".join(words)


def _without_spaces(draw: Random, text: str) -> str:
    return text.replace(" ", draw.choice(("", "_", "  ", "\u00a0", "\u2009")))


def _in_other_case(draw: Random, text: str) -> str:
    return draw.choice((text.upper(), text.title(), text.swapcase()))


_CHANGES = (
    _joined, _cut, _doubled, _other_digits, _other_dashes, _other_number, _inserted, _shuffled, _without_spaces, _in_other_case,
)  # fmt: skip


def _figures(draw: Random) -> list[list[object]]:
    names = ["event", "source", "figure", "outcome", "event_type", "scope"]
    rows: list[list[object]] = [names]
    for n in range(40):
        outcome = draw.choice(OUTCOMES) if draw.random() < 0.3 else ""
        kind = draw.choice(("", "ship", "airstrike"))
        rows.append([f"E{draw.randint(1, 3)}", f"S{n % 7}", mutated(draw), outcome, kind if n > 30 else "", ""])
    return rows


def _of_figures(figures: tuple[str, ...]) -> bytes:
    return csv_of([["event", "source", "figure"], *(["A", f"S{n}", figure] for n, figure in enumerate(figures))])


# --------------------------------------------------------------------------------------------------------------- dates

DATES = (
    "2020-01-15", "2020-01", "2020", "2020-13", "2020-00-00", "2020-02-30", "0000-01-01", "0999-12-31", "1000-01-01", "2999-12-31",
    "3000-01-01", "9999-12-31", "10000-01-01", "-2020-01-15", "2020-1-5", "2020/01/15", "15/01/2020", "01/15/2020", "01/02/2020",
    "01/02/03", "15.01.2020", "15. Januar 2020", "15 janvier 2020", "Jan 15 2020", "15 Jan 2020", "15 Jan", "January 2020",
    "Wed, 15 Jan 2020 14:30:00 +0000", "Mon 15 Jan 2020", "2020-01-15T24:00", "2020-01-15T23:59:60Z", "2020-01-15T14:30+25:00",
    "2020-01-15T14:30-14:00", "2020-01-15 14:30:00.123456789", "2020-01-15T", "T14:30", "2020-W03-3", "2020-015", "20200115", "43845",
    "43845.6", "1579046400", "-62135596801", "1e10", "Q1 2020", "spring 2020", "yesterday", "today", "now", "tomorrow", "unknown",
    "15 Ramadan 1441", "昭和50年", "٢٠٢٠-٠١-١٥", "２０２０-０１-１５", "2020-01-15/2020-01-17", "2020-01-17/2020-01-15", "2020/2019",
    "2020-01-15/2020-01-15T14:30", "2020-01-15/", "/2020-01-15", "15-17 Jan 2020", "17-15 Jan 2020", "30 Jan - 2 Feb 2020",
    "30 Dec 2019 - 2 Jan 2020", "Jan-Feb 2020", "15–17/01/2020", "2020-01-15 to 2020-01-17", "2020-01-15-2020-01-17", "c. 2020",
    "before 2020", "1990s", "2020-01-15?", "~2020", "2020-01-15T14:30Z/2020-01-15T13:30Z", "31 Feb 2020", "0 Jan 2020", "32 Jan 2020",
    "29 Feb 1900", "29/02/2000", "2020\u201301\u201315", "2020-01-15\u202e", "2020-01-15" * 100, "1" * 2000, "2020-01-15/" * 200,
    " " * 500 + "2020", "12:30", "12:30 PM 15 Jan 2020", "noon", "nan", "NaT", "0", "-1", "TRUE", "=TODAY()", "2020-01-15;2020-01-16",
)  # fmt: skip
_OF_TIME = ("event_date", "reported_at", "period_start", "period_end")


def _dates(draw: Random) -> list[list[object]]:
    """Rows whose times are well but for one or two, beside declared coverage now and then."""
    covering = ["coverage_source", "coverage_from", "coverage_to"] if draw.random() < 0.5 else []
    rows: list[list[object]] = [["event", "source", "figure", "scope", *_OF_TIME, *covering]]
    for n in range(30):
        times = ["2020-01-15", "2020-01-16", *(["2020-01-01", "2020-01-31"] if n % 4 == 0 else ["", ""])]
        for _ in range(draw.choice((0, 1, 1, 2)) if n else 0):
            times[draw.randrange(2 if n % 4 else 4)] = _changed(draw, draw.choice(DATES))
        covered = [f"S{n}", "", draw.choice(DATES) if n else ""] if n % 9 == 0 else ["", "", ""]
        rows.append([f"E{n % 5}", f"S{n}", 18, "period" if n % 4 == 0 else "", *times, *covered[: len(covering)]])
    return rows


def _changed(draw: Random, text: str) -> str:
    if draw.random() < 0.7:
        return text
    at = draw.randrange(len(text) or 1)
    return text[:at] + draw.choice("0123456789-/.:TZ ,\u00a0\u200bx") + text[at + draw.randint(0, 2) :]


# --------------------------------------------------------------------------------------------------------------- codes

COUNTS = ("", "", "", "0", "1", "18", "21", "1000000000", "1000000001", "-1", "18.0", "18.5", "1,200", "1.200", "1 200", "1e3", "∞", "9" * 400)  # fmt: skip
_TOLLS = (
    *COUNTS,
    "51-103",
    "103-51",
    "0-0",
    "at least 0",
    "at least 16000",
    "at least",
    "18-",
    "-18",
    "18-21-24",
    "0-1000000000",
)
_OTHERS: dict[str, tuple[str, ...]] = {
    "figure": (
        "",
        "18",
        "at least 18",
        "dozens",
        "nobody",
        "no comment",
        "18 or 21",
        "0",
        "18 injured",
        "another 5",
        "unknown",
    ),
    "wording": ("", "", *WORDINGS, "Exactly ", "AT LEAST", "range range"),
    "low": COUNTS,
    "high": COUNTS,
    "outcome": ("", "", *OUTCOMES, "KILLED", "death"),
    "verified": _TOLLS,
    "at_risk": COUNTS,
    "scope": ("", "", "", "event", "period"),
    "period_start": ("", "", "", "2020-01-01", "2020-02"),
    "period_end": ("", "", "", "2020-01-31", "2020"),
    "quotes": ("", "", "S1", "s2", "S3", "quoted by S1"),
    "group": ("", "", "all", "ALL", "women", "women and children", "part", "x" * 300),
    "withdrawn": ("", "", "yes", "no", "1.0", "maybe"),
    "provisional": ("", "yes", "0.0"),
    "chosen": ("", "", "yes", "no"),
    "copies_removed": ("", "", "yes", "no"),
    "definition": ("", "", "direct", "excess", "confirmed", "all"),
    "population": ("", "", "all", "residents", "RESIDENTS"),
    "missing_basis": ("", "", "manifest", "reports", "part"),
    "event_type": ("", "", "ship", "airstrike", "mine"),
    "reported_at": ("", "2020-01-15", "2020-01-14", "2020-01-16T10:00", "2999", "1000"),
    "event_date": ("", "", "2020-01-15", "2020", "15-17 Jan 2020", "2021"),
    "affiliation": ("", "own", "enemy", "neutral"),
    "source_type": ("", "government", "un", "other"),
}


def _codes(draw: Random) -> list[list[object]]:
    """Rows of a few events whose columns contradict each other; few columns now and then, so that some are read."""
    kept = [column for column in _OTHERS if column == "figure" or draw.random() < draw.choice((0.2, 0.9))]
    rows: list[list[object]] = [["event", "source", *kept]]
    for _ in range(30):
        rows.append(
            [f"E{draw.randint(1, 3)}", f"S{draw.randint(1, 4)}", *(draw.choice(_OTHERS[column]) for column in kept)]
        )
    return rows
