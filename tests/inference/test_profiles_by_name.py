"""Profiles that come with the package are asked for by name, in Python and on the command line."""

from __future__ import annotations

from pathlib import Path

import pandas as pd
import pytest
from helpers.tables import exactly, ranges_csv

from estimates import EstimatesError, estimate, load_profile
from estimates.cli.application import main
from estimates.errors import ProfileError
from estimates.profile import profile as profiles
from estimates.profile.profile import ALL_DRAWS, named_profile, published_profile


def test_a_profile_can_be_asked_for_by_name(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A name stands for the profile itself: published priors under the call's seed, or the default one's file."""
    rows = pd.DataFrame([exactly("a", 20)])
    published = estimate(rows, profile="published", seed=3)
    assert published.profile is published_profile(3, draws=ALL_DRAWS)
    monkeypatch.setattr(
        profiles, "DEFAULT_PROFILE_FILE", str(published_profile(8, draws=200).save(tmp_path / "own.npz"))
    )
    profiles._default.cache_clear()
    try:
        default = estimate(rows, profile="default", seed=3)
        assert default.profile.seed == 8
        assert estimate(rows, profile="default").profile is default.profile
    finally:
        profiles._default.cache_clear()
    assert estimate(rows, seed=3).profile is named_profile(profiles.DEFAULT_PROFILE, 3)


def test_profiles_that_do_not_exist(monkeypatch: pytest.MonkeyPatch) -> None:
    """A slip of the pen lists the names; a default profile that is not installed names its file and a way out."""
    rows = pd.DataFrame([exactly("a", 20)])
    with pytest.raises(ProfileError, match="no profile is called 'publised'; names are default and published"):
        estimate(rows, profile="publised")
    with pytest.raises(ProfileError, match=r"own\.npz: no such file"):
        estimate(rows, profile=Path("own.npz"))
    with pytest.raises(EstimatesError, match="give a source profile, its file, or the name of one"):
        estimate(rows, profile=18)  # type: ignore[arg-type]
    monkeypatch.setattr(profiles, "DEFAULT_PROFILE_FILE", "not_there.npz")
    profiles._default.cache_clear()
    with pytest.raises(ProfileError, match=r"not_there.npz is missing.*install the package again"):
        estimate(rows, profile="default")


def test_the_command_line_takes_a_profile_by_name_or_file(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """`--profile` gives the ranges that Python gives with the same profile; what is no profile ends in a message."""
    table = tmp_path / "reports.csv"
    table.write_text("event,source,figure\none,Monitor,18\n")
    saved = published_profile(8, draws=200).save(tmp_path / "own.npz")

    def printed(profile: object) -> tuple[int, str, str]:
        monkeypatch.setattr("sys.argv", ["estimates", "estimate", str(table), "--format=csv", f"--profile={profile}"])
        with pytest.raises(SystemExit) as ended:
            main()
        return (int(str(ended.value.code)), *capsys.readouterr())

    expected = ranges_csv(estimate(table, profile=load_profile(saved)))
    assert ranges_csv(estimate(table, profile=saved)) == expected == ranges_csv(estimate(table, profile=str(saved)))
    assert printed(saved)[:2] == (0, expected)
    assert printed("published")[1] == ranges_csv(estimate(table, profile="published")) != expected
    for wrong, message in (("publised", "no profile is called"), (tmp_path / "none.nc", "none.nc"), (table, ".csv")):
        status, out, err = printed(wrong)
        assert (status, out) == (1, "")
        assert message in err
        assert "Traceback" not in err
