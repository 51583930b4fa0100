"""The profile that ships: where it comes from, how large it is, and that it can be trusted to be that."""

from __future__ import annotations

import importlib.util
from pathlib import Path
from types import ModuleType

import numpy as np
import pytest

from estimates import estimate, load_example
from estimates.fitting.anchors import shipped_anchors, shipped_marks
from estimates.fitting.counts import fingerprint, shipped_counts
from estimates.models.importance import FEWEST_EFFECTIVE_DRAWS
from estimates.profile.priors import PRIORS
from estimates.profile.profile import ALL_DRAWS, named_profile
from estimates.table.marks import event_marks

ANCHORS = Path(__file__).parents[2] / "data" / "anchors"
FILE = ANCHORS.parent / "default_profile.npz"


@pytest.fixture(scope="module")
def build() -> ModuleType:
    """The script that builds it."""
    specification = importlib.util.spec_from_file_location("build", ANCHORS / "build.py")
    assert specification is not None
    assert specification.loader is not None
    module = importlib.util.module_from_spec(specification)
    specification.loader.exec_module(module)
    return module


def test_it_was_built_from_the_anchors_as_they_are(build: ModuleType) -> None:
    """The hash of the tables in the profile is that of the tables in the folder, and it knows just those events."""
    profile = named_profile("default")
    assert profile.facts["input_hash"] == build.input_hash()
    hashes = build.file_hashes()
    assert set(hashes) == {f"input_{path}" for path in build.INPUTS}
    assert {name: profile.facts[name] for name in hashes} == hashes
    assert profile.facts["counts_hash"] == fingerprint(shipped_counts())
    assert profile.facts["data_hash"] == build.anchors().data_hash
    assert profile.learned_from == set().union(*shipped_marks().values())

    marks = event_marks(build.anchors().reports)
    assert profile.facts["events"] == len(marks)
    assert all(profile.knows(event, mark) for event, mark in marks.items())


def test_it_knows_the_anchors_as_they_are_shipped() -> None:
    """An anchor with all its outcomes, as ``load_example`` gives it, is known; what was not learned from is not."""
    profile, learned = named_profile("default"), set(shipped_anchors().table["event"])
    for name in ("anchors/modern", "anchors/historical"):
        for event, mark in event_marks(load_example(name).reports).items():
            assert profile.knows(event, mark) == (event in learned)
    assert not any(profile.knows(*item) for item in event_marks(load_example().reports).items())


def test_it_is_small_and_complete() -> None:
    """Less than three megabytes, four thousand draws of every parameter, no traits of sources hardly heard."""
    profile = named_profile("default")
    assert FILE.stat().st_size < 3_000_000
    assert profile.draws == ALL_DRAWS
    assert set(profile.parameters) == set(PRIORS)
    assert min((learned.events for learned in profile.sources.values()), default=3) >= 3


def test_it_learned_and_did_not_wander() -> None:
    """Posteriors are narrower than their priors on the whole; one prior is contradicted; R-hat is told where it is above the limit."""
    profile = named_profile("default")
    narrower, contradicted = [], set()
    for name in str(profile.facts["learned_parameters"]).split():
        prior, posterior = PRIORS[name].sample(1_000, 0), profile.parameters[name]
        narrower.append(posterior.std() < prior.std())
        if not np.quantile(prior, 0.0005) <= np.median(posterior) <= np.quantile(prior, 0.9995):
            contradicted.add(name)
    assert contradicted == {"repeating"}
    assert np.mean(narrower) > 0.7

    assert profile.facts["divergences"] == 0
    r_hat = float(profile.facts["r_hat"])
    assert r_hat <= 1.02
    assert (f"R-hat {r_hat:.3f}" in str(profile.facts["flags"])) == (r_hat > 1.01)


def test_idlib_under_the_default_profile() -> None:
    """21 lies inside the 80% range and 18 inside the 95% range of what is documented in the end; the draws are weighted."""
    found = estimate(load_example())
    killed = (
        found.ranges().query("event == 'Idlib airstrikes' and outcome == 'killed' and layer == 'documented'").iloc[0]
    )
    assert killed["low_80"] <= 21 <= killed["high_80"]
    assert killed["low_95"] <= 18 <= killed["high_95"]
    assert found.provenance["fewest_effective_draws"] >= FEWEST_EFFECTIVE_DRAWS
    assert found.profile.name == "anchors"


@pytest.mark.parametrize(
    ("figures", "kind", "inside"),
    [
        ({"ministry": "500", "police": "471", "intelligence": "100-300"}, "explosion", (300, 500)),
        ({"army": "5", "villagers": "90"}, "airstrike", (5, 90)),
        ({"mayor": "20000", "agency": "11300", "UN": "3958"}, "flood", (11_300, 20_000)),
    ],
)
def test_contested_events_stay_wide(figures: dict[str, str], kind: str, inside: tuple[int, int]) -> None:
    """Where sources contradict one another the 95% range holds both sides, and influence names who moves it."""
    rows = [
        {"event": "e", "source": source, "figure": figure, "event_type": kind, "event_date": "2023-10-17",
         "reported_at": "2023-10-18"}
        for source, figure in figures.items()
    ]  # fmt: skip
    found = estimate(rows)
    row = found.ranges(levels=(95,), layers=("documented",)).iloc[0]
    assert row["low_95"] <= inside[0]
    assert inside[1] <= row["high_95"]
    shifts = found.influence().query("layer == 'documented'").set_index("without")["shift"]
    assert set(shifts.index) == set(figures)
    assert np.abs(np.log(shifts)).max() > 0.1
