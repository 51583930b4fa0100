"""How a report is laid out: in one file, as an index with a folder of pages, or as one page of these."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import asdict, dataclass, replace
from typing import Any

#: Events up to which a report is one file; of more there is an index, and a page for each event in a folder beside it.
EVENTS_IN_ONE_FILE = 50
#: No index has more events: of a thousand it has 3 MB, and of ten times as many a browser works with it for seconds.
MOST_EVENTS = 10_000
#: Of more events a report shows neither influence nor history, each of which takes estimates of its own, unless asked.
EVENTS_IN_FULL = 20


@dataclass(frozen=True)
class Layout:
    """Where the parts of a report are.

    Attributes
    ----------
    folder : str
        Of an index: the name of the folder beside it that holds a page for each event.
    index : str
        File name of the index itself; of a page, that of its index, in the folder above.
    in_full : bool
        Whether influence and history are shown of any number of events.
    """

    folder: str = ""
    index: str = ""
    in_full: bool = False

    def shows_all_of(self, events: int) -> bool:
        """Whether influence and history are shown."""
        return self.in_full or (events <= EVENTS_IN_FULL and not self.index)

    @property
    def is_page(self) -> bool:
        """Whether it is the page of one event that an index leads to."""
        return bool(self.index) and not self.folder

    @property
    def of_pages(self) -> Layout:
        """Of an index: how its pages are laid out."""
        return replace(self, folder="")

    def link(self, number: int, outcome: str) -> str:
        """Address of an outcome of the event of this number, or of the event, from the beginning of the report."""
        of_outcome = f"-{outcome}" if outcome else ""
        if self.folder:
            return f"{self.folder}/{page_name(number)}#event-1{of_outcome}"
        return f"#event-{number}{of_outcome}"

    def to_dict(self) -> dict[str, Any]:
        """What differs from a report in one file."""
        return {name: value for name, value in asdict(self).items() if value}

    @classmethod
    def from_dict(cls, stated: Mapping[str, Any]) -> Layout:
        """The inverse of :meth:`to_dict`; anything else in it is passed over."""
        return cls(
            folder=str(stated.get("folder", "")),
            index=str(stated.get("index", "")),
            in_full=bool(stated.get("in_full", False)),
        )


#: What reports are unless something else is said.
ONE_FILE = Layout()


def page_name(number: int) -> str:
    """File name of an event's page; events are numbered from one in the order of their names."""
    return f"event-{number:05d}.html"


def is_page_name(name: str) -> bool:
    """Whether a file may be a page that an earlier report left."""
    return re.fullmatch(r"event-\d{5,}\.html", name) is not None
