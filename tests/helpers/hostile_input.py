"""One hostile input, and what may become of it."""

from __future__ import annotations

import csv
import io
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from random import Random
from typing import Any, Literal

#: The seed of everything that is drawn.
SEED = 20200115

type Must = Literal["be read", "be refused", "be either"]


@dataclass(frozen=True)
class Hostile:
    """An input.

    Attributes
    ----------
    kind, name : str
    make : callable
        Gives the source anew: bytes are the content of a file.
    must : {"be read", "be refused", "be either"}
    options : dict
        Arguments of `read_reports` beside the source.
    database : str
        For files of a database, what the importer calls it.
    ending : str
        What a file with this content ends in.
    is_file : bool
        Whether the source is the content of a file.
    """

    kind: str
    name: str
    make: Callable[[], Any]
    must: Must = "be either"
    options: Mapping[str, Any] = field(default_factory=dict)
    database: str = ""
    ending: str = ".csv"
    is_file: bool = True

    @property
    def id(self) -> str:
        """By which a test is called."""
        return f"{self.kind}: {self.name}"

    def source(self) -> Any:
        """What is read: the object, or an open file with the content."""
        if not self.is_file:
            return self.make()
        file = io.BytesIO(self.make())
        file.name = "table" + self.ending
        return file


def generator(name: str) -> Random:
    """Random numbers of an input's own: they stay the same where others are added."""
    return Random(f"{SEED} {name}")


def csv_of(rows: Iterable[Sequence[object]]) -> bytes:
    """Rows as CSV in UTF-8, every cell quoted."""
    text = io.StringIO()
    csv.writer(text, quoting=csv.QUOTE_ALL, lineterminator="\n").writerows(rows)
    return text.getvalue().encode("utf-8", "surrogatepass")
