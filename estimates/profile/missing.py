"""The priors of numbers of people missing, set after 53 pages on 21 events had been seen."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Literal

from estimates.models.missing import BOTH_BY_REPORTS, BOTH_ON_MANIFEST, MANIFEST, PART, REPORTS

#: The median excess, deficit and share of gross errors of each law, and what stands behind them.
_LAWS = {
    MANIFEST: (0.15, 0.15, 0.01, "three manifests"),
    REPORTS: (1.2, 0.3, 0.08, "lists by reports, four of them after attacks"),
    PART: (0.3, 1.3, 0.08, "two lists of one camp or brigade"),
    BOTH_ON_MANIFEST: (0.15, 0.04, 0.05, "three manifests, the dead counted in"),
    BOTH_BY_REPORTS: (0.65, 0.06, 0.05, "lists by reports, the dead counted in"),
}
_STRUCK_OFF = "judged: after attacks the dead are identified late, and stand on lists meanwhile"

#: A prior taken apart: its name, family, two numbers and basis.
type Row = tuple[str, Literal["lognormal", "logit_normal"], float, float, str]


def laws_of_missing() -> Iterator[Row]:
    """Every prior of the laws of numbers of people missing."""
    for law, (excess, deficit, gross, behind) in _LAWS.items():
        basis = f"judged after {behind}, of famous events"
        yield f"missing_excess.{law}", "lognormal", excess, 0.5, basis
        yield f"missing_deficit.{law}", "lognormal", deficit, 0.5, basis
        yield f"missing_gross.{law}", "logit_normal", gross, 0.7, basis
    yield "missing_not_struck_off.violence", "lognormal", 0.25, 0.6, _STRUCK_OFF
