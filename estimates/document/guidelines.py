"""What two guidelines ask of whoever publishes such numbers, in few words of our own, and where a report answers.

The words are a reading, not the guidelines' own; the citations say where those stand.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

#: The parts of a report that an answer may stand in: the id of the element of the page, and what readers call it.
ELEMENTS: Mapping[str, str] = {
    "answer": "the answer",
    "picture": "the picture",
    "layers": "the layers",
    "chances": "the chances",
    "influence": "the influence of each source",
    "history": "the history",
    "reports": "the reports",
    "sources": "the sources",
    "priors": "the priors",
    "sensitivity": "the sensitivity",
    "coverage": "the measured coverage",
    "assumptions": "the assumptions",
    "limits": "the limits",
    "disclosure": "the disclosure",
    "data": "the data",
    "provenance": "the provenance",
}


@dataclass(frozen=True)
class Asked:
    """One thing that a guideline asks for.

    Attributes
    ----------
    number : int
    area : str
        The part of the guideline it stands in.
    asks : str
        What it asks for.
    elements : tuple of str
        Where a report answers, out of ``ELEMENTS``.
    keys : tuple of str
        What only the author can say, keys of ``estimates.document.about.About``.
    how : str
        How the report answers it by itself; empty where that depends on the table.
    unmet : str
        Why the report does not answer it, whatever the author says; empty where it does.
    """

    number: int
    area: str
    asks: str
    elements: tuple[str, ...]
    keys: tuple[str, ...] = ()
    how: str = ""
    unmet: str = ""


@dataclass(frozen=True)
class Guideline:
    """A guideline: its name, where it stands, and what it asks for."""

    name: str
    citation: str
    address: str
    asked: tuple[Asked, ...]


_FUNDING, _INPUTS, _ANALYSIS, _RESULTS = "Objectives and funding", "Data inputs", "Data analysis", "Results"

GATHER = Guideline(
    "GATHER",
    "Stevens et al., Guidelines for Accurate and Transparent Health Estimates Reporting, The Lancet 388 (2016) and "
    "PLoS Medicine 13 (2016)",
    "https://doi.org/10.1371/journal.pmed.1002056",
    (
        Asked(1, _FUNDING, "what is estimated, of whom, where and when", ("answer", "layers")),
        Asked(2, _FUNDING, "who paid for the work", ("disclosure",), ("funding",)),
        Asked(3, _INPUTS, "how the data were found and obtained", ("disclosure",), ("search",)),
        Asked(
            4,
            _INPUTS,
            "what was taken, what was left out, and every exception",
            ("disclosure", "reports"),
            ("inclusion",),
            "Every row of the table is shown with what became of it, those left out of the ranges among them.",
        ),
        Asked(5, _INPUTS, "every source of data and what it is like", ("reports", "sources")),
        Asked(6, _INPUTS, "kinds of data that may be biased", ("sources", "priors")),
        Asked(7, _INPUTS, "what else went in, and where it is from", ("priors", "sources")),
        Asked(
            8,
            _INPUTS,
            "the data as a file that a program can read",
            ("data",),
            how="Every row of the table lies inside the page as JSON, as it was read.",
        ),
        Asked(
            9,
            _ANALYSIS,
            "the method in outline",
            ("assumptions", "layers"),
            how="What the layers are and what leads from the reports to them is told in words.",
        ),
        Asked(
            10,
            _ANALYSIS,
            "every step of the method, formulas among them",
            ("assumptions",),
            unmet="The steps are told in words. The formulas are not on this page: they stand in the docstrings of "
            "models/ and in docs/decisions/model.md of the package, in the version that the provenance names.",
        ),
        Asked(11, _ANALYSIS, "how models were compared and one was chosen", ("coverage",)),
        Asked(12, _ANALYSIS, "how good the model is, and how much hangs on what", ("coverage", "sensitivity")),
        Asked(
            13,
            _ANALYSIS,
            "how uncertainty is computed, and what of it is left out",
            ("assumptions", "limits"),
            how="In the ranges: errors of each source and those that all share, copying, ages that are not told, "
            "growth, what is learned of all these, and those never documented. Not in them: a shared origin that the "
            "table does not tell, events merged or split wrongly, different people counted, and whether the model "
            "itself is right.",
        ),
        Asked(14, _ANALYSIS, "where the code can be had", ("provenance",), ("code",)),
        Asked(
            15,
            _RESULTS,
            "the estimates as a file that a program can read",
            ("data",),
            how="The ranges lie inside the page as JSON.",
        ),
        Asked(
            16,
            _RESULTS,
            "how uncertain the estimates are, in numbers",
            ("answer", "layers"),
            how="Each layer has its median and its 50%, 80% and 95% ranges.",
        ),
        Asked(
            17,
            _RESULTS,
            "what the results mean beside other evidence, and why they changed",
            ("disclosure", "chances"),
            ("interpretation",),
            "Numbers that were said stand beside the probability of so many or more.",
        ),
        Asked(
            18,
            _RESULTS,
            "the limits of data and model",
            ("limits", "assumptions"),
            how="What the ranges rest on and what would mislead is listed.",
        ),
    ),
)

_ORGANISATION, _METHOD, _SECURITY, _PUBLICATION = "Organisation", "Methodology", "Security", "Publication"

RECORDERS = Guideline(
    "Standards for Casualty Recording",
    "Every Casualty Worldwide, Standards for Casualty Recording (2016; version 1.01, 2020)",
    "https://everycasualty.org",
    (
        Asked(1, _ORGANISATION, "who records, and why", ("disclosure",), ("author", "purpose")),
        Asked(2, _ORGANISATION, "ties that could be taken for a bias", ("disclosure",), ("affiliations",)),
        Asked(3, _ORGANISATION, "who pays", ("disclosure",), ("funding",)),
        Asked(
            4,
            _METHOD,
            "an open method: which sources, how collected, judged, checked",
            ("disclosure", "sources", "assumptions"),
            ("search", "checking"),
            "How sources are judged and figures are joined is told by the page.",
        ),
        Asked(
            5,
            _METHOD,
            "what the words mean, who counts and who does not",
            ("disclosure", "layers"),
            ("inclusion",),
            "What each layer and the floor counts is told by the page.",
        ),
        Asked(
            6,
            _METHOD,
            "everybody counts, whoever they were and whoever hit them",
            ("disclosure", "reports"),
            ("inclusion",),
            "Ranges are of everybody hit; a figure of one group stands as a part and never for the whole.",
        ),
        Asked(
            7,
            _METHOD,
            "sources are judged",
            ("sources",),
            how="How each type of source is taken to count, and what that was learned from, is listed.",
        ),
        Asked(
            8,
            _METHOD,
            "figures are checked against independent ones",
            ("reports", "influence"),
            how="A quote counts for the source quoted, equal figures may be copies, and the range is told without each "
            "source where there are several.",
        ),
        Asked(
            9,
            _METHOD,
            "disagreement and doubt are told",
            ("picture", "reports"),
            how="Every figure is shown with its words; no comment and no confirmation stay apart from zero, and people "
            "known by name apart from estimates.",
        ),
        Asked(10, _METHOD, "place, date, source and number of every event", ("reports",)),
        Asked(
            11,
            _METHOD,
            "one procedure, the same for all",
            ("provenance",),
            how="The same table, profile and version give the same report to the last bit.",
        ),
        Asked(
            12,
            _SECURITY,
            "nobody is harmed by what is kept and shown",
            ("disclosure",),
            ("protection",),
            "The page shows names of sources, words, notes and links as the table gives them; it cannot tell whom that "
            "endangers.",
        ),
        Asked(
            13,
            _PUBLICATION,
            "it is kept up to date, and errors can be told",
            ("disclosure",),
            ("contact", "corrections", "date_published"),
        ),
        Asked(
            14,
            _PUBLICATION,
            "others can use it",
            ("data", "disclosure"),
            ("licence",),
            "Reports and ranges lie inside the page as JSON.",
        ),
    ),
)
