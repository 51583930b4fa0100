"""What each source does to a range."""

from __future__ import annotations

import pandas as pd
from helpers.tables import exactly, report

from estimates import estimate


def test_influence_names_the_source_that_moves_the_range() -> None:
    """Leaving out the one source that says 90 moves the median most; with no source left the prior remains."""
    rows = [exactly("a", 10), exactly("b", 11), exactly("c", 90)]
    found = estimate(pd.DataFrame(rows)).influence().query("layer == 'documented'").set_index("without")
    assert found["high_80"].idxmin() == "c"
    alone = estimate(pd.DataFrame(rows[:1])).influence().query("layer == 'documented'").iloc[0]
    prior = estimate(pd.DataFrame([report("a", "no_comment")])).ranges().iloc[0]
    assert alone["median"] == prior["median"]
