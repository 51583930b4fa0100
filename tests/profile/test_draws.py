"""Draws in blocks: the first thousand of a profile are a profile, and stay what they were when there were no more."""

from __future__ import annotations

import hashlib
from statistics import NormalDist

import numpy as np
import pytest

from estimates.fitting.fitting import _chosen
from estimates.profile.blocks import BLOCK, generator, normal_scores
from estimates.profile.effects import Effect, SourceKey
from estimates.profile.priors import PRIORS
from estimates.profile.profile import ALL_DRAWS, DRAWS, SourceProfile, named_profile, published_profile

UNKNOWN = Effect("nobody has heard of it", "error")


def test_a_thousand_draws_are_what_they_were() -> None:
    """The published profile of 1,000 draws has the hash that the priors of today gave first; scores of new sources are those from before there were blocks."""
    assert published_profile(0).fingerprint == "f48618b307bb54e4"
    assert published_profile(3, draws=59).fingerprint == "7ef19ccffbf6be90"
    scores = hashlib.sha256(published_profile(0).scores(UNKNOWN).tobytes()).hexdigest()
    quantiles = np.array([NormalDist().inv_cdf((i + 0.5) / DRAWS) for i in range(DRAWS)])
    old = generator(0, "trait", *UNKNOWN).permutation(quantiles)
    assert scores == hashlib.sha256(old.tobytes()).hexdigest()


@pytest.mark.parametrize("name", ["kappa", "bias.spread", "scale", "low_share.ordinary", "copying", "bias.own"])
@pytest.mark.parametrize("count", [1, 999, BLOCK, BLOCK + 1, 2_500])
def test_the_first_draws_do_not_depend_on_how_many_follow(name: str, count: int) -> None:
    """Whole blocks of a sample of any family are those of a longer one."""
    drawn, longer = PRIORS[name].sample(count, 7), PRIORS[name].sample(ALL_DRAWS, 7)
    assert drawn.shape == (count,)
    whole = count // BLOCK * BLOCK
    assert drawn[:whole].tolist() == longer[:whole].tolist()


@pytest.mark.parametrize("name", ["kappa", "bias.spread", "scale", "low_share.ordinary", "bias.own"])
def test_each_block_is_stratified_and_ordered_in_its_own_way(name: str) -> None:
    """Every block holds the same quantiles, once each, in another order, independent of that of the block before."""
    blocks = PRIORS[name].sample(4 * BLOCK, 2).reshape(4, BLOCK)
    for block in blocks[1:]:
        np.testing.assert_allclose(np.sort(block), np.sort(blocks[0]), rtol=1e-12)
        assert abs(np.corrcoef(block, blocks[0])[0, 1]) < 0.1


def test_scores_of_a_part_of_a_block_are_stratified_too() -> None:
    """2,500 scores are two whole blocks and the quantiles of 500."""
    scores = normal_scores(2_500, 4, "any", "name")
    assert scores[:BLOCK].tolist() == normal_scores(BLOCK, 4, "any", "name").tolist()
    halves = [NormalDist().inv_cdf((i + 0.5) / 500) for i in range(500)]
    assert np.sort(scores[2 * BLOCK :]).tolist() == halves


def test_the_named_profile_holds_all_draws_and_begins_with_the_usual_ones() -> None:
    """ "published" has 4,000 draws; the first 1,000 of them are the published profile, sources it does not know included."""
    whole = named_profile("published", 5)
    assert whole.draws == ALL_DRAWS
    first, usual = whole.first(DRAWS), published_profile(5)
    assert first.fingerprint == usual.fingerprint
    key = SourceKey("nobody has heard of it", "monitor", "neutral")
    assert first.scores(UNKNOWN).tolist() == whole.scores(UNKNOWN)[:DRAWS].tolist()
    assert first.reporting(*key).bias.tolist() == whole.reporting(*key).bias[:DRAWS].tolist()
    assert first.growth("flood").complete_logit.tolist() == whole.growth("flood").complete_logit[:DRAWS].tolist()


def test_the_first_draws_of_a_profile_are_the_same_profile() -> None:
    """Name, facts, events and sources stay, effects are cut with the parameters, and asking again costs nothing."""
    base = published_profile(0, draws=300)
    effect = Effect("wire", "error")
    profile = SourceProfile(
        "learned", 3, base.parameters, {effect: np.arange(300.0)}, learned_from=frozenset({"0123456789abcdef"}),
        facts={"method": "nuts"},
    )  # fmt: skip
    first = profile.first(120)
    assert first is profile.first(120)
    assert profile.first(300) is profile
    assert profile.first(4_000) is profile
    assert (first.name, first.seed, first.draws) == ("learned", 3, 120)
    assert (first.learned_from, first.facts, first.sources) == (profile.learned_from, profile.facts, profile.sources)
    assert first.effects[effect].tolist() == list(range(120))
    assert all((first.parameters[name] == values[:120]).all() for name, values in profile.parameters.items())
    assert first.first(50).kappa.tolist() == profile.kappa[:50].tolist()


def test_blocks_may_end_before_a_thousand_and_each_is_a_sample_by_itself() -> None:
    """In blocks of 250, 250 and 500 the first 250 draws are a profile of 250, and those that follow are what a cut gives."""
    whole = published_profile(5, draws=2_500)
    profile, key = whole.in_blocks([250, 500]), SourceKey("nobody has heard of it", "monitor", "neutral")
    scores = profile.scores(UNKNOWN)
    assert scores[:250].tolist() == whole.first(250).scores(UNKNOWN).tolist()
    assert scores[BLOCK:].tolist() == whole.scores(UNKNOWN)[BLOCK:].tolist()

    for first, end in ((0, 250), (250, 500), (500, 1_000), (1_000, 2_500)):
        cut = profile.between(first, end)
        assert cut.draws == end - first
        assert cut.scores(UNKNOWN).tolist() == scores[first:end].tolist()
        assert cut.reporting(*key).bias.tolist() == profile.reporting(*key).bias[first:end].tolist()
        assert cut.growth("flood").slope.tolist() == profile.growth("flood").slope[first:end].tolist()
        if end <= BLOCK:
            quantiles = [NormalDist().inv_cdf((i + 0.5) / (end - first)) for i in range(end - first)]
            assert np.sort(scores[first:end]).tolist() == quantiles


def test_blocks_of_thousands_are_those_of_the_profile_itself() -> None:
    """Ends at thousands, or beyond the last draw, change nothing; to ask for the same blocks again costs nothing."""
    profile = published_profile(5, draws=2_500)
    assert profile.in_blocks([1_000, 2_000, 2_500, 4_001]) is profile
    assert profile.in_blocks([250]) is profile.in_blocks([250])
    assert profile.in_blocks([250]).in_blocks([250]) is profile.in_blocks([250])


@pytest.mark.parametrize("sampled", [700, 4_000, 8_000])
def test_a_fit_keeps_draws_of_all_chains_in_every_block(sampled: int) -> None:
    """The first 1,000 of 4,000 draws are those that a profile of 1,000 keeps, spread over all that was sampled."""
    chosen = _chosen(sampled, 4 * BLOCK, 1)
    assert chosen.shape == (4 * BLOCK,)
    for block in chosen.reshape(4, BLOCK):
        assert (np.diff(block) >= 0).all()
        assert abs(block.mean() / sampled - 0.5) < 0.05
    if sampled >= BLOCK:
        assert chosen[:BLOCK].tolist() == _chosen(sampled, BLOCK, 1).tolist()
    if sampled >= 4 * BLOCK:
        assert len(set(chosen.tolist())) == 4 * BLOCK
