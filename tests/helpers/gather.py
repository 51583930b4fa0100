"""What GATHER asks for and where a page answers it, written down apart from the package.

The items are those of Stevens et al., PLoS Medicine 13 (2016), table 1, in words of our own; the ids are those of the
elements of the page. ``NEEDS`` is what only the author can say.
"""

from __future__ import annotations

from typing import NamedTuple


class Wanted(NamedTuple):
    """One item: its number, a word that tells it, the elements that answer it, and what the author must say."""

    number: int
    word: str
    elements: tuple[str, ...]
    needs: tuple[str, ...] = ()


GATHER = (
    Wanted(1, "of whom, where and when", ("answer", "layers")),
    Wanted(2, "paid", ("disclosure",), ("funding",)),
    Wanted(3, "found", ("disclosure",), ("search",)),
    Wanted(4, "left out", ("disclosure", "reports"), ("inclusion",)),
    Wanted(5, "every source", ("reports", "sources")),
    Wanted(6, "biased", ("sources", "priors")),
    Wanted(7, "what else went in", ("priors", "sources")),
    Wanted(8, "the data as a file", ("data",)),
    Wanted(9, "outline", ("assumptions", "layers")),
    Wanted(10, "formulas", ()),
    Wanted(11, "compared", ("coverage",)),
    Wanted(12, "how good", ("coverage", "sensitivity")),
    Wanted(13, "left out", ("assumptions", "limits")),
    Wanted(14, "code", ("provenance",), ("code",)),
    Wanted(15, "the estimates as a file", ("data",)),
    Wanted(16, "in numbers", ("answer", "layers")),
    Wanted(17, "other evidence", ("disclosure", "chances"), ("interpretation",)),
    Wanted(18, "limits", ("limits", "assumptions")),
)
#: So many must be met by a page whose author says what only an author can say.
MUST = 14
#: Nobody can meet this one by saying more: the page holds no formulas.
NEVER = 10
