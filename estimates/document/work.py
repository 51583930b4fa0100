"""A report that is being written: where it goes, and what is kept of it until it is whole.

A report of many events takes minutes. What is done of one with pages is kept in a hidden folder beside it: the
estimates in blocks of events, the totals group by group, the index and each page. A run of the same report that was
killed is taken up there. The same is one that rests on the same rows and on the same of all else (:func:`fingerprint`).
"""

from __future__ import annotations

import hashlib
import json
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from estimates.document.about import About
from estimates.document.layout import ONE_FILE, Layout
from estimates.files import FRESH
from estimates.inference.provenance import package_versions
from estimates.inference.undocumented import UndocumentedLayer
from estimates.pieces import NOTHING_KEPT, Pieces
from estimates.profile.profile import SourceProfile
from estimates.results.estimates import Estimates
from estimates.results.packing import lists_in, told_coverage, told_reports
from estimates.table.reports import Reports
from estimates.text import plural


@dataclass(frozen=True, eq=False)
class ReportWork:
    """A report that is being written.

    Attributes
    ----------
    target : Path
    about : About
        What its author says of it.
    layout : Layout
    hidden : Path or None
        Where what is done is kept; None where the report is one file.
    pieces : Pieces
        What is kept there.
    """

    target: Path
    about: About
    layout: Layout = ONE_FILE
    hidden: Path | None = None
    pieces: Pieces = NOTHING_KEPT

    @property
    def folder(self) -> Path:
        """Where the pages go."""
        return self.target.with_name(self.layout.folder)

    @property
    def found(self) -> str:
        """What was found of a run that was killed, in a sentence; empty where there was nothing."""
        count = len(self.pieces.names)
        if not count:
            return ""
        pages = sum(name.startswith(f"{FRESH}/") for name in self.pieces.names)
        told = f", {plural(pages, 'page')} among them" if pages else ""
        return f"an interrupted run of this report is taken up again: {plural(count, 'piece')} of its work{told}"


@dataclass(frozen=True)
class RestsOn:
    """What the numbers of a report rest on beside its rows.

    Attributes
    ----------
    profile : SourceProfile
    seed : int
    as_of : str or None
    undocumented : UndocumentedLayer
    found : str
        A hash of what was worked out, where that was before the report.
    """

    profile: SourceProfile
    seed: int
    as_of: str | None
    undocumented: UndocumentedLayer
    found: str = ""

    @classmethod
    def of(cls, estimates: Estimates) -> RestsOn:
        """That of estimates at hand, wherever they came from."""
        told = json.dumps([estimates.provenance, lists_in(estimates.cases)])
        digest = hashlib.sha256(told.encode("ascii"))
        for answer in estimates._solved.solution.answers:
            for mass in (answer.documented, answer.total):
                digest.update(mass.tobytes())
        return cls(estimates.profile, estimates.seed, estimates.as_of, estimates.undocumented, digest.hexdigest())


def fingerprint(reports: Reports, rests_on: RestsOn, about: About, layout: Layout) -> str:
    """Hash of all that a report depends on: it is the same file for file where this is the same.

    Parameters
    ----------
    reports : Reports
    rests_on : RestsOn
    about : About
    layout : Layout
    """
    told: dict[str, Any] = {
        "versions": package_versions(),
        "reports": told_reports(reports),
        "coverage": told_coverage(reports.coverage),
        "profile": rests_on.profile.fingerprint,
        "undocumented": [rests_on.undocumented.fingerprint, rests_on.undocumented.description],
        "seed": rests_on.seed,
        "as_of": rests_on.as_of,
        "found": rests_on.found,
        "about": asdict(about),
        "layout": asdict(layout),
    }
    return hashlib.sha256(json.dumps(told).encode("ascii")).hexdigest()
