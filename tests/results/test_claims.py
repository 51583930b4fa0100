"""A claim put to the estimates: its probability by every wording, where it lies, and what would have to be true."""

from __future__ import annotations

import json
import re
from functools import cache
from pathlib import Path

import numpy as np
import pytest
from helpers.claims import EVENTS, KNOWN, KnownClaim, estimated
from helpers.tables import exactly, report
from hypothesis import given, settings
from hypothesis import strategies as st

from estimates import Estimates, EstimatesError, estimate, load_example
from estimates.profile.profile import published_profile
from estimates.results.claims import Claim
from estimates.vocabulary import LAYERS

DOCUMENT = Path(__file__).parents[2] / "docs" / "claims.md"


@cache
def ordinary() -> Estimates:
    """Two events under published priors, one of them of several outcomes and with a list of names."""
    rows = [
        report("a", "at_least", 18),
        report("b", "about", 21, 21, source_type="rescue"),
        exactly("c", 40, reported_at="2020-01-17", outcome="injured"),
        exactly("list", 12, wording="named", event="two <b>", reported_at="2020-01-18"),
        exactly("a", 14, event="two <b>"),
        exactly("d", 25, event="two <b>", at_risk=30),
    ]
    return estimate(rows, profile=published_profile(0, draws=300))


def of_layer(claim: Claim, layer: str) -> float:
    """The probability that a claim holds of one layer."""
    return claim.layers[LAYERS.index(layer)].probability


# Its probability ------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("known", KNOWN, ids=lambda known: f"{known.event}: {known.words}, {known.layer}")
def test_claims_with_known_answers(known: KnownClaim) -> None:
    """Thirty claims have the probability that a sum over every integer gives to the tolls written down by hand."""
    found = of_layer(estimated().claim(known.event, known.words), known.layer)
    assert found == pytest.approx(known.answer, abs=2e-4)


@settings(max_examples=20)
@given(
    event=st.sampled_from(sorted(EVENTS)),
    numbers=st.lists(st.integers(1, 1_000_000), min_size=2, max_size=2, unique=True),
    layer=st.sampled_from(LAYERS),
)
def test_the_larger_the_number_the_less_probable(event: str, numbers: list[int], layer: str) -> None:
    """P(at least n) never rises with n, is P(n or more) of `Estimates.probability`, and is one less P(fewer than n)."""
    small, large = sorted(numbers)
    found = {n: estimated().claim(event, f"at least {n}") for n in (small, large)}
    assert of_layer(found[large], layer) <= of_layer(found[small], layer) + 1e-12
    for n, claim in found.items():
        asked = estimated().probability("killed", at_least=n, layer=layer)[event]
        fewer = of_layer(estimated().claim(event, f"fewer than {n}"), layer) if n > 1 else 1.0 - asked
        assert of_layer(claim, layer) == pytest.approx(asked, abs=1e-12)
        assert fewer == pytest.approx(1.0 - asked, abs=1e-9)


def test_a_plain_number_has_both_sides() -> None:
    """P(n or more) and P(n or fewer) overlap by P(n), whichever layer; ends that a claim lacks are certain."""
    for layer in estimated().claim("one source", "20 killed").layers:
        assert layer.at_least + layer.at_most == pytest.approx(1.0 + layer.probability, abs=1e-9)
    (_, at_least, _), (_, at_most, _) = (
        estimated().claim("one source", words).layers for words in ("at least 20", "at most 20")
    )
    assert (at_least.at_least, at_least.at_most) == (at_least.probability, 1.0)
    assert at_most.at_least == pytest.approx(1.0)
    assert at_most.at_most == pytest.approx(at_most.probability)


def test_wide_cells_are_shared_out_as_elsewhere() -> None:
    """A range inside a cell of several tolls has its share of the cell: ranges that meet add up to the whole."""
    found = ordinary()
    parts = [of_layer(found.claim("one", f"{low:,} to {low + 9:,}"), "documented") for low in range(2_000, 2_100, 10)]
    whole = of_layer(found.claim("one", "2,000 to 2,099"), "documented")
    assert sum(parts) == pytest.approx(whole, rel=1e-9)
    between = [found.probability("killed", at_least=n)["one"] for n in (2_000, 2_100)]
    assert whole == pytest.approx(between[0] - between[1], rel=1e-6)


# Where it lies --------------------------------------------------------------------------------------------------------


@settings(max_examples=20)
@given(number=st.integers(1, 400))
def test_where_a_number_lies_agrees_with_the_ranges(number: int) -> None:
    """Inside a range is at or between its ends, in words and by level; below and above are outside the widest."""
    rows = {row["layer"]: row for row in ordinary().ranges(layers=LAYERS).query("outcome == 'killed'").to_dict("records") if row["event"] == "one"}  # fmt: skip
    for layer in ordinary().claim("one", number).layers:
        row = rows[layer.layer]
        inside = {level: row[f"low_{level}"] <= number <= row[f"high_{level}"] for level in ("50", "80", "95")}
        assert dict(layer.inside) == inside
        held = [level for level, is_held in inside.items() if is_held]
        outside = "below" if number < row["median"] else "above"
        assert layer.lies == (f"inside the {held[0]}% range" if held else f"{outside} the 95% range")


def test_open_claims_lie_where_their_number_does() -> None:
    """Of "at least 5" it is told where five lies; of a range where the number nearest to the median does."""
    claim = ordinary().claim("one", "at least 5")
    assert [(layer.number, layer.lies) for layer in claim.layers] == [(5, "below the 95% range")] * 3
    median = claim.layers[1].median
    assert ordinary().claim("one", "10 to 400").layers[1].number == median
    assert ordinary().claim("one", "100 to 400").layers[1].number == 100
    assert ordinary().claim("one", "2 to 9").layers[1].number == 9


def test_names_and_people_at_risk_exclude() -> None:
    """Below the names a claim is impossible on every layer, above the people at risk too; from the names on certain."""
    below, above = (ordinary().claim("two <b>", words) for words in ("11 killed", "at least 31"))
    for claim in (below, above):
        assert claim.impossible
        assert [layer.probability for layer in claim.layers] == [0.0] * 3
        assert claim.suppositions == ()
        assert len(claim.sentences) == 1
    assert "lists name 12" in below.verified
    assert "30 were at risk" in above.verified

    certain = ordinary().claim("two <b>", "at least 12")
    assert not certain.impossible
    assert certain.verified.startswith("Certain")
    assert of_layer(certain, "total") == pytest.approx(1.0)


# What would have to be true -------------------------------------------------------------------------------------------


def test_a_claim_above_the_reports_says_what_each_way_would_take() -> None:
    """Factors, shares and standard deviations of a claim of 500 are those worked out by hand from medians and biases."""
    claim = ordinary().claim("one", "500 killed")
    by_now, documented, total = (layer.median for layer in claim.layers)
    assert [source.source for source in claim.sources] == ["b", "a"]
    for source, said in zip(claim.sources, (21, 18), strict=True):
        bias = ordinary().profile.reporting(source.source, source.source_type, "neutral").bias
        assert source.factor == pytest.approx(500 / said)
        assert source.deviations == pytest.approx((-np.log(500 / said) - bias.mean()) / bias.std(), rel=1e-6)

    needs = {need.what: need for need in claim.needs}
    assert needs["sources"].factor == pytest.approx(500 / 21)
    assert needs["shared_error"].factor == pytest.approx(500 / documented)
    assert "4 times at most" in needs["shared_error"].sentence
    assert needs["later"].share == pytest.approx(1 - by_now / 500)
    assert needs["later"].as_estimated == pytest.approx(1 - by_now / documented)
    assert needs["undocumented"].share == pytest.approx(1 - documented / 500)
    assert needs["undocumented"].as_estimated == pytest.approx(1 - documented / total)
    assert 0.0 < (needs["undocumented"].probability or 0.0) < 1e-3


def test_a_claim_below_the_reports_is_not_explained_by_the_undocumented() -> None:
    """Fewer dead than reported need too many counted: nobody is documented later or never."""
    claim = ordinary().claim("one", "5 killed")
    assert {need.what for need in claim.needs} == {"sources", "shared_error"}
    assert "too many" in claim.needs[0].sentence
    assert all((source.deviations or 0.0) > 0.0 for source in claim.sources)


def test_a_claim_that_allows_the_median_needs_nothing() -> None:
    """Where the claim holds for the median that is documented in the end, nothing unusual has to be true."""
    claim = ordinary().claim("one", "at least 5")
    assert claim.needs == ()
    assert claim.sentences == (
        f"Nothing unusual has to be true: it allows {claim.layers[1].median}, the median documented in the end.",
    )


def test_sources_that_give_no_number_have_no_bias_that_explains() -> None:
    """Against "none" a claim makes the source wrong about anybody; a claim of nobody does so to those with numbers."""
    some, none = estimated().claim("nobody", "5 killed"), estimated().claim("one source", "nobody was killed")
    assert "2 sources would have said that there is nobody" in some.needs[0].sentence
    assert some.sources == none.sources == ()
    assert "1 source would speak of dead where none are" in none.needs[0].sentence


def test_supposing_a_claim_moves_the_biases_of_the_sources() -> None:
    """Fewer dead make sources over-report and more dead under-report, against what the reports alone make of them."""
    few, many = ordinary().claim("one", "at most 9"), ordinary().claim("one", "at least 40")
    for source in few.sources:
        assert source.bias_if_documented is not None
        assert source.bias_if_documented > source.bias_as_estimated
    for source in many.sources:
        assert source.bias_if_documented is not None
        assert source.bias_if_documented < source.bias_as_estimated


# What cannot be put ---------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("words", "told"),
    [
        ("no civilians killed", "leaves the others open; write a number"),
        ("5 children killed", r"about a part \(children\)"),
        ("denied", "no number"),
        ("no comment", "no number"),
        ("not confirmed", "no number"),
        ("500 wounded", "outcome=injured"),
        ("5 tanks destroyed", "other than people|something else|unclear"),
        ("", "no words"),
        ("n/a", "no figure"),
        (12.5, "not a whole number"),
        (True, "not a count"),
        ("\ud800\x1b[31m500", "."),
    ],
)
def test_what_is_no_claim_is_told_with_what_to_write(words: str, told: str) -> None:
    """Parts, silence, other outcomes and what no number can be read from are refused in a sentence, with advice."""
    with pytest.raises(EstimatesError, match=told) as refused:
        ordinary().claim("one", words)
    assert "row" not in str(refused.value)


def test_events_and_outcomes_without_an_estimate_are_told() -> None:
    """A name that is nearly one of an event's is answered with it; outcomes that are not estimated with those that are."""
    with pytest.raises(EstimatesError, match="did you mean 'two <b>'"):
        ordinary().claim("two b", "5 killed")
    with pytest.raises(EstimatesError, match=r"'two <b>'.*there are"):
        ordinary().claim("two <b>", "5 injured", "injured")
    with pytest.raises(EstimatesError, match="missing"):
        ordinary().claim("one", "5", "missing")


# For people and programs ----------------------------------------------------------------------------------------------


def test_a_claim_is_plain_objects_text_and_a_page() -> None:
    """Everything survives JSON; the text has each layer and sentence; names of events cannot become markup."""
    claim = ordinary().claim("two <b>", "at least 20")
    assert json.loads(json.dumps(claim.to_dict(), allow_nan=False)) == claim.to_dict()
    assert [row["layer"] for row in claim.records()] == list(LAYERS)
    assert json.loads(json.dumps(claim.records())) == claim.records()

    text, page = str(claim), claim._repr_html_()
    for sentence in claim.sentences:
        assert sentence in " ".join(text.split())
    assert all(name in text for name in ("documented by now", "documented in the end", "full toll", "20 or more"))
    assert "two &lt;b&gt;" in page
    assert "<b>" not in page
    assert max(map(len, text.splitlines())) <= 118


def test_the_document_shows_what_is_printed() -> None:
    """The example of docs/claims.md is, but for the arithmetic of another processor, what the claim prints."""
    shown = re.search(r"```text\n(.*?)```", DOCUMENT.read_text(encoding="utf-8"), re.DOTALL)
    printed = str(estimate(load_example()).claim("Idlib airstrikes", "500 killed"))
    number = r"[<>]?\d[\d,]*(?:\.\d+)?"
    assert shown is not None
    assert re.sub(number, "#", shown[1]).split() == re.sub(number, "#", printed).split()
    for one, other in zip(re.findall(number, shown[1]), re.findall(number, printed), strict=True):
        assert float(one.strip("<>").replace(",", "")) == pytest.approx(float(other.strip("<>").replace(",", "")), rel=0.05, abs=1.0)  # fmt: skip


def test_the_same_question_has_the_same_answer_whatever_else_was_asked() -> None:
    """By now is worked out for one event or for all of them, to the last bit alike."""
    rows = [{**row, "event": event} for event, of_event in list(EVENTS.items())[:2] for row in of_event]
    alone, asked_before = estimate(rows), estimate(rows)
    asked_before.ranges(layers=("by_now",))
    assert alone.claim("two sources", "20 killed") == asked_before.claim("two sources", "20 killed")
