"""The layer between the documentable and the full toll can be swapped; each is a law with N >= C, and N = 0 iff C = 0."""

from __future__ import annotations

from math import exp, log

import numpy as np
import pandas as pd
import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from estimates import EstimatesError, SourceProfile, estimate
from estimates.document.document import render_html, render_markdown
from estimates.inference.undocumented import UndocumentedLayer
from estimates.models import undocumented
from estimates.models.grid import make_grid
from estimates.models.remainder import Spread
from estimates.models.undocumented import GumbelMixture, RatioLaw
from estimates.profile.profile import published_profile

STATED = {0.1: 1.0, 0.5: 1.2, 0.9: 2.0}
JUMP = {0.2: 1.0, 0.3: 1.5, 0.6: 1.5, 1.0: 3.0}
MIXTURE = GumbelMixture(np.array([0.3, 1.0, 2.5]), np.array([0.6, 0.35, 0.1]), np.array([0.2, 0.5, 0.3]))


def ratio_law(stated: dict[float, float]) -> RatioLaw:
    law = UndocumentedLayer.analyst(stated)._law
    assert isinstance(law, RatioLaw)
    return law


LAWS = [MIXTURE, ratio_law(STATED), ratio_law(JUMP), ratio_law({1.0: 1.0})]
IDS = ["mixture", "ratio with a tail", "ratio with a jump", "none"]


@pytest.fixture(scope="module")
def profile() -> SourceProfile:
    return published_profile(0, draws=300)


def table(*numbers: int) -> pd.DataFrame:
    rows = [{"event": f"e{i}", "source": "a", "wording": "exactly", "low": number} for i, number in enumerate(numbers)]
    return pd.DataFrame(rows).assign(event_date="2020-01-15", reported_at="2020-01-25", event_type="airstrike")


# The laws ------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("law", LAWS, ids=IDS)
@pytest.mark.parametrize("toll", [0, 1, 18, 2_000])
def test_draws_by_the_mechanism_follow_the_survival_function(law: GumbelMixture | RatioLaw, toll: int) -> None:
    """The simulating twin, written from the mechanism, has the tail the likelihood says; zero stays zero."""
    drawn = law.simulate(np.random.default_rng(5), np.full(20_000, toll))
    assert (drawn >= toll).all()
    if toll == 0:
        assert (drawn == 0).all()
        return
    for times in (1.0, 1.1, 1.45, 1.55, 2.0, 4.0):
        count = int(toll * times) + 1
        expected = float(law.survival(np.array(float(count)), np.array(float(toll))))
        assert (drawn >= count).mean() == pytest.approx(expected, abs=0.015)


@pytest.mark.parametrize("law", LAWS[1:], ids=IDS[1:])
@pytest.mark.parametrize("toll", [0, 1, 18, 2_000])
def test_quantiles_of_the_ratio_invert_its_survival_function(law: RatioLaw, toll: int) -> None:
    """At evenly spaced ranks the quantile function reproduces the law: increasing, never below the documented toll."""
    drawn = law.quantile((np.arange(20_000) + 0.5) / 20_000, np.full(20_000, toll))
    assert (np.diff(drawn) >= 0).all()
    assert drawn[0] >= toll
    assert (drawn == 0).all() == (toll == 0)
    if toll:
        for count in (toll + 1, int(1.3 * toll) + 1, int(1.5 * toll), 3 * toll, 10 * toll):
            expected = float(law.survival(np.array(float(count)), np.array(float(toll))))
            assert (drawn >= count).mean() == pytest.approx(expected, abs=2e-4)


def test_the_analysts_quantiles_are_met() -> None:
    """What was stated is what one gets, with the logarithm linear between: sqrt(1.2) halfway from .1 to .5."""
    law = ratio_law(STATED)
    for probability, ratio in {**STATED, 0.05: 1.0, 0.3: 1.2**0.5}.items():
        assert float(law.ratio(np.array(probability))) == pytest.approx(ratio)
        assert float(law.survival(np.array(1e9 * ratio + 1.5), np.array(1e9))) == pytest.approx(
            1 - max(probability, 0.1), abs=1e-6
        )
    # The tail goes on with the density of the last piece, .4 over log(2 / 1.2), and falls off exponentially.
    rate = 0.4 / log(2 / 1.2) / 0.1
    assert float(law.survival(np.array(3e9 + 1.5), np.array(1e9))) == pytest.approx(
        0.1 * exp(-rate * log(1.5)), rel=1e-4
    )


def test_one_component_is_the_elicited_law() -> None:
    """The mixture with the elicited numbers is the elicited law itself."""
    law = GumbelMixture(np.array([0.9]), np.array([undocumented.COMPLETE_SHARE]), np.ones(1))
    counts, tolls = np.array([2.0, 20.0, 30.0]), np.array([1.0, 18.0, 18.0])
    np.testing.assert_array_equal(law.survival(counts, tolls), undocumented.survival(counts, tolls, 0.9))
    uniforms = np.linspace(0.01, 0.99, 50)
    first = np.zeros(50, dtype=np.intp)
    tolls_drawn = np.full(50, 18)
    expected = undocumented.quantile(uniforms, tolls_drawn, np.full(50, 0.9))
    np.testing.assert_array_equal(law.quantile(uniforms, tolls_drawn, first), expected)


@pytest.mark.parametrize("law", LAWS, ids=IDS)
def test_a_law_spread_over_the_grid_is_the_sum_over_every_count(law: GumbelMixture | RatioLaw) -> None:
    """On a grid of single integers the total has P(N = n) summed over C by hand; nothing is lost."""
    grid = make_grid(relative_width=0, cap=400)
    documented = np.zeros(len(grid))
    documented[[0, 3, 20]] = 0.2, 0.3, 0.5
    found = Spread(law, grid).total(documented)
    at_least = [
        sum(p * (1.0 if n <= c else float(law.survival(np.array(float(n)), np.array(float(c))))) for c, p in ((3, 0.3), (20, 0.5)))
        for n in range(1, 101)
    ]  # fmt: skip
    assert found.sum() == pytest.approx(1.0)
    assert found[0] == pytest.approx(0.2)
    assert found[1:3].sum() == 0.0
    np.testing.assert_allclose(found.sum() - np.cumsum(found)[:100], at_least, atol=1e-5)


# Learning from enumerations ------------------------------------------------------------------------------------------


def by_hand(c: int, n: int, kappa: float, complete: float) -> float:
    """P(N = n | C = c) from the Gumbel distribution function, one number at a time."""

    def below(edge: float) -> float:  # P(C R^kappa < edge), complete or not
        ratio = (edge / c) ** (1 / kappa)
        gumbel = exp(-exp(-(ratio - 1) * c / (0.2 * c + 1.8)))
        return complete + (1 - complete) * gumbel if edge > c else 0.0

    return below(n + 0.5) - below(n - 0.5)


@pytest.mark.parametrize(("c", "n"), [(1, 1), (1, 4), (18, 18), (18, 25), (700, 910)])
def test_the_probability_of_an_enumeration(c: int, n: int) -> None:
    """One number is its probability by hand; an interval is the sum of its numbers."""
    kappa, complete = np.array([0.4, 1.3]), np.array([0.1, 0.5, 0.9])

    def value(low: int, high: int) -> np.ndarray:
        return undocumented.enumeration_log_likelihood(
            np.array([c]), np.array([low]), np.array([high]), kappa, complete
        )

    expected = [[log(by_hand(c, n, k, s)) for s in complete] for k in kappa]
    np.testing.assert_allclose(value(n, n), expected, rtol=1e-9)
    single = np.array([np.exp(value(number, number)) for number in range(c, n + 6)])
    np.testing.assert_allclose(np.exp(value(c, n + 5)), single.sum(axis=0), rtol=1e-9)
    np.testing.assert_allclose(np.exp(value(0, n + 5)), single.sum(axis=0), rtol=1e-9)


def test_learning_finds_what_the_pairs_were_made_with() -> None:
    """From pairs drawn with a known strength and share the posterior finds both; from none it stays with the prior."""
    rng = np.random.default_rng(3)
    documented = rng.integers(5, 300, 400)
    enumerated = undocumented.simulate(rng, documented, 2.0, 0.15)
    law = UndocumentedLayer.learned(pd.DataFrame({"documented": documented, "enumerated": enumerated}))._law
    assert isinstance(law, GumbelMixture)
    assert float(law.shares @ law.kappa) == pytest.approx(2.0, abs=0.25)
    assert float(law.shares @ law.complete_share) == pytest.approx(0.15, abs=0.06)
    prior = UndocumentedLayer.learned(pd.DataFrame({"documented": [], "enumerated": []}))._law
    assert isinstance(prior, GumbelMixture)
    assert float(prior.shares @ np.log(prior.kappa)) == pytest.approx(log(0.9), abs=0.03)
    assert float(prior.shares @ prior.complete_share) == pytest.approx(0.35, abs=0.01)


def test_wide_enumerations_say_less_than_exact_ones() -> None:
    """An interval around every enumeration leaves the strength wider; rows with none documented say nothing."""
    rng = np.random.default_rng(4)
    documented = rng.integers(20, 300, 60)
    exact = pd.DataFrame({"documented": documented, "enumerated": undocumented.simulate(rng, documented, 1.5)})
    wide = exact.assign(low=exact["documented"], high=2 * exact["enumerated"])
    none = pd.concat([exact, pd.DataFrame({"documented": [0, 0], "enumerated": [0, 0]})])

    def spread(pairs: pd.DataFrame) -> float:
        law = UndocumentedLayer.learned(pairs)._law
        assert isinstance(law, GumbelMixture)
        mean = law.shares @ np.log(law.kappa)
        return float(law.shares @ (np.log(law.kappa) - mean) ** 2)

    assert spread(wide) > 1.5 * spread(exact)
    assert spread(none) == spread(exact)
    gaps = exact.assign(low=[None] * len(exact))
    assert spread(gaps) == spread(exact)


@pytest.mark.parametrize(
    ("pairs", "message"),
    [
        ({"documented": [1]}, "no column enumerated"),
        ({"documented": [5, 9], "enumerated": [7, 8]}, r"rows \[1\].*fewer enumerated than documented"),
        ({"documented": [0], "enumerated": [3]}, "none is documented"),
        ({"documented": [1.5], "enumerated": [3]}, "column documented.*whole numbers"),
        ({"documented": ["x"], "enumerated": [3]}, "column documented.*whole numbers"),
        ({"documented": [2], "enumerated": [5], "low": [6]}, "outside its own low and high"),
        ({"documented": [1_000, 50], "enumerated": [10**12, 10**10]}, "cannot explain.*analyst"),
    ],
)
def test_pairs_that_cannot_be_used(pairs: dict[str, list[object]], message: str) -> None:
    """Each fault names its rows and says what to do."""
    with pytest.raises(EstimatesError, match=message):
        UndocumentedLayer.learned(pd.DataFrame(pairs))


@pytest.mark.parametrize(
    ("ratios", "message"),
    [
        ({}, "one or more quantiles"),
        ({0.0: 1.0}, "above 0"),
        ({0.5: 0.9}, "between 1 and 1,000,000"),
        ({0.5: float("nan")}, "between 1"),
        ({0.5: 2.0, 0.9: 1.5}, "fall although"),
        ({"half": 1.5}, "'half' is not a number"),
    ],
)
def test_ratios_that_cannot_be_used(ratios: dict[float, float], message: str) -> None:
    """An analyst's slip is named."""
    with pytest.raises(EstimatesError, match=message):
        UndocumentedLayer.analyst(ratios)


@given(
    st.dictionaries(st.floats(0.01, 1.0), st.floats(1.0, 50.0), min_size=1, max_size=5),
    st.integers(0, 10**9),
    st.floats(0.0, 0.999999),
)
@example({0.015625: 26.0}, 0, 0.96875)  # a tail whose logarithm is beyond what a number holds
def test_any_ratio_law_keeps_the_documented(stated: dict[float, float], toll: int, uniform: float) -> None:
    """N >= C, and N = 0 if and only if C = 0, whatever an analyst states."""
    law = ratio_law(dict(zip(sorted(stated), sorted(stated.values()), strict=True)))
    drawn = int(law.quantile(np.array([uniform]), np.array([toll]))[0])
    assert drawn >= toll
    assert (drawn == 0) == (toll == 0)


# In estimates --------------------------------------------------------------------------------------------------------


def test_without_the_undocumented_the_full_toll_is_the_documented_one(profile: SourceProfile) -> None:
    """With the layer "none" both layers agree in every range, draw, total and influence; the documented one is as ever."""
    rows = table(18, 0, 900)
    estimates, elicited = (estimate(rows, profile=profile, undocumented=name) for name in ("none", "elicited"))
    for frame, full in ((estimates.ranges(), 1), (estimates.influence(), 1), (estimates.total(by="event"), 2)):
        numbers = frame.drop(columns=["layer", "remainder"], errors="ignore")
        remainder = frame.get("remainder", pd.Series("", index=frame.index))
        parts = {key: part.reset_index(drop=True) for key, part in numbers.groupby([frame["layer"], remainder])}

        documented = parts.pop(("documented", ""))
        assert len(parts) == full
        for part in parts.values():
            pd.testing.assert_frame_equal(documented, part)

    for event in ("e0", "e1", "e2"):
        np.testing.assert_array_equal(estimates.draws(event, layer="total"), estimates.draws(event))
        np.testing.assert_array_equal(estimates.draws(event), elicited.draws(event))


def test_draws_and_masses_of_a_layer_agree(profile: SourceProfile) -> None:
    """The draws of the full toll, by quantiles, have the law of its mass, by spreading, for the laws that are swapped in."""
    pairs = pd.DataFrame({"documented": [10, 40, 100, 30], "enumerated": [13, 40, 170, 55]})
    rows = table(60)
    for layer in (UndocumentedLayer.analyst(STATED), UndocumentedLayer.learned(pairs)):
        estimates = estimate(rows, profile=profile, undocumented=layer)
        ratio = estimates.draws("e0", layer="total") / np.maximum(estimates.draws("e0"), 1)
        assert (ratio >= 1).all()
        for count in (60, 80, 120, 200):
            exact = estimates.probability(at_least=count, layer="total").loc["e0"]
            assert (estimates.draws("e0", layer="total") >= count).mean() == pytest.approx(exact, abs=0.06)
        history = estimates.history().iloc[0]
        today = estimates.ranges((80,)).set_index("layer").loc["total"]
        assert (history["total_low_80"], history["total_high_80"]) == (today["low_80"], today["high_80"])


def test_what_events_share_of_a_learned_layer_is_drawn_once(profile: SourceProfile) -> None:
    """The strength of a learned layer is one for all events: totals of two events vary more than if it were not."""
    law = GumbelMixture(np.array([0.1, 3.0]), np.array([0.0, 0.0]), np.array([0.5, 0.5]))
    layer = UndocumentedLayer("learned", "two strengths", law)
    tolls, kappa = np.full(2_000, 100), np.ones(2_000)
    rng = np.random.default_rng(1)
    one, two = (layer.quantile(rng.random(2_000), tolls, kappa, seed=4) for _ in range(2))
    # Under the strong one a toll of 100 rises above 115 with probability .55, under the weak one never.
    assert np.corrcoef(one > 115, two > 115)[0, 1] == pytest.approx(0.25 * 0.55**2 / (0.275 * 0.725), abs=0.06)


def test_every_output_says_which_layer_was_used(profile: SourceProfile) -> None:
    """Provenance, notes, the summary and both documents name the layer and say what it assumes."""
    layers = {"elicited": "elicited", "none": "none", "analyst": UndocumentedLayer.analyst(STATED)}
    hashes = set()
    for name, layer in layers.items():
        estimates = estimate(table(18), profile=profile, undocumented=layer)  # type: ignore[arg-type]
        assert estimates.provenance["undocumented"] == name
        hashes.add(estimates.provenance["undocumented_hash"])
        assert estimates.summary().attrs["undocumented"] == name
        assert f"undocumented layer {name}" in repr(estimates)
        assert any("undocumented layer" in note for note in estimates.notes) == (name != "elicited")
        for document in (render_html(estimates), render_markdown(estimates)):
            assert f"Layer “{name}”" in document
        assert estimate(table(18), profile=profile).provenance["undocumented"] == "elicited"
    assert len(hashes) == 3
    assert "×1.20 at 50%" in UndocumentedLayer.analyst(STATED).description


def test_layers_that_do_not_exist() -> None:
    """A name that needs data says how to give it."""
    with pytest.raises(EstimatesError, match=r"write elicited or none, or give UndocumentedLayer.learned"):
        estimate(table(18), undocumented="learned")
