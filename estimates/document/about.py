"""What only its author can say of a report: who made it, how the reports were found, who paid, where errors are told.

It is read from a TOML file of a few lines, ``docs/about.example.toml`` among the sources; every line may be left out.
Nothing of it bears on a number. What is not given is told on the page as not given (`estimates.document.disclosure`).
"""

from __future__ import annotations

import difflib
import os
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, fields
from datetime import date, datetime
from typing import Any

from estimates.errors import EstimatesError, Fault
from estimates.text import clean, safe_url, shortened

#: The largest file that is read, in bytes; no author writes that much.
LARGEST_FILE = 100_000


@dataclass(frozen=True)
class About:
    """What the author says of a report; each text is clean, on one line and not escaped, empty where not given.

    Attributes
    ----------
    title, author, affiliations, purpose, contact, corrections, funding : str
        What the page is called; who made it, what ties of theirs could be taken for a bias, and why they made it; where
        they can be reached; how errors are told and mended; who paid.
    search, inclusion, checking, protection, inputs : str
        How the reports were found; which were taken and which were not; how they were checked; what was done so that
        nobody is harmed by the page; where a profile, a declared coverage or lists of the author's own come from.
    interpretation, changes : str
        What the ranges mean beside what else is known; why they differ from those published before.
    code, licence, url, date_published, notes : str
        Where the code can be had; how the page may be used; where it is kept; since when, a date in ISO 8601.
    """

    title: str = ""
    author: str = ""
    affiliations: str = ""
    purpose: str = ""
    contact: str = ""
    corrections: str = ""
    funding: str = ""
    search: str = ""
    inclusion: str = ""
    checking: str = ""
    protection: str = ""
    inputs: str = ""
    interpretation: str = ""
    changes: str = ""
    code: str = ""
    licence: str = ""
    url: str = ""
    date_published: str = ""
    notes: str = ""

    @property
    def entries(self) -> tuple[Entry, ...]:
        """What is given, in the order of the attributes."""
        given = ((each.name, getattr(self, each.name)) for each in fields(self))
        return tuple(Entry(key, LABELS[key], text, _link(text)) for key, text in given if text)


@dataclass(frozen=True)
class Entry:
    """One thing that the author says; ``link`` is address and host where the text is an address."""

    key: str
    label: str
    text: str
    link: tuple[str, str] | None


#: The keys of the file, and what readers see in their place.
LABELS = {
    "title": "Title",
    "author": "Author",
    "affiliations": "Affiliations",
    "purpose": "Purpose",
    "contact": "Contact",
    "corrections": "Corrections",
    "funding": "Funding",
    "search": "How the reports were found",
    "inclusion": "What was taken and what was not",
    "checking": "How the reports were checked",
    "protection": "How people were protected",
    "inputs": "Other data used",
    "interpretation": "What the ranges mean beside other evidence",
    "changes": "Changes since the last version",
    "code": "Where the code can be had",
    "licence": "Licence",
    "url": "Address of this page",
    "date_published": "Date of publication",
    "notes": "Notes",
}


#: An author who says nothing.
SILENT = About()


def about_of(given: About | Mapping[str, Any] | str | os.PathLike[str] | None) -> About:
    """What the author says, from the path of a TOML file, a mapping with the same keys, or itself.

    Parameters
    ----------
    given : About, mapping, path or None
        None stands for an author who says nothing.

    Returns
    -------
    About

    Raises
    ------
    EstimatesError
        If the file cannot be read or is no TOML, or a key or a value cannot be used; all such faults at once.
    """
    if given is None:
        return About()
    if isinstance(given, About):
        return given
    if isinstance(given, Mapping):
        return _checked("about", given, lambda key: None)
    if not isinstance(given, str | os.PathLike):
        raise EstimatesError(f"about {_shown(given)}: give the path of a TOML file, or a dict with its keys")

    name = clean(os.fspath(given))
    text = _text_of(given, name)
    return _checked(name, _parsed(text, name), lambda key: _line_of(text, key))


# The file -------------------------------------------------------------------------------------------------------------


def _text_of(path: str | os.PathLike[str], name: str) -> str:
    try:
        with open(path, "rb") as file:
            content = file.read(LARGEST_FILE + 1)
    except (OSError, ValueError) as error:
        reason = (getattr(error, "strerror", None) or str(error)).lower()
        raise EstimatesError(
            f'{name}: cannot be read ({reason}); give a TOML file with lines such as author = "Who made this"'
        ) from None

    if len(content) > LARGEST_FILE:
        raise EstimatesError(
            f"{name}: more than {LARGEST_FILE // 1000} kB; what an author says of a report is a few lines of TOML"
        )
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = content[: error.start].count(b"\n") + 1
        raise EstimatesError(f"{name}: line {line}: not UTF-8; save the file as UTF-8 text") from None


def _parsed(text: str, name: str) -> dict[str, Any]:
    import tomllib  # only who gives such a file waits for it

    try:
        return tomllib.loads(text)
    except (ValueError, RecursionError) as error:
        reason = clean(str(error)) if isinstance(error, tomllib.TOMLDecodeError) else "a value that nobody writes"
        raise EstimatesError(
            f'{name}: not TOML: {reason}; write one line a thing, texts in quotes: author = "Who made this"'
        ) from None


def _line_of(text: str, key: str) -> int | None:
    """The line on which a key is set, as an editor shows it."""
    found = re.search(rf"""^[ \t]*\[*[ \t]*["']?{re.escape(key)}["']?[ \t]*[=.\]]""", text, re.MULTILINE)
    return None if found is None else text.count("\n", 0, found.start()) + 1


# Keys and values ------------------------------------------------------------------------------------------------------


def _checked(name: str, given: Mapping[Any, Any], line_of: Callable[[str], int | None]) -> About:
    faults, texts = [], {}
    for key, value in given.items():
        line = line_of(str(key))
        if key not in LABELS:
            faults.append(Fault(f"{_shown(key)} is no key", _advice(str(key)), line))
            continue
        text, what, mend = _READERS.get(key, _text)(key, value)
        if what:
            faults.append(Fault(what, mend, line, key))
        texts[key] = text

    if faults:
        raise EstimatesError(f"{name}: cannot be used", *(f"  {fault}" for fault in faults))
    return About(**texts)


def _advice(key: str) -> str:
    close = difflib.get_close_matches(key.lower(), LABELS, n=1)
    return f"write {close[0]}" if close else f"keys are {', '.join(LABELS)}"


def _shown(value: object) -> str:
    return shortened(clean(repr(value)))


def _link(text: str) -> tuple[str, str] | None:
    """Address and host where a text is an address and nothing else."""
    return None if " " in text else safe_url(text)


type _Read = tuple[str, str, str]


def _text(key: str, value: object) -> _Read:
    """The text of a value on one line; or what is wrong with it, and how to mend it."""
    if isinstance(value, str):
        return " ".join(clean(value).split()), "", ""
    kind = {bool: "yes or no", int: "a number", float: "a number", list: "a list", dict: "a table"}.get(type(value))
    return "", f"{_shown(value)} is {kind or 'no text'}", f'write one text in quotes: {key} = "..."'


def _date(key: str, value: object) -> _Read:
    if isinstance(value, datetime):
        return value.date().isoformat(), "", ""
    if isinstance(value, date):
        return value.isoformat(), "", ""
    text, what, mend = _text(key, value)
    if not what and text:
        try:
            return date.fromisoformat(text).isoformat(), "", ""
        except ValueError:
            what = f"{_shown(value)} is no date"
    return "", what, f"write {key} = 2026-11-27" if what else mend


def _address(key: str, value: object) -> _Read:
    text, what, mend = _text(key, value)
    if not what and text and _link(text) is None:
        return "", f"{_shown(value)} is no address of a page", f'write {key} = "https://..."'
    return text, what, mend


_READERS: dict[str, Callable[[str, object], _Read]] = {"date_published": _date, "url": _address}
