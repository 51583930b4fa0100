"""What each source does to a range."""

from __future__ import annotations

import numpy as np
import pandas as pd
from helpers.tables import exactly, report

from estimates import SourceProfile, estimate
from estimates.profile.profile import published_profile


def test_influence_names_the_source_that_moves_the_range() -> None:
    """Leaving out the one source that says 90 moves the median most; with no source left the prior remains."""
    rows = [exactly("a", 10), exactly("b", 11), exactly("c", 90)]
    found = estimate(pd.DataFrame(rows)).influence().query("layer == 'documented'").set_index("without")
    assert found["high_80"].idxmin() == "c"
    alone = estimate(pd.DataFrame(rows[:1])).influence().query("layer == 'documented'").iloc[0]
    prior = estimate(pd.DataFrame([report("a", "no_comment")])).ranges().iloc[0]
    assert alone["median"] == prior["median"]


def test_how_far_sources_lie_apart_is_measured_anew_among_those_left() -> None:
    """Without the one that disagrees the others share a smaller error: its factor on distances has no more say."""
    base = published_profile(0)
    larger = {**base.parameters, "shared_error_factor": 2.0 * base.parameters["shared_error_factor"]}
    table = pd.DataFrame([exactly("a", 18), exactly("b", 18), exactly("c", 40)])
    found, wider = (estimate(table, profile=each) for each in (base, SourceProfile("wider", 0, larger)))
    assert not found.ranges().equals(wider.ranges())

    tables = [each.influence().query("without == 'c'") for each in (found, wider)]
    np.testing.assert_array_equal(*(each[["median", "low_80", "high_80"]] for each in tables))
    assert "measured anew" in found.influence().attrs["note"]
