"""Estimates of whole tables: order, copies, ages, weights, totals and the lines kept apart."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import oracles.brute_force as oracle
import pandas as pd
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from estimates import EstimatesError, SourceProfile, estimate, load_profile, read_reports
from estimates.cli.application import main
from estimates.cli.screen import estimates_csv
from estimates.errors import ProfileError
from estimates.inference.cases import gather
from estimates.inference.posterior import solve
from estimates.profile import profile as profiles
from estimates.profile.priors import BIN_SHARES, PRIORS
from estimates.profile.profile import named_profile, published_profile
from estimates.vocabulary import LAYERS


def report(
    source: str, wording: str, low: int | None = None, high: int | None = None, **more: object
) -> dict[str, object]:
    """One row, of one event unless told otherwise."""
    row: dict[str, object] = {
        "event": "one",
        "event_date": "2020-01-15",
        "reported_at": "2020-01-15",
        "event_type": "airstrike",
        "source": source,
        "source_type": "monitor",
        "wording": wording,
        "low": low,
        "high": high,
    }
    return row | more


def exactly(source: str, number: int, **more: object) -> dict[str, object]:
    return {**report(source, "exactly", number, number), **more}


def answer(rows: list[dict[str, object]], layer: str = "documented", **more: object) -> dict[str, object]:
    frame = estimate(pd.DataFrame(rows), **more).ranges(layers=(layer,))  # type: ignore[arg-type]
    return frame.iloc[0].to_dict()


def log_marginal_likelihood(rows: list[dict[str, object]], profile: SourceProfile) -> np.ndarray:
    cases = gather(read_reports(pd.DataFrame(rows)).estimated_reports, BIN_SHARES, None)
    return solve(cases.cases, profile, 0).log_marginal_likelihood


MIXED = [
    report("a", "at_least", 18),
    report("b", "about", 21, 21, provisional=True, source_type="rescue"),
    exactly("c", 21, reported_at="2020-01-15T09:00"),
    exactly("d", 25, reported_at="2020-01-17"),
    exactly("e", 21, reported_at=None),
    exactly("f", 30, reported_at="2020-01"),
    exactly("a", 26, reported_at="2020-01-18"),
    exactly("a", 24, reported_at="2020-01-17"),
    report("g", "none", event="two", source_type="party"),
    exactly("a", 3, event="two", group="members"),
    exactly("n", 2, event="two", wording="named"),
    report("b", "no_comment", event="three"),
    exactly("a", 82, outcome="injured"),
]


@settings(max_examples=3, suppress_health_check=[HealthCheck.too_slow])
@given(order=st.permutations(range(len(MIXED))))
def test_rows_in_any_order_give_the_same_answer_to_the_last_bit(order: list[int]) -> None:
    """Sharp test d: permuting rows, tied, undated and coarse times included, changes no draw and no probability."""
    first, second = estimate(pd.DataFrame(MIXED)), estimate(pd.DataFrame([MIXED[index] for index in order]))
    pd.testing.assert_frame_equal(first.ranges(layers=LAYERS), second.ranges(layers=LAYERS), check_exact=True)
    for case in first.cases:
        for layer in LAYERS:
            one = first.draws(case.event, case.outcome, layer)
            assert (one == second.draws(case.event, case.outcome, layer)).all()
    assert first.provenance["data_hash"] == second.provenance["data_hash"]


def test_the_same_seed_gives_the_same_answer_and_another_seed_another() -> None:
    """Answers are keyed by the seed alone, and two seeds agree to Monte Carlo error."""
    first, again, other = (answer([exactly("a", 18)], seed=seed, profile="published") for seed in (1, 1, 2))
    assert first == again
    assert first != other
    assert other["median"] == pytest.approx(first["median"], rel=0.15)


def test_other_sources_and_events_do_not_change_a_sources_draws() -> None:
    """A source unknown to the profile has one draw from its type, the same whatever else is in the table."""
    profile = published_profile(5)
    one = profile.reporting("SOHR", "monitor", "neutral").bias
    profile.reporting("another", "monitor", "neutral")
    assert (published_profile(5).reporting("SOHR", "monitor", "neutral").bias == one).all()
    assert (profile.reporting("SOHR", "monitor", "enemy").bias != one).any()


def test_attributed_quotes_and_repeats_within_a_bin_change_nothing() -> None:
    """Sharp test d: a quote of a source that speaks for itself is provenance; a source's older figure of the day is replaced."""
    plain = answer([exactly("a", 18), exactly("b", 21)])
    quoted = answer(
        [exactly("a", 18), exactly("b", 21), exactly("wire", 18, quotes="a"), exactly("paper", 18, quotes="a")]
    )
    repeated = answer([exactly("a", 18), exactly("a", 18), exactly("b", 21)])
    assert quoted == plain
    assert repeated == plain


def test_a_quote_of_a_silent_source_counts_for_that_source() -> None:
    """Two papers quoting one hospital are one figure, the hospital's; the notes say so."""
    direct = answer([exactly("hospital", 18, source_type="health")])
    typed = {"event": "two", "source_type": "health"}
    rows = [
        exactly("paper", 18, quotes="hospital"),
        exactly("wire", 18, quotes="hospital"),
        exactly("hospital", 1, **typed),
    ]
    quoted = estimate(pd.DataFrame(rows))
    assert quoted.ranges(layers=("documented",)).iloc[0]["sources"] == 1
    assert quoted.ranges(layers=("documented",)).iloc[0]["median"] == pytest.approx(direct["median"], rel=0.2)
    assert any("quotes hospital" in note for note in quoted.notes)


@pytest.mark.parametrize("count", [1, 10, 30])
def test_identical_unattributed_figures_keep_half_the_width(count: int) -> None:
    """Sharp test d: at c = .4, thirty outlets with one number leave at least half of one outlet's 90% width."""
    base = published_profile(0)
    parameters = {**base.parameters, "copying": np.full(base.draws, 0.4)}
    profile = SourceProfile("copying .4", 0, parameters)
    last_days = {"reported_at": "2020-03-15"}

    def width(sources: int) -> float:
        rows = pd.DataFrame([exactly(f"s{index:02d}", 20, **last_days) for index in range(sources)])
        found = estimate(rows, profile=profile).ranges(levels=(90,)).iloc[0]
        return float(np.log((found["high_90"] + 0.5) / (found["low_90"] + 0.5)))

    assert width(count) >= 0.5 * width(1)


@pytest.mark.slow
def test_a_thousand_sources_are_no_trouble() -> None:
    """A thousand sources of one event, many tied and equal, neither underflow nor take long."""
    rows = [exactly(f"source {index}", 15 + index % 7) for index in range(1_000)]
    found = answer(rows)
    assert 10 <= found["median"] <= 80
    assert np.isfinite(found["mean"])


@pytest.mark.parametrize("number", [1, 1_000, 10_000_000, 1_000_000_000])
def test_counts_from_one_to_a_thousand_million(number: int) -> None:
    """Large counts need no special care: the figure itself lies inside the 95% range of what is documentable by now."""
    found = answer([exactly("a", number, outcome="displaced")], layer="by_now")
    assert found["low_95"] <= number <= found["high_95"]


def test_an_event_without_any_figure_is_prior_only_and_says_so() -> None:
    """No comment is neither zero nor evidence: the range is the prior's, with a note."""
    found = estimate(pd.DataFrame([report("ministry", "no_comment")]))
    assert any("prior only" in note for note in found.notes)
    row = found.ranges().iloc[0]
    assert pd.isna(row["reported_low"])
    denial = estimate(pd.DataFrame([report("ministry", "denial")])).ranges().iloc[0]
    assert (denial["median"], denial["high_95"]) == (row["median"], row["high_95"])


def test_the_lines_are_ordered_draw_by_draw() -> None:
    """The documented toll never exceeds the full one, draw by draw; C = 0 stays zero; by now lies below the end as a rule."""
    found = estimate(pd.DataFrame(MIXED))
    for case in found.cases:
        now, end, full = (found.draws(case.event, case.outcome, layer) for layer in LAYERS)
        assert end.dtype == np.int64
        assert (now <= end).mean() > 0.5
        assert (end <= full).all()
        assert (full[end == 0] == 0).all()


def test_ranges_agree_with_draws_and_probabilities() -> None:
    """Exact quantiles, draws and P(at least k) are the same posterior, to Monte Carlo error."""
    found = estimate(pd.DataFrame(MIXED))
    for layer in LAYERS:
        row = found.ranges(layers=(layer,)).query("event == 'one' and outcome == 'killed'").iloc[0]
        drawn = found.draws("one", "killed", layer)
        assert np.mean(drawn <= row["high_80"]) == pytest.approx(0.9, abs=0.04)
        assert np.mean(drawn < row["low_80"]) <= 0.1 + 0.04
        at_least = found.probability("killed", at_least=25, layer=layer)["one"]
        assert np.mean(drawn >= 25) == pytest.approx(at_least, abs=0.05)


def test_will_rise_moves_the_upper_tail_and_leaves_the_figure_alone() -> None:
    """The provisional flag widens what is documented in the end, not what is documentable by now."""
    said, rising = ([exactly("a", 21, provisional=flag)] for flag in (False, True))
    assert answer(rising)["high_95"] > 1.1 * answer(said)["high_95"]
    assert answer(rising, layer="by_now")["high_80"] == pytest.approx(answer(said, layer="by_now")["high_80"], rel=0.1)


def test_old_figures_have_less_left_to_grow() -> None:
    """The later the figure, the closer what is documented in the end lies to it."""
    days = ["2020-01-15", "2020-01-18", "2020-02-20"]
    high = [answer([exactly("a", 100, reported_at=day)])["high_95"] for day in days]
    assert high[0] > high[1] > high[2]


def test_an_undated_figure_lies_between_an_early_and_a_late_one() -> None:
    """A figure of unknown age is a mixture over ages."""
    early, unknown, late = (
        answer([exactly("a", 100, reported_at=day)])["high_80"] for day in ("2020-01-15", None, "2020-03-20")
    )
    assert late < unknown < early


def test_as_of_leaves_out_what_came_later() -> None:
    """Estimating as of a day equals estimating from the reports made by then."""
    rows = [exactly("a", 18), exactly("b", 40, reported_at="2020-01-20")]
    cut = estimate(pd.DataFrame(rows), as_of="2020-01-15").ranges()
    alone = estimate(pd.DataFrame(rows[:1]), as_of="2020-01-15").ranges()
    pd.testing.assert_frame_equal(cut, alone)
    with pytest.raises(EstimatesError, match="as_of"):
        estimate(pd.DataFrame(rows), as_of="2020-13-40")


def test_a_named_list_is_a_hard_floor_and_a_subset_a_soft_one() -> None:
    """Thirty verified names lift even an outlet's flat 10 to thirty or more; the floor is shown apart from the figures."""
    named = answer([exactly("a", 10), exactly("list", 30, wording="named")])
    assert named["floor"] == 30
    assert named["low_80"] >= 30
    agreeing = answer([report("a", "at_least", 25), exactly("list", 30, wording="named")])
    assert agreeing["low_95"] >= 30
    assert named["reported_high"] == 10
    subset = answer([exactly("a", 10), exactly("a", 4, group="children")])
    assert subset["floor"] == 4


def test_influence_names_the_source_that_moves_the_range() -> None:
    """Leaving out the one source that says 90 moves the median most; with no source left the prior remains."""
    rows = [exactly("a", 10), exactly("b", 11), exactly("c", 90)]
    found = estimate(pd.DataFrame(rows)).influence().query("layer == 'documented'").set_index("without")
    assert found["high_80"].idxmin() == "c"
    alone = estimate(pd.DataFrame(rows[:1])).influence().query("layer == 'documented'").iloc[0]
    prior = estimate(pd.DataFrame([report("a", "no_comment")])).ranges().iloc[0]
    assert alone["median"] == prior["median"]


@pytest.mark.parametrize("name", ["published", "default"])
def test_totals_of_a_war_are_no_gross_errors_where_the_type_says_so(name: str) -> None:
    """One party's 15,000 of its own losses is believed of a campaign; without a type it looks like an error."""
    given = {"event": "war", "source": "here", "source_type": "government", "affiliation": "own", "figure": "15,000"}
    low, notes = {}, {}
    for kind in ("campaign", "unknown"):
        found = estimate([{**given, "event_type": kind}], profile=name)
        row = found.ranges(levels=(80,), layers=("documented",)).iloc[0]
        low[kind], notes[kind] = row["low_80"], [note for note in found.notes if "half of every figure" in note]
        if kind == "campaign":
            assert row["low_80"] < 15_000 < row["high_80"]
    assert low["campaign"] > 10 * low["unknown"]
    assert not notes["campaign"]
    assert notes["unknown"]


def simple_profile(draws: int) -> SourceProfile:
    """All parameters at the middle of their priors but the bias of monitors: brute force can then integrate it."""
    base = published_profile(0, draws=draws).parameters
    values = {name: np.full(draws, float(np.median(array))) for name, array in base.items()}
    values |= {"bias.spread": np.zeros(draws), "bias.monitor": base["bias.monitor"]}
    values |= {"size.killed.attack.shape": np.full(draws, 3.0), "size.killed.attack.scale": np.full(draws, 20.0)}
    return SourceProfile("one bias", 0, values)


def test_totals_share_the_bias_of_a_source() -> None:
    """Sharp test e: the total of 50 events of one biased source equals the joint posterior by brute force.

    Weighting each event by itself, or treating their errors as independent, gives a visibly narrower total.
    """
    numbers = [3, 5, 8, 10, 12, 15, 20, 7, 4, 9] * 5
    day = {"reported_at": "2020-06-01"}
    rows = [exactly("monitor", number, event=f"event {index:02d}", **day) for index, number in enumerate(numbers)]
    profile = simple_profile(4_000)
    found = estimate(pd.DataFrame(rows), profile=profile)
    assert found.provenance["profile_updated"]
    total = found.total("killed").query("layer == 'documented'").iloc[0]

    cap, prior = 260, PRIORS["bias.monitor"]
    middle = {name: float(values[0]) for name, values in profile.parameters.items()}
    biases = np.linspace(prior.first - 3.2 * prior.second, prior.first + 3.2 * prior.second, 33)
    log_weights, laws = [], []
    for bias in biases:
        parameters = oracle.Parameters(
            positive=middle["size.killed.attack.positive"],
            size_shape=3.0,
            size_scale=20.0,
            bias=float(bias),
            **{name: middle[name] for name in ("exactness", "exactness_slope", "scale", "outlier")},
            heaping=middle["heaping"],
            phantom=middle["phantom"],
        )
        size = oracle.size_prior(parameters, cap)
        log_weight, law = -0.5 * ((bias - prior.first) / prior.second) ** 2, np.ones(1)
        for number in sorted(set(numbers)):
            figure = oracle.Figure("m", "exactly", number, number)
            joint = size * [oracle.statement_likelihood(figure, parameters, c) for c in range(cap + 1)]
            repeats = numbers.count(number)
            log_weight += repeats * np.log(joint.sum())
            for _ in range(repeats):
                law = np.convolve(law, joint / joint.sum())
        log_weights.append(log_weight)
        laws.append(law)
    weights = np.exp(np.array(log_weights) - max(log_weights))
    expected = np.cumsum(weights @ np.array(laws) / weights.sum())

    def quantile(probability: float) -> int:
        return int(np.searchsorted(expected, probability))

    for name, probability in (
        ("low_95", 0.025),
        ("low_80", 0.1),
        ("median", 0.5),
        ("high_80", 0.9),
        ("high_95", 0.975),
    ):
        assert total[name] == pytest.approx(quantile(probability), rel=0.03)

    rng = np.random.default_rng(0)
    apart = sum(rng.permutation(found.draws(f"event {index:02d}")) for index in range(50))
    spread = np.quantile(apart, 0.975) - np.quantile(apart, 0.025)
    assert spread < 0.75 * (quantile(0.975) - quantile(0.025))


def test_totals_by_place_and_their_two_remainders() -> None:
    """Groups add up draw by draw; the common remainder is at least as spread as the independent one."""
    rows = [exactly("a", 5 + index, event=f"e{index}", place="north" if index % 2 else "south") for index in range(12)]
    found = estimate(pd.DataFrame(rows))
    by_place = found.total("killed", by="place")
    assert set(by_place["place"]) == {"north", "south"}
    assert (by_place["events"] == 6).all()
    whole = found.total("killed").set_index("remainder")
    independent, common = whole.loc["independent"], whole.loc["common"]
    assert common["high_95"] - common["low_95"] >= 0.95 * (independent["high_95"] - independent["low_95"])


def test_events_a_profile_was_learned_from_carry_no_weight() -> None:
    """The same evidence must not be used twice."""
    base = published_profile(0)
    learned = SourceProfile("learned", 0, base.parameters, learned_from=frozenset({"one"}))
    found = estimate(pd.DataFrame([exactly("a", 18), exactly("b", 40)]), profile=learned)
    assert found.provenance["effective_draws"] == pytest.approx(base.draws)


def test_too_many_events_leave_the_profile_as_it_was_and_say_so() -> None:
    """Where few draws agree with all events the weights are equal and the notes advise a fit."""
    rng = np.random.default_rng(4)
    rows = []
    for index in range(80):
        toll = int(rng.integers(2, 60))
        rows += [exactly("low", max(1, toll // 3), event=f"e{index}"), exactly("high", 2 * toll, event=f"e{index}")]
    found = estimate(pd.DataFrame(rows))
    assert not found.provenance["profile_updated"]
    assert any("profile not updated" in note for note in found.notes)


@pytest.mark.slow
def test_large_batches_give_what_small_ones_give() -> None:
    """Working through questions in blocks does not change an answer."""
    from estimates.inference import posterior as estimation

    rows = [exactly("a", 1 + index % 40, event=f"e{index:03d}") for index in range(60)]
    whole = estimate(pd.DataFrame(rows)).ranges()
    kept, estimation.KEPT_BYTES = estimation.KEPT_BYTES, 5_000_000
    try:
        blocks = estimate(pd.DataFrame(rows)).ranges()
    finally:
        estimation.KEPT_BYTES = kept
    pd.testing.assert_frame_equal(whole, blocks, check_exact=True)


def test_asking_for_what_is_not_there_says_what_is() -> None:
    """Wrong names of events, layers, outcomes, columns and levels are told, with what is allowed."""
    found = estimate(pd.DataFrame([exactly("a", 18)]))
    with pytest.raises(EstimatesError, match="'one', 'killed'"):
        found.draws("elsewhere")
    with pytest.raises(EstimatesError, match="by_now, documented, total"):
        found.draws("one", "killed", "everything")
    with pytest.raises(EstimatesError, match="killed, injured"):
        found.probability("dead", at_least=3)
    with pytest.raises(EstimatesError, match="no column"):
        found.total("killed", by="province")
    with pytest.raises(EstimatesError, match="per cent"):
        found.ranges(levels=(0.9, 100))
    with pytest.raises(EstimatesError, match="seed"):
        estimate(pd.DataFrame([exactly("a", 18)]), seed=-1)


def test_a_profile_with_incomplete_draws_is_refused() -> None:
    """NaN in a draw never becomes a range."""
    parameters = dict(published_profile(0).parameters)
    parameters["kappa"] = np.where(np.arange(1_000) == 3, np.nan, parameters["kappa"])
    with pytest.raises(EstimatesError, match=r"incomplete draws.*kappa"):
        SourceProfile("broken", 0, parameters)


def test_a_profile_that_gives_no_probability_is_refused_and_never_a_range() -> None:
    """Parameters outside their domain end in a message, not in a range of zero to zero."""
    parameters = dict(published_profile(0).parameters)
    parameters["size.killed.attack.scale"] = -parameters["size.killed.attack.scale"]
    with np.errstate(all="ignore"), pytest.raises(EstimatesError, match="no finite probability"):
        estimate(pd.DataFrame([exactly("a", 18)]), profile=SourceProfile("broken", 0, parameters))


@pytest.mark.parametrize("names", [40, 300])
def test_a_list_of_names_alone_holds(names: int) -> None:
    """Without any outlet's figure a list of names is still a floor: little probability is left below it."""
    found = estimate(pd.DataFrame([exactly("list", names, wording="named")]))
    assert found.probability(at_least=names)["one"] > 0.9


def test_floors_of_different_days_add_up_where_their_groups_are_disjoint() -> None:
    """Thirty women on one day and thirty children two days later are sixty people, and the range says so."""
    rows = [
        exactly("a", 30, group="women"),
        exactly("b", 30, group="children", reported_at="2020-01-17"),
        exactly("c", 31, reported_at="2020-01-17"),
    ]
    found = answer(rows, layer="by_now")
    assert found["floor"] == 60
    assert found["median"] >= 60


def test_quotes_of_those_who_give_no_figure_count_for_them() -> None:
    """A quote is dropped only where the quoted source gives a figure itself; a chain of quotes is followed to its end."""
    silent = estimate(pd.DataFrame([report("hospital", "no_comment"), exactly("paper", 40, quotes="hospital")]))
    assert silent.ranges().iloc[0]["reported_high"] == 40
    chain = [exactly("a", 40, quotes="b"), exactly("b", 40, quotes="c")]
    assert [key.source for key in estimate(pd.DataFrame(chain)).cases[0].keys] == ["c"]


def test_offsets_do_not_turn_the_order_of_time() -> None:
    """The newest figure of a source is the one made last, whatever offset the times are written with."""
    rows = [
        exactly("a", 10, reported_at="2020-01-15T10:00-05:00"),
        exactly("a", 30, reported_at="2020-01-15T20:00-05:00"),
    ]
    assert estimate(pd.DataFrame(rows)).ranges().iloc[0]["reported_high"] == 30


def test_a_range_from_zero_keeps_zero() -> None:
    """ "0 to 5" leaves room for none and for every number up to five."""
    found = estimate(pd.DataFrame([report("a", "range", 0, 5, reported_at="2020-03-15")]))
    mass = found.mass("one")["probability"]
    assert mass[0] > 0.1
    assert mass[1:4].sum() > 0.1


def test_none_beside_a_number_is_left_out_and_a_warning_stays() -> None:
    """ "None" and 18 by one source at one time is 18; a warning that the number will rise outlives a newer figure."""
    both = answer([report("a", "none"), exactly("a", 18)])
    assert both == answer([exactly("a", 18)])
    rows = [
        exactly("a", 18, provisional=True, reported_at="2020-01-15T10:00"),
        exactly("a", 20, reported_at="2020-01-15T11:00"),
    ]
    calm = [{**row, "provisional": False} for row in rows]
    assert answer(rows)["high_95"] > 1.1 * answer(calm)["high_95"]


def test_one_source_of_two_types_is_one_source() -> None:
    """A source whose type is coded in two ways within an event still replaces its own older figure."""
    rows = [
        exactly("a", 10, source_type="monitor", reported_at="2020-01-15T10:00"),
        exactly("a", 20, source_type="un", reported_at="2020-01-15T11:00"),
    ]
    assert len(estimate(pd.DataFrame(rows)).cases[0].keys) == 1


def test_events_after_the_date_asked_for_are_left_out() -> None:
    """An event that had not happened yet is not estimated, even where its report is undated."""
    rows = [exactly("a", 18), exactly("a", 3, event="later", event_date="2020-02-15", reported_at=None)]
    assert len(estimate(pd.DataFrame(rows), as_of="2020-01-20").cases) == 1


def test_ranges_far_below_all_figures_carry_a_note() -> None:
    """Where the law of sizes outweighs the reports the notes say so, for vague words as for numbers."""
    for rows in (
        [exactly("a", 1_000)],
        [report("a", "vague", figure="thousands")],
    ):
        assert any("lies below half" in note for note in estimate(pd.DataFrame(rows), profile="published").notes)
    assert not any(
        "lies below half" in note for note in estimate(pd.DataFrame([exactly("a", 10), exactly("b", 12)])).notes
    )


# Profiles by name ----------------------------------------------------------------------------------------------------


def test_a_profile_can_be_asked_for_by_name(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A name stands for the profile itself: published priors under the call's seed, or the default one's file."""
    rows = pd.DataFrame([exactly("a", 20)])
    published = estimate(rows, profile="published", seed=3)
    assert published.profile is published_profile(3)
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
    with pytest.raises(EstimatesError, match="load_profile reads one from a file"):
        estimate(rows, profile=Path("own.npz"))  # type: ignore[arg-type]
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

    expected = estimates_csv(estimate(table, profile=load_profile(saved)))
    assert printed(saved)[:2] == (0, expected)
    assert printed("published")[1] == estimates_csv(estimate(table, profile="published")) != expected
    for wrong, message in (("publised", "no profile is called"), (tmp_path / "none.nc", "none.nc"), (table, ".csv")):
        status, out, err = printed(wrong)
        assert (status, out) == (1, "")
        assert message in err
        assert "Traceback" not in err
