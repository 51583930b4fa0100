"""Posteriors of whole tables: order, copies, ages, floors, weights, and the layers kept apart."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from helpers.tables import MIXED, answer, exactly, report
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from estimates import EstimatesError, SourceProfile, estimate
from estimates.inference import engine
from estimates.profile.profile import published_profile
from estimates.vocabulary import LAYERS


@pytest.mark.extended
@settings(max_examples=3, suppress_health_check=[HealthCheck.too_slow])
@given(order=st.permutations(range(len(MIXED))))
def test_rows_in_any_order_give_the_same_answer_to_the_last_bit(order: list[int]) -> None:
    """Permuting rows, tied, undated and coarse times included, changes no draw and no probability."""
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


@pytest.mark.parametrize("count", [1, 10, 30])
def test_identical_unattributed_figures_keep_half_the_width(count: int) -> None:
    """With copying c = .4, thirty outlets with one number leave at least half of one outlet's 90% width."""
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


def test_figures_that_no_toll_explains_do_not_vanish() -> None:
    """Forty sources, in every age bin, from one dead to a thousand million: each is improbable under every toll."""
    days = ["2020-01-15", "2020-01-16", "2020-01-20", "2020-02-01", "2020-03-01", "2020-09-01"]
    rows = [exactly(f"source {index}", 10 ** (index % 10), reported_at=days[index % 6]) for index in range(40)]
    found = answer(rows)
    assert 1 <= found["low_95"] <= found["median"] <= found["high_95"]


@pytest.mark.parametrize("number", [1, 1_000, 10_000_000, 1_000_000_000])
def test_counts_from_one_to_a_thousand_million(number: int) -> None:
    """Large counts need no special care: the figure itself lies inside the 95% range of what is documentable by now."""
    found = answer([exactly("a", number, outcome="displaced")], layer="by_now")
    assert found["low_95"] <= number <= found["high_95"]


def test_the_layers_are_ordered_draw_by_draw() -> None:
    """The documented toll never exceeds the full one, draw by draw; C = 0 stays zero; by now lies below the end as a rule."""
    found = estimate(pd.DataFrame(MIXED))
    for case in found.cases:
        now, end, full = (found.draws(case.event, case.outcome, layer) for layer in LAYERS)
        assert end.dtype == np.int64
        assert (now <= end).mean() > 0.5
        assert (end <= full).all()
        assert (full[end == 0] == 0).all()


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


def test_a_named_list_is_a_floor_and_a_figure_of_a_part_is_none() -> None:
    """Thirty verified names lift even an outlet's flat 10 to thirty or more; the floor is shown apart from the figures."""
    named = answer([exactly("a", 10), exactly("list", 30, wording="named")])
    assert named["floor"] == 30
    assert named["low_95"] >= 30
    agreeing = answer([report("a", "at_least", 25), exactly("list", 30, wording="named")])
    assert agreeing["low_95"] >= 30
    assert named["reported_high"] == 10
    subset = answer([exactly("a", 10), exactly("a", 4, group="children")])
    assert pd.isna(subset["floor"])


@pytest.mark.parametrize("names", [40, 300])
def test_a_list_of_names_alone_holds(names: int) -> None:
    """Without any outlet's figure a list of names is still a floor: little probability is left below it."""
    found = estimate(pd.DataFrame([exactly("list", names, wording="named")]))
    assert found.probability(at_least=names)["one"] > 0.9


def test_a_range_from_zero_keeps_zero() -> None:
    """ "0 to 5" leaves room for none and for every number up to five."""
    found = estimate(pd.DataFrame([report("a", "range", 0, 5, reported_at="2020-03-15")]))
    mass = found.mass("one")["probability"]
    assert mass[0] > 0.1
    assert mass[1:4].sum() > 0.1


@pytest.mark.slow
def test_large_batches_give_what_small_ones_give(monkeypatch: pytest.MonkeyPatch) -> None:
    """Working through the cases in blocks does not change an answer."""
    rows = [exactly("a", 1 + index % 40, event=f"e{index:03d}") for index in range(60)]
    whole = estimate(pd.DataFrame(rows)).ranges()
    monkeypatch.setattr(engine, "TABLE_BYTES", 5_000_000)
    blocks = estimate(pd.DataFrame(rows)).ranges()
    pd.testing.assert_frame_equal(whole, blocks, check_exact=True)


def test_a_profile_with_incomplete_draws_is_refused() -> None:
    """NaN in a draw never becomes a range."""
    parameters = dict(published_profile(0).parameters)
    parameters["kappa"] = np.where(np.arange(1_000) == 3, np.nan, parameters["kappa"])
    with pytest.raises(EstimatesError, match=r"incomplete draws.*kappa"):
        SourceProfile("broken", 0, parameters)


def test_parameters_that_cannot_be_are_refused_and_never_a_range() -> None:
    """Parameters outside their domain end in a message, not in a range of zero to zero."""
    parameters = dict(published_profile(0).parameters)
    parameters["size.killed.attack.scale"] = -parameters["size.killed.attack.scale"]
    with np.errstate(all="ignore"), pytest.raises(EstimatesError, match="draws of scale_of_size that it cannot have"):
        estimate(pd.DataFrame([exactly("a", 18)]), profile=SourceProfile("broken", 0, parameters))
