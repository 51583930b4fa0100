"""Measure: what the estimates must say of the Idlib article, over several seeds."""

from __future__ import annotations

from estimates import Estimates, estimate, load_example, read_reports

EVENT = "Idlib airstrikes"
SEEDS = range(6)


def without_warning(seed: int) -> Estimates:
    """Idlib without the statement that the number will rise."""
    table = load_example().table
    table = table.assign(figure=table["word"], provisional=False)
    return estimate(
        read_reports(table.drop(columns=["line", "words", "word", "age_low", "age_high", "subset"])), seed=seed
    )


def main() -> None:
    """Print the measure."""
    print(
        "seed  documented: median  80%         95%         P(C <= 18)  total 95%     without 'will rise' 95%   effective draws"
    )
    for seed in SEEDS:
        found = estimate(load_example(), seed=seed)
        rows = found.ranges().query("event == @EVENT and outcome == 'killed'").set_index("layer")
        calm = without_warning(seed).ranges().query("event == @EVENT and outcome == 'killed'").set_index("layer")
        c, n = rows.loc["documented"], rows.loc["total"]
        at_most_18 = 1 - found.probability("killed", at_least=19)[EVENT]
        below = sum(
            (found.draws(q.event, q.outcome, "total") < found.draws(q.event, q.outcome)).sum() for q in found.cases
        )
        print(
            f"{seed:4d}  {c['median']:18d}  {c['low_80']:3d} to {c['high_80']:3d}  {c['low_95']:3d} to {c['high_95']:3d}  {at_most_18:10.3f}"
            f"  {n['low_95']:3d} to {n['high_95']:3d}  {calm.loc['documented', 'low_95']:8d} to {calm.loc['documented', 'high_95']:3d}"
            f"  {found.provenance['effective_draws']:18.0f}"
        )
        print(
            f"      21 inside the documented 80%: {c['low_80'] <= 21 <= c['high_80']}; 18 inside the 95%: {c['low_95'] <= 18 <= c['high_95']};"
            f" draws with the full toll below the documented one: {below}"
        )


if __name__ == "__main__":
    main()
