"""Source profiles on disk: what is saved comes back, and nothing else is ever taken for it."""

from __future__ import annotations

import io
import json
import math
import os
import pickle
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import h5netcdf
import numpy as np
import pandas as pd
import pytest
import xarray
from helpers.flat_profiles import flat_netcdf, flat_profile, header_and_parameters, sealed
from hypothesis import given, settings
from hypothesis import strategies as st

from estimates import EstimatesError, SourceProfile, estimate, load_example, load_profile
from estimates.errors import ProfileError
from estimates.profile import checks, storage
from estimates.profile import content as contents
from estimates.profile import profile as profiles
from estimates.profile.effects import Effect
from estimates.profile.priors import PRIORS
from estimates.profile.profile import KNOWN_BY_NAME, Learned, published_profile
from estimates.profile.storage import SCHEMA_VERSION, save_profile

ENDINGS = (".nc", ".npz")
#: Every name a person might write, and some nobody would: NUL, backslashes, halves of surrogate pairs.
NAMES = st.text(st.characters(exclude_categories=()), max_size=8) | st.sampled_from(["Höglund", "\\u0041", "a\0b", ""])
NUMBERS = st.floats(allow_nan=False, allow_infinity=False)
EFFECTS = st.builds(
    Effect, NAMES, st.sampled_from(["bias.neutral", "bias.own", "exactness", "error", "copying", "growth"])
)
#: As few draws as a profile may have.
DRAWS = checks.FEWEST_DRAWS


def a_profile(draws: int = DRAWS, sources: int = 3, **more: Any) -> SourceProfile:
    """A profile that looks learned."""
    rng = np.random.default_rng(1)
    names = [f"Źródło {index}" for index in range(sources)]
    return SourceProfile(
        **{
            "name": "learned",
            "seed": 7,
            "parameters": {name: prior.sample(draws, 1) for name, prior in profiles.PRIORS.items()},
            "effects": {
                Effect(name, what): rng.normal(size=draws)
                for name in names
                for what in ("bias.neutral", "exactness", "error", "copying")
            },
            "sources": {name: Learned("monitor", 3, 9) for name in names},
            "learned_from": frozenset({"Idlib airstrikes", "Ağrı"}),
            "facts": {"method": "nuts", "rhat": 1.01, "draws": draws},
            **more,
        }
    )


def content(profile: SourceProfile) -> dict[str, Any]:
    """Everything a profile holds, to be compared to the last bit."""
    draws = {**profile.parameters, **profile.effects}
    return {
        **{name: getattr(profile, name) for name in ("name", "seed", "bin_shares", "learned_from")},
        "sources": dict(profile.sources),
        "facts": {name: (type(value), repr(value)) for name, value in profile.facts.items()},
        "draws": {name: (str(values.dtype), values.tobytes()) for name, values in draws.items()},
    }


def body_of(path: Path) -> bytes:
    return path.read_bytes()[: -len(sealed(b""))]


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("profiles")


FEW = ("kappa", "bias.un", "exactness")


@contextmanager
def few_parameters() -> Iterator[None]:
    """Profiles need three parameters only, so that many files can be written in no time."""
    with pytest.MonkeyPatch.context() as patch:
        for module in (profiles, checks, storage):
            patch.setattr(module, "PRIORS", {name: PRIORS[name] for name in FEW})
        yield


@pytest.fixture(params=ENDINGS)
def saved(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Path]:
    """A profile of few parameters on disk, in either format."""
    with few_parameters():
        yield save_profile(a_profile(), tmp_path / f"profile{request.param}")


# What is saved comes back


@pytest.mark.extended
@settings(max_examples=20)
@given(data=st.data(), name=st.text(max_size=8), seed=st.integers(), draws=st.integers(DRAWS, DRAWS + 3))
@few_parameters()
def test_what_netcdf_keeps_comes_back_to_the_last_bit(
    folder: Path, data: st.DataObject, name: str, seed: int, draws: int
) -> None:
    """Names in any script, no traits at all, the smallest and largest numbers: the profile read is the one written."""
    row = st.lists(NUMBERS, min_size=3, max_size=3).map(lambda some: np.resize(some, draws))
    count = st.integers(0, 10**6)
    profile = SourceProfile(
        name,
        seed,
        {parameter: data.draw(row.map(np.abs)) for parameter in FEW},
        effects=data.draw(st.dictionaries(EFFECTS, row, max_size=3)),
        sources=data.draw(st.dictionaries(NAMES, st.builds(Learned, NAMES, count, count), max_size=3)),
        learned_from=data.draw(st.frozensets(NAMES, max_size=3)),
        facts=data.draw(st.dictionaries(NAMES, NAMES | st.integers() | st.floats(), max_size=3)),
    )
    read = load_profile(save_profile(profile, folder / "any.nc"))
    assert content(read) == content(profile)
    assert read.fingerprint == profile.fingerprint


@settings(max_examples=40)
@given(
    values=st.lists(st.floats(0, 1e30) | st.floats(0, 1), min_size=1, max_size=6),
    name=st.text(max_size=8),
    effect=EFFECTS,
)
@few_parameters()
def test_npz_keeps_seven_digits_and_no_certainty_arises(
    folder: Path, values: list[float], name: str, effect: Effect
) -> None:
    """An .npz keeps numbers to one part in ten million; none that is not 0 or 1 becomes it; saved again it is the same file."""
    draws = np.resize(values, DRAWS)
    profile = SourceProfile(name, 0, dict.fromkeys(FEW, draws), {effect: draws}, {effect.of: Learned("un", 1, 2)})
    path = save_profile(profile, folder / "any.npz")
    read = load_profile(path)
    for loaded in (read.parameters["kappa"], read.effects[effect]):
        np.testing.assert_allclose(loaded, draws, rtol=1e-7, atol=2e-45)
        for edge in (0.0, 1.0):
            assert ((loaded == edge) == (draws == edge)).all()
    assert content(read) == content(profile) | {"draws": content(read)["draws"]}
    written = path.read_bytes()
    assert save_profile(read, path).read_bytes() == written


@pytest.mark.extended
def test_a_profile_read_estimates_what_the_profile_written_does(tmp_path: Path) -> None:
    """Ranges with a profile from disk are those with the profile itself; from an .npz they differ by less than a count in twenty."""
    reports, profile = load_example(), a_profile(200)
    ranges = estimate(reports, profile=profile).ranges()
    exact = estimate(reports, profile=load_profile(save_profile(profile, tmp_path / "a.nc"))).ranges()
    pd.testing.assert_frame_equal(exact, ranges)
    rounded = estimate(reports, profile=load_profile(save_profile(profile, tmp_path / "a.npz"))).ranges()
    np.testing.assert_allclose(rounded["median"].astype(float), ranges["median"].astype(float), rtol=0.05)


@pytest.mark.parametrize("ending", ENDINGS)
@few_parameters()
def test_the_same_profile_gives_the_same_file(tmp_path: Path, ending: str) -> None:
    """Files can be compared byte by byte: neither clock nor machine is in them."""
    first = save_profile(a_profile(), tmp_path / f"first{ending}")
    assert first.read_bytes() == save_profile(a_profile(), tmp_path / f"second{ending}").read_bytes()


@few_parameters()
def test_draws_that_are_not_float64_are_saved_as_their_values(tmp_path: Path) -> None:
    """Counts and strided arrays, as a sampler may hand them over, are numbers like others."""
    parameters = dict(a_profile().parameters)
    parameters["kappa"] = np.arange(2 * DRAWS)[::2]  # type: ignore[assignment]
    read = load_profile(save_profile(a_profile(parameters=parameters), tmp_path / "a.nc"))
    assert read.kappa.tolist() == np.arange(0.0, 2.0 * DRAWS, 2.0).tolist()


# What others can read


@pytest.mark.extended
def test_xarray_opens_the_netcdf(tmp_path: Path) -> None:
    """xarray finds each parameter in the posterior, the scores with whose and what they are, and the rest as attributes."""
    profile = a_profile()
    with xarray.open_datatree(save_profile(profile, tmp_path / "a.nc")) as tree:
        posterior, known = tree["posterior"], tree["constant_data"]
        assert posterior["kappa"].dims == ("chain", "draw")
        np.testing.assert_array_equal(posterior["bias"].sel(source_type="un")[0], profile.parameters["bias.un"])
        late = posterior["complete_logit"].sel(growth_group="disasters", step="4")
        np.testing.assert_array_equal(late[0], profile.parameters["complete_logit.disasters.4"])
        assert sum(variable[0, 0].size for name, variable in posterior.data_vars.items() if name != "effects") == len(
            PRIORS
        )

        assert posterior["effects"].dims == ("chain", "draw", "effect")
        assert list(zip(known["effect_of"].values, known["effect_what"].values, strict=True)) == list(profile.effects)
        np.testing.assert_array_equal(posterior["effects"][0].T, [*profile.effects.values()])
        assert known["events"].sel(source="Źródło 0") == 3

        assert tree.attrs["content_hash"] == profile.fingerprint
        assert tree.attrs["name"] == "learned"
        assert json.loads(tree.attrs["schema_version"]) == SCHEMA_VERSION
        assert json.loads(tree.attrs["facts"]) == profile.facts
        assert set(json.loads(tree.attrs["learned_from"])) == profile.learned_from
        assert json.loads(tree.attrs["sources"])["Źródło 0"] == ["monitor", 3, 9]


@pytest.mark.extended
def test_an_npz_is_read_with_numpy_alone(tmp_path: Path) -> None:
    """Reading the small format loads neither HDF5 nor SciPy, so that estimates start as fast as without a file."""
    path = save_profile(a_profile(), tmp_path / "a.npz")
    code = "import sys, estimates; estimates.load_profile(sys.argv[1]); print(*sys.modules)"
    done = subprocess.run([sys.executable, "-c", code, path], capture_output=True, text=True, check=True, timeout=60)
    assert {"h5py", "h5netcdf", "scipy", "xarray", "pymc"}.isdisjoint(done.stdout.split())


def test_a_shipped_profile_is_small(tmp_path: Path) -> None:
    """A thousand draws of all parameters and of fifteen sources take less than a megabyte."""
    path = save_profile(a_profile(1_000, sources=15), tmp_path / "a.npz")
    assert path.stat().st_size < 1_000_000


# What is no profile, or not the one that was saved


@settings(max_examples=40)
@given(data=st.data(), ending=st.sampled_from(ENDINGS))
@few_parameters()
def test_a_damaged_file_is_refused(folder: Path, data: st.DataObject, ending: str) -> None:
    """Whatever bytes are changed, lost or added, and wherever: a ProfileError, never another profile nor another error."""
    profile = SourceProfile("whole", 0, dict.fromkeys(FEW, np.arange(float(DRAWS))), facts={"method": "nuts"})
    whole = save_profile(profile, folder / f"whole{ending}").read_bytes()
    place = data.draw(st.integers(0, len(whole)))
    lost = data.draw(st.integers(0, 40) | st.just(len(whole)))
    put = data.draw(st.binary(max_size=40))
    damaged = whole[:place] + put + whole[place + lost :]
    path = folder / f"damaged{ending}"
    path.write_bytes(damaged)
    if damaged == whole:
        assert load_profile(path).fingerprint == profile.fingerprint
        return
    with pytest.raises(ProfileError, match=f"damaged{ending}: (was changed or damaged|not a )"):
        load_profile(path)


@settings(max_examples=40)
@given(data=st.data())
@few_parameters()
def test_damage_that_was_sealed_is_refused_or_harmless(folder: Path, data: st.DataObject) -> None:
    """Behind a seal made for the damaged bytes, an .npz still gives the profile that was saved or a ProfileError."""
    profile = SourceProfile("whole", 0, dict.fromkeys(FEW, np.arange(float(DRAWS))), facts={"method": "nuts"})
    body = bytearray(body_of(save_profile(profile, folder / "whole.npz")))
    body[data.draw(st.integers(0, len(body) - 1))] ^= data.draw(st.integers(1, 255))
    path = folder / "resealed.npz"
    path.write_bytes(sealed(bytes(body)))
    try:
        read = load_profile(path)
    except ProfileError:
        return
    assert content(read) == content(profile)


def forge_npz(path: Path, change: Callable[[dict[str, Any], dict[str, Any]], None]) -> None:
    """Change header and draws of a saved .npz and seal it again."""
    with np.load(path) as file:
        header, draws = json.loads(file["header"].tobytes()), file["draws"]
    names = header["parameters"]
    effects = draws[len(names) :]
    parameters = dict(zip(names, draws, strict=False))
    change(header, parameters)
    header["parameters"] = list(parameters)
    buffer = io.BytesIO()
    values = np.concatenate([np.array(list(parameters.values())), effects[:, : len(next(iter(parameters.values())))]])
    np.savez(buffer, header=np.frombuffer(json.dumps(header).encode(), dtype=np.uint8), draws=values)
    path.write_bytes(sealed(buffer.getvalue()))


def forge_netcdf(path: Path, change: Callable[[dict[str, Any], dict[str, Any]], None]) -> None:
    """Write header and parameters of a saved .nc anew, changed, in the layout without groups, and seal it again."""
    header, parameters = header_and_parameters(path)
    change(header, parameters)
    path.write_bytes(sealed(flat_netcdf(header, parameters)))


def newer(header: dict[str, Any], parameters: dict[str, Any]) -> None:
    header["schema_version"] = SCHEMA_VERSION + 1


def older(header: dict[str, Any], parameters: dict[str, Any]) -> None:
    header["schema_version"] = 0


def without_version(header: dict[str, Any], parameters: dict[str, Any]) -> None:
    del header["schema_version"]


def without_seed(header: dict[str, Any], parameters: dict[str, Any]) -> None:
    del header["seed"]


def with_unknown(header: dict[str, Any], parameters: dict[str, Any]) -> None:
    parameters["haste"] = parameters["kappa"]


def with_impossible(header: dict[str, Any], parameters: dict[str, Any]) -> None:
    parameters["kappa"] = np.where(np.arange(DRAWS) == 3, -7.5, parameters["kappa"])


def with_one_draw(header: dict[str, Any], parameters: dict[str, Any]) -> None:
    parameters |= {name: values[:1] for name, values in parameters.items()}


def with_few_draws(header: dict[str, Any], parameters: dict[str, Any]) -> None:
    parameters |= {name: values[: DRAWS - 1] for name, values in parameters.items()}


def with_shares_of_more_than_one(header: dict[str, Any], parameters: dict[str, Any]) -> None:
    header["bin_shares"] = [0.5] * 6


def with_nan(header: dict[str, Any], parameters: dict[str, Any]) -> None:
    parameters["kappa"] = np.where(np.arange(len(parameters["kappa"])) == 3, math.nan, parameters["kappa"])


def without_draws(header: dict[str, Any], parameters: dict[str, Any]) -> None:
    for name, values in parameters.items():
        parameters[name] = values[:0]


def with_other_draws(header: dict[str, Any], parameters: dict[str, Any]) -> None:
    parameters["kappa"] = parameters["kappa"] + 1.0


def with_other_name(header: dict[str, Any], parameters: dict[str, Any]) -> None:
    header["name"] = "somebody else's"


def with_power_law_errors(header: dict[str, Any], parameters: dict[str, Any]) -> None:
    header |= {"schema_version": 1, "kernel": "power_law"}


def with_shares_missing(header: dict[str, Any], parameters: dict[str, Any]) -> None:
    header["bin_shares"] = [0.5, 0.5]


def with_broken_sources(header: dict[str, Any], parameters: dict[str, Any]) -> None:
    header["sources"] = {"a": ["monitor"]}


FORGERIES = {
    newer: "written by a newer version.*install that version",
    older: "written by an unknown version",
    without_version: "'schema_version' is missing",
    without_seed: "'seed' is missing.*fit the profile again",
    with_unknown: "parameters that this version does not know: haste; fit the profile again",
    with_impossible: "draws of kappa where no such parameter can lie: kappa is -7.5 in one of them",
    with_one_draw: "it holds 1 draws and needs 100 or more",
    with_few_draws: "it holds 99 draws and needs 100 or more",
    with_shares_of_more_than_one: "shares of ages from 0 to 1 that sum to one",
    with_nan: r"draws of kappa where no such parameter can lie: kappa is nan",
    without_draws: "holds no draws",
    with_other_draws: "was changed or damaged",
    with_other_name: "was changed or damaged",
    with_power_law_errors: "power-law errors, which this version no longer has; fit the profile again",
    with_shares_missing: "needs 6 shares of ages",
    with_broken_sources: "not enough values",
}


def of_the_first_layout(header: dict[str, Any], parameters: dict[str, Any]) -> None:
    header |= {"schema_version": 1, "kernel": "logistic"}
    del header["content_hash"]
    parameters |= {name: np.full_like(parameters["kappa"], 2.0) for name in ("below", "lower", "upper")}


def test_a_profile_of_the_first_layout_is_read(saved: Path) -> None:
    """What the law of errors that is no more had for parameters is left out, and all else is as it was."""
    now = load_profile(saved)
    forge = forge_npz if saved.suffix == ".npz" else forge_netcdf
    forge(saved, of_the_first_layout)
    before = load_profile(saved)
    assert set(before.parameters) == set(now.parameters)
    assert all((before.parameters[name] == values).all() for name, values in now.parameters.items())
    assert before.knows("Ağrı", "no mark")


@pytest.mark.extended
@pytest.mark.parametrize("ending", ENDINGS)
def test_shares_of_none_of_older_layouts_have_their_names_of_today(tmp_path: Path, ending: str) -> None:
    """What the third layout called none_share.party and none_share.other is read as none_party and none_stated."""
    path, profile = tmp_path / f"old{ending}", a_profile()
    save_profile(profile, path)
    now = load_profile(path)

    def older(header: dict[str, Any], parameters: dict[str, Any]) -> None:
        header["schema_version"] = 3
        parameters["none_share.party"] = parameters.pop("none_party")
        parameters["none_share.other"] = parameters.pop("none_stated")

    (forge_npz if ending == ".npz" else forge_netcdf)(path, older)
    before = load_profile(path)
    for name in ("none_party", "none_stated"):
        np.testing.assert_array_equal(before.parameters[name], now.parameters[name])
    assert "drawn_from_priors" not in before.facts


@pytest.mark.parametrize("version", range(1, SCHEMA_VERSION))
@few_parameters()
def test_netcdf_without_groups_is_read(tmp_path: Path, version: int) -> None:
    """Files of the first to the fifth layout, as they were written, give what they hold to the last bit."""
    profile, path = a_profile(parameters={name: PRIORS[name].sample(DRAWS, 1) for name in FEW}), tmp_path / "old.nc"
    path.write_bytes(flat_profile(profile, version))
    read = load_profile(path)
    assert content(read)["draws"] == content(profile)["draws"]
    assert (read.name, read.seed, dict(read.sources)) == (profile.name, profile.seed, dict(profile.sources))
    assert read.trace is None


def test_netcdf_without_groups_becomes_one_with_them(tmp_path: Path) -> None:
    """A whole profile of the fifth layout, read and saved again, is the profile that it was, in groups."""
    profile, path = a_profile(), tmp_path / "old.nc"
    path.write_bytes(flat_profile(profile, 5))
    read = load_profile(path)
    assert content(read) == content(profile)
    again = save_profile(read, tmp_path / "new.nc")
    assert content(load_profile(again)) == content(profile)
    assert again.read_bytes() == save_profile(profile, tmp_path / "direct.nc").read_bytes()


@pytest.mark.extended
@pytest.mark.parametrize("ending", ENDINGS)
def test_a_profile_of_the_second_layout_knows_events_by_name(tmp_path: Path, ending: str) -> None:
    """Its names are kept, the facts and the notes of an estimate say so, and saving it again keeps both."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(storage, "SCHEMA_VERSION", 2)
        path = save_profile(a_profile(), tmp_path / f"old{ending}")
    for _ in range(2):
        old = load_profile(path)
        assert old.learned_from == a_profile().learned_from
        assert old.knows("Ağrı", "0123456789abcdef")
        assert not old.knows("Van", "0123456789abcdef")
        assert old.facts[KNOWN_BY_NAME] == 2
        assert any("by their names alone" in note for note in estimate(load_example(), profile=old).notes)
        path = save_profile(old, tmp_path / f"again{ending}")


def test_a_profile_knows_an_event_by_its_mark() -> None:
    """An event of the same name with other figures is not known, and a profile without events knows none."""
    profile = a_profile(learned_from=frozenset({"0123456789abcdef"}))
    assert profile.knows("Ağrı", "0123456789abcdef")
    assert not profile.knows("Ağrı", "fedcba9876543210")
    assert not a_profile().knows("Ağrı", "fedcba9876543210")
    assert not published_profile().knows("Ağrı", "0123456789abcdef")


@pytest.mark.parametrize("change", FORGERIES, ids=lambda change: change.__name__)
@pytest.mark.parametrize("ending", ENDINGS)
@few_parameters()
def test_a_file_that_says_something_else_is_refused(
    tmp_path: Path, ending: str, change: Callable[[dict[str, Any], dict[str, Any]], None]
) -> None:
    """Files whole in themselves, but of another version, incomplete or not what was saved, are told by file and fault."""
    path = save_profile(a_profile(), tmp_path / f"forged{ending}")
    forge = forge_netcdf if ending == ".nc" else forge_npz
    forge(path, change)
    with pytest.raises(ProfileError, match=f"forged{ending}.*{FORGERIES[change]}"):
        load_profile(path)


@few_parameters()
def test_parameters_of_different_length_are_refused(tmp_path: Path) -> None:
    """A netCDF whose parameters have different numbers of draws is told so."""
    path = save_profile(a_profile(DRAWS + 1), tmp_path / "a.nc")
    forge_netcdf(path, lambda header, parameters: parameters.update(kappa=parameters["kappa"][:-1]))
    with pytest.raises(ProfileError, match="one number a draw"):
        load_profile(path)


class Trap:
    """Unpickling it ends the test run."""

    def __reduce__(self) -> tuple[Callable[[int], None], tuple[int]]:
        return os._exit, (99,)


def object_array() -> bytes:
    buffer = io.BytesIO()
    np.savez(buffer, header=np.array([Trap()], dtype=object), draws=np.zeros((1, 1)), allow_pickle=True)
    return buffer.getvalue()


def foreign_netcdf() -> bytes:
    buffer = io.BytesIO()
    with h5netcdf.File(buffer, "w") as file:
        file.dimensions = {"x": 2}
        file.create_variable("kappa", ("x",), data=np.zeros(2))
    return buffer.getvalue()


FOREIGN = {
    "empty": b"",
    "text": b"event,source,figure\na,b,18\n",
    "pickle": pickle.dumps(Trap()),
    "sealed pickle": sealed(pickle.dumps(Trap())),
    "npz with a pickle": object_array(),
    "sealed npz with a pickle": sealed(object_array()),
    "netCDF of others": foreign_netcdf(),
    "sealed netCDF of others": sealed(foreign_netcdf()),
    "seal alone": sealed(b""),
}


@pytest.mark.parametrize("ending", ENDINGS)
@pytest.mark.parametrize("kind", FOREIGN)
def test_other_files_are_refused_and_no_pickle_is_opened(tmp_path: Path, kind: str, ending: str) -> None:
    """Files of other kinds under a profile's ending are refused by name, and what they hold is not run."""
    path = tmp_path / f"foreign{ending}"
    path.write_bytes(FOREIGN[kind])
    with pytest.raises(ProfileError, match=f"foreign{ending}: "):
        load_profile(path)


@few_parameters()
def test_a_file_of_the_other_format_is_refused(tmp_path: Path) -> None:
    """A netCDF renamed .npz, and the other way round, is refused."""
    for ending, other in (ENDINGS, ENDINGS[::-1]):
        path = save_profile(a_profile(), tmp_path / f"a{ending}").rename(tmp_path / f"renamed{other}")
        with pytest.raises(ProfileError, match=f"renamed{other}"):
            load_profile(path)


@pytest.mark.parametrize("path", ["profile.pkl", "profile", "profile.nc.gz", "", ".nc", "profile.NPY"])
def test_other_endings_are_refused_both_ways(path: str) -> None:
    """Only .nc and .npz are source profiles; the message names both."""
    with pytest.raises(ProfileError, match=r"\.nc or \.npz"):
        load_profile(path)
    with pytest.raises(ProfileError, match=r"\.nc or \.npz"):
        save_profile(a_profile(), path)


def test_what_is_not_a_readable_file_is_told_so(saved: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Missing files, folders, pipes, impossible names and files closed to the reader each have a message."""
    folder, pipe = saved.with_name(f"folder{saved.suffix}"), saved.with_name(f"pipe{saved.suffix}")
    folder.mkdir()
    os.mkfifo(pipe)
    for path, message in (
        (saved.with_name(f"none{saved.suffix}"), "no such file"),
        (saved.with_name(f"nu\0ll{saved.suffix}"), "no such file"),
        (folder, "is a folder"),
        (pipe, "not a file"),
    ):
        with pytest.raises(ProfileError, match=message):
            load_profile(path)

    def closed(path: Path) -> bytes:
        raise PermissionError(13, "Permission denied", str(path))

    monkeypatch.setattr(Path, "read_bytes", closed)
    with pytest.raises(ProfileError, match=r"cannot be read \(Permission denied\)"):
        load_profile(saved)


# Saving


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({"facts": {"chains": [1, 2]}}, "facts must be texts or numbers"),
        ({"bin_shares": (0.5, 0.5)}, "shares of ages"),
    ],
)
def test_what_cannot_be_saved_leaves_the_old_file(saved: Path, changes: dict[str, Any], message: str) -> None:
    """A profile that the file could not give back is refused, and what was there before stays."""
    before = saved.read_bytes()
    with pytest.raises(ProfileError, match=message):
        save_profile(a_profile(**changes), saved)
    assert saved.read_bytes() == before
    assert [path.name for path in saved.parent.iterdir()] == [saved.name]


@few_parameters()
def test_numbers_too_large_for_seven_digits_are_refused(tmp_path: Path) -> None:
    """What float32 cannot hold is not saved as infinity; netCDF keeps it."""
    parameters = {**a_profile().parameters, "kappa": np.full(DRAWS, 1e300)}
    with pytest.raises(ProfileError, match=r"infinite\) in kappa"):
        save_profile(a_profile(parameters=parameters), tmp_path / "a.npz")
    assert load_profile(save_profile(a_profile(parameters=parameters), tmp_path / "a.nc")).kappa[0] == 1e300


@pytest.mark.parametrize("name", ["effects", "draw", "source_type", "a/b", "", "größe"])
@few_parameters()
def test_names_netcdf_would_confuse_are_refused(tmp_path: Path, name: str) -> None:
    """A parameter of somebody's own whose name means something else in netCDF is refused there."""
    parameters = {**a_profile().parameters, name: np.zeros(DRAWS)}
    with pytest.raises(ProfileError, match="cannot stand in netCDF"):
        save_profile(a_profile(parameters=parameters), tmp_path / "a.nc")


@pytest.mark.extended
@pytest.mark.parametrize("draws", [0, 1, DRAWS - 1])
@pytest.mark.parametrize("ending", ENDINGS)
def test_a_profile_of_too_few_draws_is_refused_when_loaded(tmp_path: Path, draws: int, ending: str) -> None:
    """The message blames the profile and says how many draws it needs."""
    few = {name: values[:draws] for name, values in published_profile().parameters.items()}
    path = save_profile(SourceProfile("few", 0, few), tmp_path / f"few{ending}")
    with pytest.raises(
        ProfileError, match=f"this profile cannot be used: it holds {draws or 'no'} draws and needs {DRAWS} or more"
    ):
        load_profile(path)


def test_a_profile_of_absurd_draws_is_refused_when_loaded(tmp_path: Path) -> None:
    """Draws that are finite and lie where no such parameter can are told before anything is estimated with them."""
    absurd = {name: np.full_like(values, 1e6) for name, values in published_profile().parameters.items()}
    path = save_profile(SourceProfile("absurd", 0, absurd), tmp_path / "absurd.nc")
    with pytest.raises(
        ProfileError, match=r"this profile cannot be used: it has draws of copying.* where no such parameter can lie"
    ):
        load_profile(path)


# What a younger version has and the file has not


def test_a_parameter_that_the_file_lacks_is_drawn_from_its_prior(saved: Path) -> None:
    """The profile loads with prior draws of it and all others as they were, and its facts say so."""
    before = load_profile(saved)
    with pytest.MonkeyPatch.context() as patch:
        for module in (profiles, checks, storage):
            patch.setattr(module, "PRIORS", {name: PRIORS[name] for name in (*FEW, "rising")})
        read = load_profile(saved)
    assert read.facts["drawn_from_priors"] == "rising"
    np.testing.assert_array_equal(read.parameters["rising"], PRIORS["rising"].sample(before.draws, before.seed))
    assert all((read.parameters[name] == before.parameters[name]).all() for name in FEW)
    assert "drawn_from_priors" not in before.facts


# What would fill the memory


def test_what_unpacks_to_too_much_is_refused_before_it_is_unpacked(
    saved: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The sizes that a file states are added up before anything is read."""
    monkeypatch.setattr(contents, "LARGEST_UNPACKED", 1_000)
    monkeypatch.setattr(np, "load", lambda *_, **__: pytest.fail("was unpacked"))
    with pytest.raises(ProfileError, match="bytes when unpacked"):
        load_profile(saved)


def test_saving_where_nothing_can_be_put_is_told(tmp_path: Path) -> None:
    """A folder that does not exist is named, and a folder in the file's place."""
    with pytest.raises(EstimatesError, match="there is no folder"):
        save_profile(published_profile(), tmp_path / "nowhere" / "a.npz")
    (tmp_path / "folder.nc").mkdir()
    with pytest.raises(EstimatesError, match="is a folder"):
        save_profile(published_profile(), tmp_path / "folder.nc")
