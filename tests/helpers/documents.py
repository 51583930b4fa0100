"""Tables for tests of the uncertainty report: a plain one and a hostile one, and a reader of the page made of them."""

from __future__ import annotations

from functools import cache
from html.parser import HTMLParser
from typing import Any

from estimates.results.estimates import Estimates, estimate
from estimates.table.reports import read_reports

AIRSTRIKE = {"event": "Idlib airstrikes", "event_date": "2020-01-15", "reported_at": "2020-01-15", "place": "Idlib"}
OBSERVATORY = AIRSTRIKE | {"source": "Syrian Observatory for Human Rights", "source_type": "monitor"}
HELMETS = AIRSTRIKE | {"source": "White Helmets", "source_type": "rescue"}

IDLIB: list[dict[str, Any]] = [
    OBSERVATORY | {"wording": "at_least", "low": 18, "url": "https://example.org/a?b=1&c=2"},
    OBSERVATORY | {"wording": "exactly", "low": 51, "outcome": "strikes", "note": "by Russian aircraft"},
    HELMETS | {"wording": "about", "low": 21, "provisional": "true"},
    HELMETS | {"wording": "exactly", "low": 1, "group": "members"},
    HELMETS | {"wording": "exactly", "low": 82, "outcome": "injured"},
    AIRSTRIKE | {"source": "State media", "source_type": "party", "wording": "not_confirmed"},
    AIRSTRIKE
    | {"source": "UN officials", "source_type": "un", "wording": "at_least", "low": 300_000, "outcome": "displaced"}
    | {"scope": "period", "period_start": "2020-01-01", "period_end": "2020-01-15"},
    AIRSTRIKE | {"source": "A wire", "wording": "at_least", "low": 18, "quotes": "Syrian Observatory for Human Rights"},
    {"event": "T4 air base", "event_date": "2020-01-14", "reported_at": "2020-01-15"}
    | {"source": "State media", "source_type": "party", "wording": "none"},
]

HOSTILE = (
    "<script>alert(1)</script>",
    '"><img src=x onerror=alert(1)>',
    "</svg></title></style><b>",
    "]]><!-- -->",
    "{{ 7 * 7 }}{% raw %}",
    "\u202egnp.exe\u2066",
    "مستشفى إدلب",
    "a\nb|c`d`*e*_f_[g](javascript:h)#i\\",
    "&lt;script&gt;",
    "x" * 10_000,
)


@cache
def idlib() -> Estimates:
    return estimate(read_reports(IDLIB))


@cache
def hostile() -> Estimates:
    rows = [
        {"event": text, "source": text, "wording": "exactly", "low": 5 + number, "note": text, "place": text}
        | {"quotes": text + " again", "url": text, "reported_at": "2020-01-15", "event_date": "2020-01-15"}
        for number, text in enumerate(HOSTILE)
    ]
    rows += [{"event": HOSTILE[0], "source": "s", "wording": "exactly", "low": 3, "group": HOSTILE[1]}]
    rows += [{"event": HOSTILE[0], "source": "t", "wording": "exactly", "low": 3, "url": "javascript:alert(1)"}]
    rows += [{"event": HOSTILE[0], "source": "u", "wording": "exactly", "low": 3, "url": "https://e.org/'\"><script>"}]
    return estimate(read_reports(rows))


class Page(HTMLParser):
    """Tags with their attributes, balanced or not, and the text outside style sheets."""

    VOID = frozenset({"meta", "link", "br", "img", "hr", "input", "base"})

    def __init__(self, text: str) -> None:
        super().__init__(convert_charrefs=True)
        self.tags: list[tuple[str, dict[str, str | None]]] = []
        self.open: list[str] = []
        self.text = ""
        self.feed(text)
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, dict(attrs)))
        if tag not in self.VOID:
            self.open.append(tag)

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, dict(attrs)))

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag

    def handle_data(self, data: str) -> None:
        if "style" not in self.open:
            self.text += data

    def attributes(self, name: str) -> list[str]:
        return [str(attributes[name]) for _, attributes in self.tags if name in attributes]


def folded(text: str) -> str:
    return " ".join(text.split())
