"""Simulation-based calibration: ranks, their envelope, and going on where it stopped."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest
from measures.calibration import (
    DRAWS,
    Fitter,
    append,
    envelope,
    extend,
    page,
    picture,
    ranks,
    read,
    row,
    simulated,
    uniformity,
)
from scipy import stats

from estimates.fitting import variational


@pytest.mark.extended
def test_ranks_of_small_tables_are_within_bounds(fitter: Fitter, monkeypatch: pytest.MonkeyPatch) -> None:
    """Two small tables are simulated, fitted and ranked: every quantity once, every rank among the draws."""
    monkeypatch.setattr(variational, "WALKERS", 20)
    rows = [row(fitter, "fast", seed, events=6) for seed in (905, 906)]
    names = set(rows[0]) - {"seed", "draws", "seconds", "note"}
    assert {"copying", "bias.neutral of source 1", "growth.ordinary of airstrike", "log evidence", "source 3: scale",
            "event 1: documented", "event 5: full toll", "event 2: by now", "all events: full toll"} <= names  # fmt: skip
    assert len(names) > 90
    for found in rows:
        # Which types of "other" sources there are differs between tables.
        assert all(".other." in name for name in set(found) ^ set(rows[0]))
        assert found["note"] == ""
        assert all(0 <= found[name] <= DRAWS["fast"] for name in names & set(found))


@pytest.mark.extended
def test_a_profile_that_errs_has_ranks_at_the_end(fitter: Fitter, monkeypatch: pytest.MonkeyPatch) -> None:
    """The truth ranks below every draw of a profile whose draws are too large."""
    monkeypatch.setattr(variational, "WALKERS", 20)
    simulation = simulated(905, events=6)
    profile, training = fitter(simulation, 1)
    shifted = replace(profile, parameters={**profile.parameters, "scale": profile.parameters["scale"] + 10.0})
    assert ranks(simulation, shifted, training)["scale"] == 0
    assert 0 < ranks(simulation, profile, training)["scale"] < DRAWS["fast"]


@pytest.mark.extended
def test_the_envelope_holds_uniform_ranks_and_no_others() -> None:
    """Of sets of uniform ranks about one in twenty leaves it; ranks too far out, too central or shifted all do."""
    rng = np.random.default_rng(3)
    band = envelope(200, 99, rng, sets=2_000)
    inside = [band.p_value(rng.integers(0, 100, 200)) for _ in range(200)]
    assert np.mean(np.array(inside) < 0.05) == pytest.approx(0.05, abs=0.045)
    assert stats.kstest(inside, "uniform").pvalue > 1e-3
    for wrong in (rng.beta(0.6, 0.6, 200), rng.beta(2, 2, 200), rng.beta(1.5, 1, 200)):
        assert band.p_value((100 * wrong).astype(int)) < 5e-3


def test_calibration_goes_on_where_it_stopped(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Rows are kept one by one; those that are there are not fitted again, and one that was cut off is."""
    asked: list[int] = []

    def result(fitter: Fitter, method: str, seed: int) -> dict[str, Any]:
        asked.append(seed)
        return {"seed": seed, "draws": 99, "seconds": 1.0, "note": "", "copying": seed % 100}

    monkeypatch.setattr("measures.calibration.row", result)
    path = tmp_path / "ranks.csv"
    extend(path, "fast", 3, 1)
    path.write_text(path.read_text()[:-2])
    extend(path, "fast", 5, 1)
    assert asked == [1, 2, 3, 3, 4, 5]
    assert list(read(path)["copying"]) == [1, 2, 3, 4, 5]
    with pytest.raises(SystemExit, match="delete the file"):
        append(path, {"seed": 9, "new": 1})


@pytest.mark.extended
def test_the_page_lists_every_quantity(tmp_path: Path) -> None:
    """One line a quantity, those outside of the envelope marked, refused tables counted."""
    rng = np.random.default_rng(4)
    rows = pd.DataFrame({"seed": range(60), "draws": 99, "seconds": 1.0, "note": [None] * 59 + ["refused"],
                         "good": rng.integers(0, 100, 60), "bad": 1})  # fmt: skip
    table, band = uniformity(rows)
    assert list(table["outside"]) == [False, True]
    text = page({"fast": (rows, table, band)})
    assert "59 tables, 99 draws each" in text
    assert "1 tables refused" in text
    assert [line.endswith("outside |") for line in text.splitlines() if line.startswith(("| good", "| bad"))] == [
        False,
        True,
    ]
    picture({"fast": (rows, table, band)}).savefig(tmp_path / "x.png")


@pytest.mark.slow
def test_the_fast_fit_is_calibrated(fitter: Fitter) -> None:
    """In 60 small tables the ranks of all that is learned are uniform: no p-value is below one in a thousand."""
    rows = pd.DataFrame([row(fitter, "fast", seed, events=15) for seed in range(10_001, 10_061)])
    table, _ = uniformity(rows.assign(note=rows["note"].replace("", None)))
    assert table["p"].min() > 1e-3 / len(table) * 10, table.sort_values("p").head()
    assert table["outside"].mean() < 0.15
