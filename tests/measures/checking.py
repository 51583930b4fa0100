"""Measure: MAVERICK held against replicated tables, posterior predictive checks of what sources say of attacks.

Reduced as in `_maverick`: rows about the killed, figures of one or more, events on which two sources or more reported.
With the default profile, which was not learned from these reports; with ``--fit`` also with one that a fast fit learns
from them, which takes many minutes. For each feature it is said whether the table lies in the central 90% of its
replicates.
"""

from __future__ import annotations

from _common import Figure, record
from _data import find, parser
from _maverick import FILE, reduce

from estimates import fit, read_reports
from estimates.profile.profile import SourceProfile, named_profile
from estimates.table.reports import Reports

REPLICATES = 200


def figures_of(profile: SourceProfile, reports: Reports, told: str) -> list[Figure]:
    """The features of one check."""
    check = profile.check(reports, replicates=REPLICATES)
    print(check)
    figures = [Figure(f"{told}: figures compared", check.figures)]
    for feature in check.features:
        range_of = f"{feature.low_90:.3g} to {feature.high_90:.3g} in 90% of the replicates"
        figures.append(Figure(f"{told}: {feature.name}", feature.observed, must=range_of))
        figures.append(Figure(f"{told}: {feature.name}, inside", "yes" if feature.inside else "no"))
    return figures


def main() -> None:
    """Print the measure and keep it."""
    arguments = parser(__doc__ or "")
    arguments.add_argument("--fit", action="store_true", help="also with a profile learned from these reports")
    given = arguments.parse_args()
    path = find(given.data, FILE)
    if path is None:
        return

    reports = read_reports(reduce(path).drop(columns="value"))
    figures = figures_of(named_profile(), reports, "default profile")
    if given.fit:
        learned = fit(reports, method="fast", anchors="default")
        figures += figures_of(learned, reports, "profile learned from it")
    record("checking", figures, __file__)


if __name__ == "__main__":
    main()
