"""What a call of `estimate` is asked with: a seed, a time and a profile, refused where they cannot be used."""

from __future__ import annotations

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


def known_profile(profile: SourceProfile | str | None, seed: int) -> SourceProfile:
    """The profile asked for, by itself or by its name; an EstimatesError where it is neither."""
    if isinstance(profile, SourceProfile):
        return profile
    if profile is None or isinstance(profile, str):
        return named_profile(DEFAULT_PROFILE if profile is None else profile, seed)
    raise EstimatesError(
        f"profile {profile!r}: give a source profile or the name of one; load_profile reads one from a file"
    )
