"""Measure: what halving and doubling the scale of each prior does to the Idlib ranges; writes docs/decisions/priors.md.

With ``--table`` the page tells the distributions alone, and says of the effects that they are to be measured.
"""

from __future__ import annotations

import sys
from pathlib import Path

from estimates import estimate, load_example
from estimates.models.reporting import GROSS_FALL
from estimates.models.undocumented import COMPLETE_SHARE, SCALE_CONSTANT, SCALE_SHARE
from estimates.models.wording import (
    ABOUT_ROUND,
    ABOUT_UNROUND,
    AT_LEAST_HOLDS,
    MORE_THAN_REACH,
    NEARLY_REACH,
    RANGE_END,
    UP_TO_HOLDS,
    UP_TO_SHIFT,
    VAGUE_WORDS,
)
from estimates.profile.priors import BIN_SHARES, PRIORS
from estimates.profile.profile import ALL_DRAWS, DRAWS, published_profile

#: Effects of a prior that the example does not touch, and before they were measured.
UNTOUCHED, UNMEASURED = ("no change", "no change"), ("not measured", "not measured")
EVENT = "Idlib airstrikes"
TARGET = Path(__file__).resolve().parents[2] / "docs" / "decisions" / "priors.md"
HEAD = """# The published priors

Every prior of the package, its distribution, where it comes from, and what halving and doubling its scale (the standard
deviation, of the log or logit where the family says so; for a beta law by changing its sample size fourfold) does to the
80% ranges of the dead of the Idlib example. Written by `tests/measures/priors.py` from `estimates/profile/priors.py`, seed 0; changes of
a few per cent are Monte Carlo error, since the draws that carry weight change as well. A prior that the example does not
touch shows no change. An asterisk marks ranges for which the first 1,000 draws left fewer than 100 effective ones (or a Pareto
shape above .7), so that all 4,000 were used: there the change is also that from one set of draws to the other. A dagger marks
ranges for which all 4,000 were too few, so that the likelihood of the reports was raised to a power below one.

Families: `normal(mean, sd)`; `positive-normal(mean, sd)` cut at zero; `half-normal(sd)`; `lognormal(median, sd of the log)`;
`logit-normal(median, sd of the logit)`; `beta(a, b)`.
"""
TAIL = """
## What is fixed, not drawn

| what | value | basis |
|---|---|---|
| shares of ages of undated figures, by documentation bin | {bin_shares} | judged; between curated disasters and MAVERICK |
| "at least y" said by a source that holds y | {at_least} | judged; in MAVERICK such headlines sit at the event's median |
| "up to y" said by a source that holds y; its shift | {up_to}; {up_shift} | judged |
| a range said around one of its ends | {range_end} | judged |
| "about": half-width on round and unround numbers | {about_round}, {about_unround} | Ferson et al. 2015, hedge words read by people |
| "more than y" reaches to, "nearly y" begins at | {more} y, {nearly} y | the same |
| floor: names and bodies bind | no error | nobody whose name is known can be counted away |
| nothing undocumented; scale of the Gumbel law | {complete}; {share} C + {constant} | {vesco} |
| gross errors: scale of their logistic law on log counts, below and above the count | 1, 1/{fall} | judged; faster than sizes fall |

Vague words (membership rises from the first number to the second, falls from the third to the fourth; judged from usage and
from the coding rules of ACLED and UCDP):

| word | rises from | full from | full to | ends at |
|---|---|---|---|---|
{vague}
"""


def main(*, measured: bool = True) -> None:
    """Print the effects and write the page."""
    reports = load_example()

    def ranges(scales: dict[str, float]) -> tuple[str, str]:
        estimates = estimate(reports, profile=published_profile(0, draws=ALL_DRAWS, scales=scales))
        found = estimates.ranges(levels=(80,))
        weights = estimates.weighting().set_index("event").loc[EVENT]
        mark = "†" if weights["power"] < 1.0 else "*" if weights["draws"] > DRAWS else ""
        rows = found[(found["event"] == EVENT) & (found["outcome"] == "killed")].set_index("layer")
        documented, total = (
            f"{rows.loc[name, 'low_80']} to {rows.loc[name, 'high_80']}{mark}" for name in ("documented", "total")
        )
        return documented, total

    base = ranges({}) if measured else ("", "")
    lines = [HEAD]
    lines += (
        [f"With all priors as published: documented in the end {base[0]}, full toll {base[1]} killed.\n"]
        if measured
        else []
    )
    lines += [
        "| prior | distribution | basis | documented, halved / doubled | full toll, halved / doubled |",
        "|---|---|---|---|---|",
    ]
    for name, prior in PRIORS.items():
        half, double = (ranges({name: 0.5}), ranges({name: 2.0})) if measured else (base, base)
        touched = (half, double) != (base, base)
        cells = (
            (f"{half[0]} / {double[0]}", f"{half[1]} / {double[1]}")
            if touched
            else (UNTOUCHED if measured else UNMEASURED)
        )
        lines.append(f"| `{name}` | {prior.describe()} | {prior.basis} | {cells[0]} | {cells[1]} |")
        print(lines[-1])
    vague = "\n".join(
        f"| {word} | " + " | ".join(f"{n:,}" for n in numbers) + " |" for word, numbers in VAGUE_WORDS.items()
    )
    lines.append(
        TAIL.format(
            bin_shares=", ".join(f"{share:g}" for share in BIN_SHARES),
            at_least=AT_LEAST_HOLDS,
            up_to=UP_TO_HOLDS,
            up_shift=UP_TO_SHIFT,
            range_end=RANGE_END,
            about_round=ABOUT_ROUND,
            about_unround=ABOUT_UNROUND,
            more=MORE_THAN_REACH,
            nearly=NEARLY_REACH,
            fall=f"{GROSS_FALL:g}",
            complete=COMPLETE_SHARE,
            share=SCALE_SHARE,
            constant=SCALE_CONSTANT,
            vesco=PRIORS["kappa"].basis,
            vague=vague,
        )
    )
    TARGET.write_text("\n".join(lines), encoding="utf-8")
    print(f"written: docs/decisions/{TARGET.name}")


if __name__ == "__main__":
    main(measured="--table" not in sys.argv[1:])
