"""Totals over events share what the events share."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from tempfile import TemporaryDirectory

import numpy as np
import oracles.brute_force as oracle
import pandas as pd
import pytest
from helpers.small_events import small_events
from helpers.tables import exactly, report

from estimates import SourceProfile, estimate
from estimates.inference import joint, side_by_side, summing, totals
from estimates.inference.joint import Joint, Laws, Member, Sums
from estimates.inference.solved import Solved
from estimates.pieces import Pieces
from estimates.profile.priors import PRIORS
from estimates.profile.profile import published_profile


def simple_profile(draws: int) -> SourceProfile:
    """All parameters at the middle of their priors but the bias of monitors: brute force can then integrate it."""
    base = published_profile(0, draws=draws).parameters
    values = {name: np.full(draws, float(np.median(array))) for name, array in base.items()}
    values |= {
        "bias.spread": np.zeros(draws),
        "bias.monitor": base["bias.monitor"],
        "shared_error": np.full(draws, 1e-9),
    }
    values |= {"size.killed.attack.shape": np.full(draws, 3.0), "size.killed.attack.scale": np.full(draws, 20.0)}
    return SourceProfile("one bias", 0, values)


def cumulative_by_brute_force(numbers: list[int], profile: SourceProfile, cap: int = 260) -> np.ndarray:
    """P(total <= n) for n = 0, 1 ..., given exact numbers by one monitor: a sum over its bias and over every toll."""
    prior = PRIORS["bias.monitor"]
    biases = np.linspace(prior.first - 3.2 * prior.second, prior.first + 3.2 * prior.second, 33)

    log_weights, laws = [], []
    for bias in biases:
        parameters = with_bias(profile, float(bias))
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
    return np.cumsum(weights @ np.array(laws) / weights.sum())


def with_bias(profile: SourceProfile, bias: float) -> oracle.Parameters:
    """The parameters that a simple profile has in every draw, with one bias."""
    middle = {name: float(values[0]) for name, values in profile.parameters.items()}
    return oracle.Parameters(
        positive=middle["size.killed.attack.positive"],
        size_shape=3.0,
        size_scale=20.0,
        bias=bias,
        **{name: middle[name] for name in ("exactness", "exactness_slope", "scale", "outlier")},
        heaping=middle["heaping"],
        phantom=middle["phantom"],
    )


NUMBERS = [3, 5, 8, 10, 12, 15, 20, 7, 4, 9] * 5
ENDS = {"low_95": 0.025, "low_80": 0.1, "median": 0.5, "high_80": 0.9, "high_95": 0.975}


def fifty_events() -> pd.DataFrame:
    """Exact numbers by one monitor, long after the events."""
    day = {"reported_at": "2020-06-01"}
    return pd.DataFrame(
        [exactly("monitor", number, event=f"event {index:02d}", **day) for index, number in enumerate(NUMBERS)]
    )


def documented(total: pd.DataFrame) -> pd.Series:
    return total.query("layer == 'documented'").iloc[0]


def width(row: pd.Series, prefix: str = "") -> float:
    """Of the 95% range."""
    return float(row[f"{prefix}high_95"] - row[f"{prefix}low_95"])


@pytest.mark.extended
def test_totals_share_the_bias_of_a_source() -> None:
    """Sharp test e: the total of 50 events of one biased source equals the joint posterior by brute force.

    Treating their errors as independent gives a visibly narrower total, which stands beside it; with all the published
    priors nothing is known better, and the total is no narrower.
    """
    profile = simple_profile(4_000)
    total = documented(estimate(fifty_events(), profile=profile).total("killed"))
    assert total["t"] == 1.0
    assert total["effective_draws"] >= 100

    expected = cumulative_by_brute_force(NUMBERS, profile)
    quantiles = {name: int(np.searchsorted(expected, probability)) for name, probability in ENDS.items()}
    for name, quantile in quantiles.items():
        assert total[name] == pytest.approx(quantile, rel=0.03)

    joint = quantiles["high_95"] - quantiles["low_95"]
    assert width(total, "independent_") < 0.75 * joint
    assert width(documented(estimate(fifty_events(), profile="published").total("killed"))) >= joint


def test_the_total_of_one_event_is_its_range() -> None:
    """To the last bit, in all layers; so are totals by event, each with the event's own weights."""
    rows = [exactly("a", 18), exactly("b", 40), exactly("a", 7, event="two"), exactly("c", 3, outcome="injured")]
    found = estimate(pd.DataFrame(rows))
    ranges = found.ranges().query("outcome == 'killed'").set_index(["event", "layer"])
    weighting = found.weighting().set_index("event")
    for _, row in found.total("killed", by="event").iterrows():
        expected = ranges.loc[(row["event"], row["layer"])]
        assert row["events"] == 1
        assert row["t"] == weighting.loc[row["event"], "power"]
        for name in (*ENDS, "low_50", "high_50"):
            assert row[name] == expected[name]
            if name.startswith(("low", "high")):
                assert row[f"independent_{name}"] == expected[name]

    alone = estimate(pd.DataFrame([*rows[:2], rows[3]])).total("killed")
    for name in ENDS:
        assert alone[name].tolist() == found.total("killed", by="event").query("event == 'one'")[name].tolist()


def certain_of_none() -> SourceProfile:
    """A profile whose sources say none only where there is none, and under each draw of which that is as probable."""
    base = published_profile(0)
    never = np.full(base.draws, 1e-12)
    names = [name for name in base.parameters if name in ("none_party", "none_stated", "none_coded")]
    as_often = {
        name: np.full(base.draws, np.median(values))
        for name, values in base.parameters.items()
        if name.startswith("size") and name.endswith("positive")
    }
    return SourceProfile("certain", 0, {**base.parameters, **dict.fromkeys([*names, "phantom"], never), **as_often})


@pytest.mark.extended
def test_an_event_that_is_certainly_zero_adds_nothing_to_a_total() -> None:
    """The total of an event and of one in which nobody died is the range of the first, within 2% or one."""
    rows = [
        exactly("a", 18),
        exactly("b", 30),
        report("c", "none", event="two", reported_at="2020-06-01"),
    ]
    found = estimate(pd.DataFrame(rows), profile=certain_of_none())
    assert found.mass("two")["probability"][0] > 1.0 - 1e-6
    ranges = found.ranges().query("event == 'one'").set_index("layer")
    for _, row in found.total("killed").iterrows():
        assert row["events"] == 2
        for name in ENDS:
            expected = ranges.loc[row["layer"], name]
            assert row[name] == pytest.approx(expected, rel=0.02, abs=1.0)
            if name != "median":
                assert row[f"independent_{name}"] == pytest.approx(expected, rel=0.02, abs=1.0)


def test_all_outcomes_of_the_events_weigh_in_a_total() -> None:
    """What a source says of the injured bears on the total of those killed, and an outcome nobody speaks of does not."""
    rows = [exactly("a", 10 + index, event=f"e{index}") for index in range(3)]
    injured = [exactly("a", 500, event=f"e{index}", outcome="injured") for index in range(3)]
    injured += [exactly(f"b{source}", 40, event="e0", outcome="injured") for source in range(3)]
    alone, among = (estimate(pd.DataFrame(each)) for each in (rows, rows + injured))
    assert alone.total("killed")["effective_draws"].iloc[0] > among.total("killed")["effective_draws"].iloc[0]
    assert alone.total("injured").empty


def test_no_total_rests_on_fewer_than_a_hundred_draws() -> None:
    """Events that contradict one another take the largest power that their draws bear, and the total says which."""
    rows = [
        exactly(source, number * (1 + index), event=f"e{index}", source_type=kind)
        for index in range(7)
        for source, kind, number in (("low", "government", 3), ("high", "party", 40), ("middle", "rescue", 12))
    ]
    total = estimate(pd.DataFrame(rows)).total("killed")
    assert (total["t"] < 1.0).all()
    assert (total["effective_draws"] >= 100).all()
    assert total["t"].nunique() == 1


def test_seeds_move_the_ends_of_a_total_by_less_than_two_per_cent() -> None:
    """Tolls are drawn so often that chance has no say."""
    rows = pd.DataFrame([exactly("abc"[index % 3], 5 + 7 * index, event=f"e{index}") for index in range(7)])
    profile = published_profile(0)
    one, other = (estimate(rows, profile=profile, seed=seed).total("killed") for seed in (0, 1))
    for name in ENDS:
        np.testing.assert_allclose(one[name], other[name], rtol=0.02)


def mean_correlation(tolls: np.ndarray) -> float:
    """Mean of the correlations between the logarithms of the columns of an array (draws, events)."""
    matrix = np.corrcoef(np.log1p(tolls).T)
    return float(matrix[np.triu_indices(len(matrix), 1)].mean())


def test_joint_draws_are_what_a_total_sums() -> None:
    """Rows of joint draws add up to the total, and tolls counted by one source rise and fall together."""
    found = estimate(fifty_events(), profile=simple_profile(1_000))
    total, draws = documented(found.total("killed")), found.joint_draws()
    assert draws.shape == (1_000, 50)
    for name, probability in ENDS.items():
        assert np.quantile(draws.sum(axis=1), probability) == pytest.approx(total[name], rel=0.05)

    chosen = found.joint_draws(["event 03", "event 01"], layer="total")
    assert chosen.columns.tolist() == ["event 03", "event 01"]
    names = [f"event {index:02d}" for index in range(50)]
    together, apart = draws[names].to_numpy(), np.stack([found.draws(name) for name in names], axis=1)
    assert mean_correlation(together) > 0.03
    assert abs(mean_correlation(apart)) < 0.01


def test_totals_of_many_events_are_summed_from_kept_draws() -> None:
    """Of very many cases no posterior is worked out anew; the total is that of the same events in the other way."""
    rows = pd.DataFrame(
        [
            exactly("monitor", NUMBERS[index % 50], event=f"e{index:02d}", reported_at="2020-06-01")
            for index in range(66)
        ]
    )
    found = estimate(rows, profile=simple_profile(1_000))
    anew = documented(found.total("killed"))
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(joint, "FEW_CASES", 65)
        kept = documented(found.total("killed"))
    assert kept["t"] == anew["t"]
    for name in ENDS:
        assert kept[name] == pytest.approx(anew[name], rel=0.04)


def test_totals_by_place_and_their_two_remainders() -> None:
    """Groups add up draw by draw; the common remainder is at least as spread as the independent one."""
    rows = [exactly("a", 5 + index, event=f"e{index}", place="north" if index % 2 else "south") for index in range(12)]
    found = estimate(pd.DataFrame(rows))
    by_place = found.total("killed", by="place")
    assert set(by_place["place"]) == {"north", "south"}
    assert (by_place["events"] == 6).all()

    whole = found.total("killed").query("accounts == 'independent'").set_index("remainder")
    independent, common = whole.loc["independent"], whole.loc["common"]
    assert common["high_95"] - common["low_95"] >= 0.95 * (independent["high_95"] - independent["low_95"])


@pytest.mark.parametrize("few_cases", [400, 3])
def test_totals_are_the_same_however_they_are_worked_out(few_cases: int, monkeypatch: pytest.MonkeyPatch) -> None:
    """To the last bit: in pieces of any size, kept or found, with laws in memory or not, on any number of threads."""
    rows = [exactly("a", 5 + index, event=f"e{index}", place="north" if index % 2 else "south") for index in range(7)]
    found, by = estimate(pd.DataFrame(rows)), [None, "place"]
    monkeypatch.setattr(joint, "FEW_CASES", few_cases)
    monkeypatch.setattr(joint, "MOST_JOINT", 3_000)
    expected = found.totals(by)

    with TemporaryDirectory() as folder:
        for tolls, room, cores in ((1, 0, 1), (9_000, 10**9, 2), (9_000, 0, 3)):
            monkeypatch.setattr(totals, "TOLLS_IN_A_PIECE", tolls)
            monkeypatch.setattr(joint, "TABLE_BYTES", room)
            monkeypatch.setattr(side_by_side, "available_cores", lambda cores=cores: cores)
            for _ in range(2):
                pieces = Pieces.taken_up(Path(folder), "work")
                tables = totals.total_tables(found._solved, found.reports.table, "killed", by, pieces=pieces)
                for now, before in zip(tables, expected, strict=True):
                    pd.testing.assert_frame_equal(now, before, check_exact=True)


def test_groups_of_the_same_events_are_summed_once(monkeypatch: pytest.MonkeyPatch) -> None:
    """Where all events have one place, their total by place is that of all events."""
    found = estimate(pd.DataFrame([exactly("a", 5 + index, event=f"e{index}", place="north") for index in range(3)]))
    summed, sums = list[int](), totals.sums_of_joints

    def counted(solved: Solved, members: Sequence[Member], joints: Sequence[Joint], laws: Laws) -> list[Sums]:
        summed.append(len(members))
        return sums(solved, members, joints, laws)

    monkeypatch.setattr(totals, "sums_of_joints", counted)
    whole, by_place = found.totals([None, "place"])
    assert summed == [3]
    assert by_place["place"].unique().tolist() == ["north"]
    pd.testing.assert_frame_equal(by_place.drop(columns="place"), whole.drop(columns="group"), check_exact=True)


def test_events_without_a_place_are_a_group_of_their_own() -> None:
    """Where some events have a place and others none, these are summed under no name."""
    rows = [exactly("a", 5 + index, event=f"e{index}", place="north" if index else None) for index in range(3)]
    by_place = estimate(pd.DataFrame(rows)).total("killed", by="place").drop_duplicates("place").set_index("place")
    assert by_place["events"].to_dict() == {"": 1, "north": 2}


def test_a_fit_is_advised_where_the_draws_bear_little() -> None:
    """Totals with a power below one half carry the advice to fit a profile, and name their groups; others carry none."""
    found = estimate(small_events(20))
    total = found.total()
    assert float(total["t"].iloc[0]) < summing.ADVISED_BELOW
    assert total.attrs["advice"].startswith("all events: ")
    assert "fit a profile" in total.attrs["advice"]
    assert "advice" not in found.total(by="event").attrs
