"""Estimates on disk: what is loaded answers as what was saved, and nothing else is taken for estimates."""

from __future__ import annotations

import hashlib
import json
import pickle
import subprocess
import sys
from pathlib import Path
from typing import Any

import h5netcdf
import numpy as np
import pandas as pd
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from estimates import Estimates, EstimatesError, capture, estimate, load_estimates, load_example
from estimates.inference.undocumented import UndocumentedLayer
from estimates.profile.profile import published_profile
from estimates.results import storage
from estimates.vocabulary import LAYERS

LISTS = [
    {"A": 1, "B": 0, "C": 0, "count": 9}, {"A": 0, "B": 1, "C": 0, "count": 7}, {"A": 0, "B": 0, "C": 1, "count": 8},
    {"A": 1, "B": 1, "C": 0, "count": 4}, {"A": 1, "B": 0, "C": 1, "count": 3}, {"A": 0, "B": 1, "C": 1, "count": 5},
    {"A": 1, "B": 1, "C": 1, "count": 2},
]  # fmt: skip


def everything() -> dict[str, Estimates]:
    """Estimates of every make: layers, coverage, a date, lists, another profile, a table with columns of its own."""
    idlib, few = load_example(), published_profile(3, draws=200)
    watched = pd.DataFrame({"source": ["White Helmets", "SANA"], "place": None, "event_type": None})
    own = idlib.table.assign(coder=["Zoë"] * len(idlib), when=pd.Timestamp("2020-01-15"), mark=np.nan)
    analyst = UndocumentedLayer.analyst({0.1: 1.0, 0.5: 1.2, 0.9: 2.0})
    pairs = pd.DataFrame({"documented": [10, 20, 40], "enumerated": [15, 22, 70]})
    return {
        "as it is": estimate(idlib),
        "by an analyst": estimate(idlib, profile=few, seed=7, undocumented=analyst),
        "learned": estimate(own, profile=few, undocumented=UndocumentedLayer.learned(pairs)),
        "watched": estimate(idlib, profile=few, as_of="2020-01-16", undocumented="none", coverage=watched),
        "lists": estimate(idlib, profile=few, lists={"Idlib airstrikes": capture(LISTS, latent=False)}),
    }


@pytest.fixture(scope="module")
def saved(tmp_path_factory: pytest.TempPathFactory) -> Path:
    few = published_profile(draws=200)
    return estimate(load_example(), profile=few).save(tmp_path_factory.mktemp("estimates") / "idlib.nc")


def check_loaded(makes: dict[str, Estimates], tmp_path: Path) -> None:
    for name, found in makes.items():
        loaded = load_estimates(found.save(tmp_path / "any name at all"))
        pd.testing.assert_frame_equal(loaded.ranges(layers=LAYERS), found.ranges(layers=LAYERS), obj=name)
        for case in found.cases:
            for layer in LAYERS:
                mass, again = (each.mass(case.event, case.outcome, layer) for each in (found, loaded))
                pd.testing.assert_frame_equal(mass, again, check_exact=True, obj=name)
                np.testing.assert_array_equal(
                    *(each.draws(case.event, case.outcome, layer) for each in (found, loaded))
                )
        pd.testing.assert_frame_equal(loaded.total(), found.total(), check_exact=True)
        assert (loaded.notes, loaded.provenance, repr(loaded)) == (found.notes, found.provenance, repr(found)), name
        assert loaded.reports.data_hash == found.reports.data_hash
        assert loaded.profile.fingerprint == found.profile.fingerprint
        assert loaded.undocumented.fingerprint == found.undocumented.fingerprint


def test_what_is_loaded_answers_as_what_was_saved(tmp_path: Path) -> None:
    """Ranges of every layer, exact posteriors, draws, totals, notes and provenance are the same to the last bit."""
    check_loaded({"as it is": estimate(load_example(), profile=published_profile(draws=200))}, tmp_path)


@pytest.mark.extended
def test_estimates_of_every_make_come_back(tmp_path: Path) -> None:
    """So it is under the default profile and every layer, with coverage, a date, lists, and columns of one's own."""
    check_loaded(everything(), tmp_path)


def test_ranges_come_from_the_file_and_are_not_estimated_again(saved: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """No posterior is worked out for ranges of any layer; the questions that need one can still be asked."""
    loaded = load_estimates(saved)
    with monkeypatch.context() as patch:
        patch.setattr("estimates.inference.solved.solved_events", lambda *_, **__: pytest.fail("estimated again"))
        loaded.ranges(layers=LAYERS)
    assert len(loaded.influence(["Idlib airstrikes"])) > 0
    assert loaded.claim("Idlib airstrikes", "at least 10").layers[1].probability > 0.9


@pytest.mark.extended
def test_another_process_loads_the_same(saved: Path) -> None:
    """A fresh Python, with nothing but the file, prints the ranges that stand here."""
    code = "import sys, estimates; print(estimates.load_estimates(sys.argv[1]).ranges().to_json())"
    done = subprocess.run([sys.executable, "-c", code, saved], capture_output=True, text=True, check=True, timeout=120)
    assert json.loads(done.stdout) == json.loads(load_estimates(saved).ranges().to_json())


def test_saved_again_it_is_the_same_file(saved: Path, tmp_path: Path) -> None:
    """Neither clock nor machine is in it, and loading loses nothing."""
    assert load_estimates(saved).save(tmp_path / "again.nc").read_bytes() == saved.read_bytes()


# What is refused ------------------------------------------------------------------------------------------------------


@settings(max_examples=15, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(data=st.data())
def test_a_damaged_file_is_refused(saved: Path, tmp_path: Path, data: st.DataObject) -> None:
    """Whatever bytes are changed, lost or added, and wherever: an EstimatesError with the file's name."""
    whole = saved.read_bytes()
    place, lost = data.draw(st.integers(0, len(whole))), data.draw(st.integers(0, 40) | st.just(len(whole)))
    damaged = whole[:place] + data.draw(st.binary(max_size=20)) + whole[place + lost :]
    path = tmp_path / "damaged.nc"
    path.write_bytes(damaged)
    if damaged != whole:
        with pytest.raises(EstimatesError, match=r"damaged\.nc: (was changed or damaged|holds no estimates)"):
            load_estimates(path)


class Trap:
    """Unpickling it fails the test."""

    def __reduce__(self) -> tuple[Any, ...]:
        return pytest.fail, ("a pickle was opened",)


def sealed(body: bytes) -> bytes:
    """The bytes of a file with a seal, written down apart from the code that writes them."""
    return body + b"\nestimates of casualties, SHA-256 " + hashlib.sha256(body).hexdigest().encode()


FOREIGN = {
    "empty": b"",
    "text": b"event,source,figure\na,b,18\n",
    "pickle": pickle.dumps(Trap()),
    "sealed pickle": sealed(pickle.dumps(Trap())),
    "seal alone": sealed(b""),
}


@pytest.mark.parametrize("kind", FOREIGN)
def test_other_files_are_refused_and_no_pickle_is_opened(tmp_path: Path, kind: str) -> None:
    """Files of other kinds are refused by name, even under a seal."""
    path = tmp_path / "foreign.nc"
    path.write_bytes(FOREIGN[kind])
    with pytest.raises(EstimatesError, match=r"foreign\.nc: "):
        load_estimates(path)


def test_a_profile_is_told_from_estimates(tmp_path: Path) -> None:
    """Whoever loads a profile as estimates is told what to call instead; an .npz and a missing file are refused too."""
    profile = published_profile(draws=100)
    for ending in (".nc", ".npz"):
        path = profile.save(tmp_path / f"profile{ending}")
        with pytest.raises(EstimatesError, match="holds a source profile; read it with load_profile"):
            load_estimates(path)
    with pytest.raises(EstimatesError, match="no such file; name the file that estimates were saved to"):
        load_estimates(tmp_path / "nothing.nc")


def changed(saved: Path, path: Path, **attributes: Any) -> Path:
    """A sealed copy with other attributes, and other names of events where ``cases`` are given."""
    path.write_bytes(saved.read_bytes()[: -len(sealed(b""))])
    with h5netcdf.File(path, "a") as file:
        cases = attributes.pop("cases", None)
        file.attrs.update(attributes)
        if cases is not None:
            stored = file.variables["cases"]
            stored[...] = np.frombuffer(json.dumps(cases).encode().ljust(stored.shape[0]), dtype=np.uint8)
    path.write_bytes(sealed(path.read_bytes()))
    return path


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({"schema_version": storage.SCHEMA_VERSION + 1}, "written by a newer version"),
        ({"schema_version": 0}, "written by an unknown version"),
        ({"kind": "something else"}, "holds no estimates"),
        ({"as_of": "2019-01-01"}, "other cases of the same table; estimate again"),
        ({"cases": [["a", "killed"]]}, "other cases of the same table; estimate again"),
        ({"as_of": "some day"}, "cannot be used: as_of"),
    ],
)
def test_a_file_that_says_something_else_is_refused(
    saved: Path, tmp_path: Path, changes: dict[str, Any], message: str
) -> None:
    """Files whole in themselves, but of another version or of other cases than this version makes, are told so."""
    with pytest.raises(EstimatesError, match=message):
        load_estimates(changed(saved, tmp_path / "changed.nc", **changes))


def test_saving_is_whole_or_not_at_all(saved: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A folder in the way and one that does not exist are named; what fails midway leaves the old file alone."""
    loaded = load_estimates(saved)
    (tmp_path / "folder.nc").mkdir()
    with pytest.raises(EstimatesError, match="is a folder"):
        loaded.save(tmp_path / "folder.nc")
    with pytest.raises(EstimatesError, match="there is no folder"):
        loaded.save(tmp_path / "nowhere" / "a.nc")

    old = tmp_path / "old.nc"
    old.write_text("what was there before")
    monkeypatch.setattr(storage, "arrays_of", lambda _: 1 / 0)
    with pytest.raises(ZeroDivisionError):
        loaded.save(old)
    assert old.read_text() == "what was there before"
    assert sorted(path.name for path in tmp_path.iterdir()) == ["folder.nc", "old.nc"]
