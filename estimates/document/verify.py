"""Whether a page says what its own data give: the ranges made again, and every text of the page compared."""

from __future__ import annotations

import os
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from html.parser import HTMLParser
from itertools import zip_longest
from pathlib import Path
from typing import Any

from estimates.document.about import about_of
from estimates.document.data import data_in
from estimates.document.document import render_html, render_pages
from estimates.document.layout import Layout
from estimates.errors import EstimatesError
from estimates.profile.profile import SourceProfile, named_profile
from estimates.progress import Progress, told
from estimates.results.estimates import Estimates, estimate
from estimates.table.reports import read_reports
from estimates.text import clean, shortened
from estimates.vocabulary import LAYERS, OUTCOME_NAMES, layer_name

__all__ = ["Difference", "Verdict", "verify"]

#: With another version or profile, ends may differ by so much of themselves.
TOLERANCE = 0.01
_ENDS = ("median", "low_50", "high_50", "low_80", "high_80", "low_95", "high_95")
_SHOWN = 60
#: Attributes that say something: where links lead, what a picture shows, what rows are ordered by.
_TELLING = frozenset({"href", "content", "d", "x", "x1", "x2", "width", "cx", "points", "transform"})


@dataclass(frozen=True)
class Difference:
    """One place where a page and its data do not agree."""

    where: str
    page: str
    again: str

    def __str__(self) -> str:
        return f"{self.where}: the page says {self.page!r}, made again it is {self.again!r}"


@dataclass(frozen=True)
class Verdict:
    """What came of verifying a page.

    Attributes
    ----------
    same : bool
        Whether version and profile are those the page was made with, so that every text was compared.
    remarks : tuple of str
        What could not be the same.
    differences : tuple of Difference
    compared : int
        How many texts, or ends of ranges, were compared.
    """

    same: bool
    remarks: tuple[str, ...]
    differences: tuple[Difference, ...]
    compared: int

    @property
    def holds(self) -> bool:
        """Whether nothing differs."""
        return not self.differences


def verify(
    path: str | os.PathLike[str],
    *,
    profile: SourceProfile | str | None = None,
    progress: Progress | None = None,
) -> Verdict:
    """Make the ranges of a page again from the data it holds, and compare.

    With the version and the profile that the page was made with, every text of the page is compared, so that a number
    that was changed by hand is named. With another version or profile the ends of all ranges are, to one per cent.

    Parameters
    ----------
    path : path
        A page of `estimates report`.
    profile : SourceProfile or str, optional
        The profile it was made with, where that is none of the package's.
    progress : callable, optional
        Is told how many pages of an index are done, and how many there are.

    Returns
    -------
    Verdict

    Raises
    ------
    EstimatesError
        If the file cannot be read, holds no data, or its profile is not at hand.
    """
    name = clean(str(path))
    try:
        page = Path(path).read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise EstimatesError(
            f"{name}: the page cannot be read ({error.__class__.__name__}); name an HTML page"
        ) from None

    data = data_in(page, name)
    again = _made_again(data, name, profile)
    remarks = _remarks(data["asked"], again.provenance)
    if remarks:
        return _of_ranges(data["ranges"], again, remarks)

    about, layout = about_of(data["about"]), Layout.from_dict(data.get("layout", {}))
    texts = _texts(page), _texts(render_html(again, about, layout))
    differences, compared = _differing(*texts), len(texts[0])
    if layout.folder:
        folder = Path(path).with_name(layout.folder)
        names = sorted({report.event for report in again.reports.reports})
        for file, made in told(render_pages(again, names, about, layout.of_pages), len(names), progress):
            found, count = _of_page(folder / file, made)
            differences += found
            compared += count
    return Verdict(True, (), tuple(differences), compared)


def _of_page(file: Path, made: str) -> tuple[list[Difference], int]:
    """What differs in the page of one event, and how many texts were compared."""
    where = clean(f"{file.parent.name}/{file.name}")
    try:
        page = _texts(file.read_text(encoding="utf-8"))
    except (OSError, UnicodeDecodeError):
        return [Difference(where, "nothing that can be read", "a page")], 0
    return [replace(each, where=f"{where}, {each.where}") for each in _differing(page, _texts(made))], len(page)


def _made_again(data: Mapping[str, Any], name: str, profile: SourceProfile | str | None) -> Estimates:
    """Estimates from the data of a page."""
    asked = data["asked"]
    if data["lists"]:
        raise EstimatesError(f"{name}: it rests on overlapping lists, which are not in the page; nothing was verified")
    chosen = profile if profile is not None else _shipped(asked, name)

    rows = [{name: value for name, value in row.items() if name != "line"} for row in data["reports"]]
    reports = read_reports(rows, coverage=data["coverage"])
    return estimate(
        reports.read_as(str(asked["table"]), [int(row["line"]) for row in data["reports"]], data["notes"]),
        profile=chosen,
        seed=int(asked["seed"]),
        as_of=asked["as_of"],
        undocumented=asked["undocumented"],
    )


def _shipped(asked: Mapping[str, Any], name: str) -> SourceProfile:
    """The profile of the package that a page was made with, else the one of the same name."""
    shipped = [named_profile(each, int(asked["seed"])) for each in ("default", "published")]
    for key, value in (("profile_hash", "fingerprint"), ("profile", "name")):
        for each in shipped:
            if getattr(each, value) == asked.get(key):
                return each

    called = clean(str(asked.get("profile")))
    raise EstimatesError(
        f"{name}: it was made with the profile {called!r}, which is not in the page; give it with --profile"
    )


def _remarks(then: Mapping[str, Any], now: Mapping[str, Any]) -> tuple[str, ...]:
    """What differs in how a page was made, so that its ranges can differ too."""
    found = []
    for key, called in (("estimates", "version"), ("profile_hash", "profile")):
        if then.get(key) != now.get(key):
            found.append(f"the page was made with another {called} ({clean(str(then.get(key)))[:12]})")
    return tuple(found)


def _of_ranges(kept: Sequence[Mapping[str, Any]], again: Estimates, remarks: tuple[str, ...]) -> Verdict:
    """Compare the ends of all ranges to one per cent."""
    found, compared = [], 0
    rows = again.ranges(layers=LAYERS).to_dict("records")
    by_key = {(row["event"], row["outcome"], row["layer"]): row for row in rows}
    for row in kept:
        made = by_key.get((row["event"], row["outcome"], row["layer"]), {})
        for end in _ENDS:
            compared += 1
            then, now = float(row.get(end, -1)), float(made.get(end, -1))
            if abs(then - now) > max(TOLERANCE * max(then, now), 0.5):
                outcome = row["outcome"]
                what = f"{OUTCOME_NAMES[outcome]}, {layer_name(outcome, row['layer'])}, {end}"
                where = f"{clean(row['event'])}, {what}"
                found.append(Difference(where, f"{then:,.0f}", f"{now:,.0f}"))
    return Verdict(False, remarks, tuple(found), compared)


class _Reader(HTMLParser):
    """Every text of a page, and of its pictures, with the heading or row it stands under."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.texts: list[tuple[str, str]] = []
        self.place = "title"
        self._kept: list[str] = []
        self._heading = False

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self._kept.append(tag)
        if tag in ("h1", "h2", "h3", "h4", "caption", "th", "dt"):
            self._heading = True
        for name, value in attrs:
            if value and (name in _TELLING or name.startswith("data-")):
                self.texts.append((f"{self.place} ({tag} {name})", value))

    def handle_endtag(self, tag: str) -> None:
        if tag in self._kept:
            while self._kept and self._kept.pop() != tag:
                pass

    def handle_data(self, data: str) -> None:
        text = " ".join(data.split())
        if not text or (self._kept and self._kept[-1] in ("script", "style")):
            return
        if self._heading:
            self.place, self._heading = shortened(clean(text), _SHOWN), False
        self.texts.append((self.place, text))


def _texts(page: str) -> list[tuple[str, str]]:
    reader = _Reader()
    reader.feed(page)
    reader.close()
    return reader.texts


def _differing(then: Sequence[tuple[str, str]], now: Sequence[tuple[str, str]]) -> list[Difference]:
    """Texts that are not the same, in the order of the page; texts that were added or taken out are told as such."""
    from difflib import SequenceMatcher

    if then == now:
        return []
    matcher = SequenceMatcher(None, [text for _, text in then], [text for _, text in now], autojunk=False)
    found = []
    for kind, start, end, first, last in matcher.get_opcodes():
        if kind == "equal":
            continue
        for one, other in zip_longest(then[start:end], now[first:last]):
            where = (one or other or ("", ""))[0]
            found.append(Difference(where, *_around(one[1] if one else "", other[1] if other else "")))
    return found


def _around(page: str, again: str) -> tuple[str, str]:
    """Both texts, cut to what stands about the first character that differs."""
    first = next((place for place, pair in enumerate(zip(page, again, strict=False)) if pair[0] != pair[1]), 0)
    begin = max(0, first - _SHOWN // 2)
    cut = (("…" if begin else "") + shortened(clean(text[begin:]), _SHOWN) for text in (page, again))
    one, other = (text or "nothing" for text in cut)
    return one, other
