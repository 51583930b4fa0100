"""Measure: what the estimates must say of the Idlib article, under both profiles, over several seeds."""

from __future__ import annotations

from estimates import Estimates, estimate, load_example, read_reports
from estimates.profile.profile import PROFILE_NAMES

EVENT = "Idlib airstrikes"
SEEDS = range(6)


def without_warning(profile: str, seed: int) -> Estimates:
    """Idlib without the statement that the number will rise."""
    table = load_example().table
    table = table.assign(figure=table["word"], provisional=False)
    return estimate(
        read_reports(table.drop(columns=["line", "words", "word", "age_low", "age_high", "subset"])),
        profile=profile,
        seed=seed,
    )


def main() -> None:
    """Print the measure under both profiles that come with the package."""
    for profile in PROFILE_NAMES:
        print(f"profile {profile!r}")
        print(
            "seed  by now 80%  documented: median  80%         95%         P(C <= 18)  total: median  80%         95%"
            "         without 'will rise' 95%   power   effective draws"
        )
        for seed in SEEDS:
            line(profile, seed)


def line(profile: str, seed: int) -> None:
    """Print the figures of one profile and seed."""
    found = estimate(load_example(), profile=profile, seed=seed)
    ranges = found.ranges(layers=("by_now", "documented", "total"))
    rows = ranges.query("event == @EVENT and outcome == 'killed'").set_index("layer")
    calm = without_warning(profile, seed).ranges().query("event == @EVENT and outcome == 'killed'").set_index("layer")
    b, c, n = rows.loc["by_now"], rows.loc["documented"], rows.loc["total"]
    at_most_18 = 1 - found.probability("killed", at_least=19)[EVENT]
    weights = found.weighting().set_index("event").loc[EVENT]
    below = sum((found.draws(q.event, q.outcome, "total") < found.draws(q.event, q.outcome)).sum() for q in found.cases)
    print(
        f"{seed:4d}  {b['low_80']:3d} to {b['high_80']:3d}  {c['median']:18d}  {c['low_80']:3d} to {c['high_80']:3d}"
        f"  {c['low_95']:3d} to {c['high_95']:3d}  {at_most_18:10.3f}  {n['median']:13d}  {n['low_80']:3d} to {n['high_80']:3d}"
        f"  {n['low_95']:3d} to {n['high_95']:3d}  {calm.loc['documented', 'low_95']:8d} to {calm.loc['documented', 'high_95']:3d}"
        f"  {weights['power']:16.2f}  {weights['effective_draws']:8.0f} of {weights['draws']:,}"
    )
    print(
        f"      21 inside the documented 80%: {c['low_80'] <= 21 <= c['high_80']}; 18 inside the 95%: {c['low_95'] <= 18 <= c['high_95']};"
        f" draws with the full toll below the documented one: {below}"
    )


if __name__ == "__main__":
    main()
