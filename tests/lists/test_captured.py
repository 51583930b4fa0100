"""What lists say: in order, open where they are open, headlined where all models agree."""

from __future__ import annotations

import dataclasses
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

import estimates
from estimates import EstimatesError, capture
from estimates.lists.captured import Captured
from estimates.lists.latent import LatentClasses, refusal_of
from estimates.models.lists.likelihood import people


def table(seed: int, weights: list[float], on: list[list[float]], total: int = 3000) -> pd.DataFrame:
    patterns, counts = people(np.random.default_rng(seed), total, np.array(weights), np.array(on))
    return pd.DataFrame(patterns, columns=list("ABCDEF"[: patterns.shape[1]])).assign(count=counts)


@pytest.fixture(scope="module")
def closed() -> Captured:
    """Five lists and three classes of people, the third of which two cannot stand for."""
    on = [[0.3, 0.05, 0.3, 0.05, 0.3], [0.05, 0.4, 0.05, 0.4, 0.1], [0.7] * 5]
    rows = table(0, [0.4, 0.4, 0.2], on, total=20_000)
    found = capture(rows, latent=False)
    # The graphs are far off here (25,000), but within a factor of 1.5.
    assert max(graph.median for graph in found.graphs) < 1.5 * 19_500
    return found


@pytest.fixture(scope="module")
def open_above() -> Captured:
    """Four lists on which most people hardly ever are."""
    return capture(table(2, [0.7, 0.3], [[0.01] * 4, [0.5] * 4]), latent=False)


def test_it_is_public() -> None:
    """`capture` is a name of the package."""
    assert estimates.capture is capture
    assert "capture" in estimates.__all__


def test_where_three_classes_are_needed_there_is_a_headline(closed: Captured) -> None:
    """Where models agree there is a range; it holds the number, and the page gives it."""
    assert closed.headline is not None
    low, high = closed.headline
    assert closed.n == closed.names == closed.lower_bound <= low <= 20_000 <= high
    assert f"Between {low:,} and {high:,} people" in str(closed)
    assert closed.open_because == ()


def test_lists_that_leave_the_number_open_have_no_headline(open_above: Captured) -> None:
    """No interval is headlined, and the page says that the upper end is a prior and why."""
    assert open_above.headline is None
    assert "the upper end is a prior" in str(open_above)
    assert "do not identify how many there are" in str(open_above)
    assert "no upper end" in str(open_above)
    assert open_above.ranges()["high"].isna().any()


def test_the_order_is_that_of_trust(open_above: Captured) -> None:
    """Those listed, profiles under two and three classes, latent classes, graphs with d = 1 and d = 1/16."""
    draws = LatentClasses(np.arange(5000, 9000), "", 1.001, 900.0, 0)
    found = dataclasses.replace(open_above, latent=draws)
    assert found.ranges()["model"].tolist() == [
        "on any list", "profile, two classes", "profile, three classes", "latent classes", "graphs, d = 1",
        "graphs, d = 0.0625",
    ]  # fmt: skip
    text = str(found)
    places = [text.index(word) for word in ("On any list", "Two classes", "Three classes", "Latent classes", "d = 1:", "d = 0.0625:")]  # fmt: skip
    assert places == sorted(places)
    assert "without the saturated one" in text


def test_a_posterior_that_has_not_converged_is_refused(closed: Captured) -> None:
    """Above an R-hat of 1.01 or below 400 effective draws the reason stands in the posterior's place."""
    assert refusal_of(1.009, 401.0) == ""
    assert refusal_of(1.011, 401.0) == "R-hat is 1.011, above 1.01"
    assert "R-hat" in refusal_of(float("nan"), 401.0)
    why = refusal_of(1.02, 399.0)
    found = dataclasses.replace(closed, latent=LatentClasses(np.zeros(0, np.int64), why, 1.02, 399.0, 3))
    assert f"Refused: {why}." in str(found)
    assert found.headline is None


def test_people_who_are_never_listed_are_never_excluded() -> None:
    """Where one class fits all that is seen, a second one of people on no list can be as large as one likes."""
    found = capture(table(1, [1.0], [[0.6, 0.7, 0.65, 0.7]]), latent=False)
    assert found.profiles[1].high is None
    assert found.headline is None
    assert found.profiles[0].low == pytest.approx(3000, rel=0.01)


@pytest.mark.parametrize("lists", [1, 2])
def test_fewer_than_three_lists_give_the_lower_bound(lists: int) -> None:
    """One or two lists bound the number below by those on them, and nothing else."""
    rows = table(3, [1.0], [[0.5] * lists])
    found = capture(rows)
    assert found.n == rows["count"].sum()
    assert (found.headline, found.profiles, found.graphs, found.latent) == (None, (), (), None)
    assert "At least" in str(found)
    factor = found.log_factor(np.array([found.n - 1.0, found.n, 10.0 * found.n]))
    assert factor.tolist() == [-np.inf, 0.0, 0.0]
    assert any("Chapman" in note for note in found.notes) == (lists == 2)


def test_evidence_on_a_toll(open_above: Captured) -> None:
    """The factor is at most zero, minus infinity below the names, -2 at the ends, and three classes exclude less."""
    grid = np.array([open_above.n - 1.0, *np.geomspace(open_above.n, 1e7, 200)])
    two, three = open_above.log_factor(grid, classes=2), open_above.log_factor(grid)
    assert two[0] == three[0] == -np.inf
    assert max(two.max(), three.max()) <= 0.0
    low = open_above.profiles[1].low
    assert open_above.log_factor(np.array([float(low)]))[0] == pytest.approx(-2.0, abs=0.05)
    with pytest.raises(ValueError, match="2 or 3"):
        open_above.log_factor(grid, classes=4)


def test_seven_lists_have_no_graphs() -> None:
    """Above six lists the graphs are left out, and the notes say so."""
    rng = np.random.default_rng(0)
    rows = pd.DataFrame((rng.random((300, 7)) < 0.3).astype(int), columns=list("ABCDEFG"))
    found = capture(rows[rows.any(axis=1)], latent=False)
    assert found.graphs == ()
    assert any("7 lists have too many" in note for note in found.notes)


def test_pages(closed: Captured, open_above: Captured, tmp_path: Path) -> None:
    """Both pages give the headline or its absence, the ranges, the table and where they come from; hostile names show."""
    for found in (closed, open_above):
        for ending in (".md", ".html"):
            text = found.document(tmp_path / f"page{ending}").read_text(encoding="utf-8")
            assert ("the upper end is a prior" in text) == (found.headline is None)
            assert found.overlaps.data_hash in text
    rows = table(4, [1.0], [[0.5] * 3]).rename(columns={"A": "<b>|x"})
    page = capture(rows, latent=False)
    assert "<b>" not in page.document(tmp_path / "page.html").read_text(encoding="utf-8").replace("<body>", "")
    with pytest.raises(EstimatesError, match=r"ends in \.html"):
        page.document(tmp_path / "page.txt")


def test_the_table_comes_back(closed: Captured) -> None:
    """`table()` read again is the same data, and the provenance names versions, seed and hash."""
    assert capture(closed.table(), latent=False).provenance["data_hash"] == closed.provenance["data_hash"]
    assert {"estimates", "numpy", "pymc", "seed", "data_hash"} <= set(closed.provenance)
    with pytest.raises(dataclasses.FrozenInstanceError):
        closed.seed = 1  # type: ignore[misc]
