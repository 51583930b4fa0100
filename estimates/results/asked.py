"""What a call of `estimate` is asked with: a seed, a time and a profile, refused where they cannot be used."""

from __future__ import annotations

import os
from pathlib import Path

from estimates.errors import EstimatesError
from estimates.profile.profile import DEFAULT_PROFILE, SourceProfile, named_profile
from estimates.table.dates import Time, parse_time


def check_seed(seed: int) -> None:
    """Raise an EstimatesError unless a seed is a whole number of zero or more."""
    if isinstance(seed, bool) or not isinstance(seed, int) or seed < 0:
        raise EstimatesError(f"seed {seed!r}: write a whole number of zero or more")


def time_of(as_of: str | None) -> Time | None:
    """The time asked for; an EstimatesError where it is none."""
    try:
        return None if as_of is None else parse_time(str(as_of))
    except ValueError as error:
        raise EstimatesError(f"as_of: {error}") from None


def known_profile(profile: SourceProfile | str | os.PathLike[str] | None, seed: int) -> SourceProfile:
    """The profile asked for, by itself, by its file or by its name; an EstimatesError where it is none of these."""
    if isinstance(profile, SourceProfile):
        return profile
    if isinstance(profile, os.PathLike) or (isinstance(profile, str) and Path(profile).suffix):
        from estimates.profile.storage import load_profile

        return load_profile(profile)
    if profile is None or isinstance(profile, str):
        return named_profile(DEFAULT_PROFILE if profile is None else profile, seed)
    raise EstimatesError(f"profile {profile!r}: give a source profile, its file, or the name of one")
