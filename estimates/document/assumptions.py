"""What a report must say besides its numbers: how to read them, what they rest on and what they may be used for."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from estimates.inference.assumed import shared_error, spread_of_shared_error
from estimates.inference.coverage import EVENTS_TOLD
from estimates.models.silence import Attention, share
from estimates.models.types import Floats
from estimates.profile.priors import CAMPAIGN, DISASTROUS, growth_groups
from estimates.results.estimates import Estimates
from estimates.table.coverage import Coverage
from estimates.text import clean, factor, percent, plural
from estimates.vocabulary import OUTCOME_NAMES, WHY_ONE_LAYER

MEANING = (
    "If the assumptions below hold, the number that a layer speaks of lies within its 50% range with even chances, "
    "within its 80% range in four cases of five and within its 95% range in nineteen of twenty (somewhat more often "
    "where tolls are small, since they are whole numbers). The median is the middle of the range, not the "
    "answer. A mean is not given: where very large tolls cannot be excluded it would tell of these alone. Never quote "
    "a single number without its range."
)

LIMITS = (
    (
        "A shared origin",
        "Two outlets that quote one hospital look like two sources; if the table does not say so, the range is too "
        "narrow, and if the hospital is wrong, so are both.",
    ),
    (
        "Events merged or split wrongly",
        "Reports of two events under one name, or of one event under two, give a wrong range without any warning.",
    ),
    (
        "Different people counted",
        "Civilians and combatants, killed and casualties, must not stand for one another in the table.",
    ),
    ("Events nobody reported", "They are not in this report and are not added."),
)

USE = (
    "A range may be quoted with its layer, its probability, the date of the data and this report. It may not be used "
    "as a count of named victims, as proof that a given number of people were hit, to judge a source by one event, or "
    "added to other ranges end to end."
)

_GROWTH = (
    "Early figures are expected to rise as more becomes known, and more so where a source says that they will or where "
    "people are buried or drowned. How they do is learned for attacks and for disasters apart."
)
_GROWTH_OF_DISASTERS = (
    "Disasters are learned from events that were told of because their tolls were revised; that is used as measured "
    "there, and tolls of other disasters may rise less."
)
_GROWTH_OF_NO_TYPE = (
    "Where no type of event tells attacks from disasters, half of the draws take the growth of the ones and half that "
    "of the others."
)

_NEWEST = (
    "The newest figure of each source stands for what it holds, whenever it was given; that a number is said to rise "
    "changes nothing."
)

_LISTS = (
    "Names and bodies that were counted bind: no layer lies below them. Where the number of people at risk is given, "
    "no layer lies above it."
)

_SILENCE = (
    "A source that gives no figure, declines to comment, denies or does not confirm is never read as zero; these stay "
    "apart from one another and bear on no number."
)

_BIAS_NAMES = {
    "international_media": "international media",
    "local_media": "local media",
    "rescue": "rescue services",
    "health": "hospitals and health authorities",
    "monitor": "monitoring groups",
    "un": "United Nations",
    "other": "all other types of source",
    "own": "a party speaking of its own losses",
    "enemy": "a party speaking of its enemy's losses",
    "own_strike": "a party speaking of those hit by its own strike",
}


@dataclass(frozen=True)
class BiasView:
    """How a type of source is taken to count: the bias, as a factor on the number documented."""

    name: str
    median: str
    likely: str
    prior: str
    basis: str


def by_now_meaning(estimates: Estimates) -> str:
    """What "by now" means in these estimates."""
    when = "when the latest figures were given" if estimates.as_of is None else f"by {clean(estimates.as_of)}"
    return f"what could be documented {when}"


def assumptions(estimates: Estimates) -> tuple[tuple[str, str], ...]:
    """What the ranges rest on, each with a name and a few sentences."""
    return (
        ("Sources", _sources(estimates)),
        ("Errors that all sources share", _shared_errors(estimates)),
        ("Copying", _copying(estimates)),
        ("Figures of a part", _parts(estimates)),
        ("Lists of names", _LISTS),
        ("Growth", _growth(estimates)),
        ("Ages", _ages(estimates)),
        ("The undocumented", _undocumented(estimates)),
        *_one_layer(estimates),
        ("Silence", _silence(estimates)),
        *_periods(estimates),
    )


def _silence(estimates: Estimates) -> str:
    declared = estimates.reports.coverage
    said = [_SILENCE if declared is None else _watching(estimates, declared)]
    said += [f"{text}." for text in estimates.coverage.sentences(most=EVENTS_TOLD)]
    return " ".join([*said, *estimates.coverage.scenario_sentences()])


def _watching(estimates: Estimates, declared: Coverage) -> str:
    told = "; ".join(f"{clean(source)} {_readiness(estimates, source)}" for source in declared.sources)
    given = (
        "given that somebody did, since the profile knows the sizes of reported events"
        if declared.sizes == "reported"
        else "the sizes of the profile being taken for those of all events"
    )
    return (
        f"Who watched is declared ({clean(declared.name)}). A source that watched an event gives a figure of it the "
        f"likelier the larger it is; what it did enters the range, {given}. A source that declines to comment, does "
        "not confirm or says nothing gave none; a denial bears on nothing, and none of these is read as zero. The "
        f"chance of a figure of an event with 10 and with 100 killed is put at: {told}."
    )


def _readiness(estimates: Estimates, source: str) -> str:
    attention = estimates.profile.attention(source)
    few, many = (percent(float(share(attention.intercept, attention.slope, np.array(n)))) for n in (10.0, 100.0))
    return f"{few} and {many} ({'learned' if attention != Attention() else 'prior'})"


def _periods(estimates: Estimates) -> list[tuple[str, str]]:
    told = [f"{text[:1].upper()}{text[1:]}." for text in estimates.periods()["sentence"]]
    return [("Figures of a period", " ".join(told))] if told else []


def _sources(estimates: Estimates) -> str:
    return (
        f"The source profile is “{clean(estimates.profile.name)}”{_learned_from(estimates)}. Each source may count "
        "too many or too few, by factors that depend on its type and are listed below. Counts alone show how "
        "sources differ from one another, never how far all of them are off together; that part comes from the "
        "priors and from events whose tolls were verified."
    )


def _shared_errors(estimates: Estimates) -> str:
    profile = estimates.profile
    wrong, wrong_range = _middle_and_range(100 * profile.parameters["shared_error"], "{:.0f}%")
    apart = [
        f"{clean(case.event)}, {OUTCOME_NAMES[case.outcome]}: {found}"
        for case in estimates.cases
        if (found := shared_error(case, profile)).apart
    ]

    none = "None of the events here has sources that lie apart." if not apart else "; ".join(apart) + "."
    return (
        "All accounts of an event can be off together from what an inquiry would find. That they are has a probability "
        f"of {wrong} (80% range {wrong_range}). Their error is taken to be the larger the farther the sources lie "
        f"apart; where they agree its logarithm has a standard deviation of {spread_of_shared_error(profile, 0.0):.2f}."
        f" It is never more than a factor of four. This does not mend sources that agree on one wrong number. {none}"
    )


def _copying(estimates: Estimates) -> str:
    copying, copying_range = _middle_and_range(100 * estimates.profile.parameters["copying"], "{:.0f}%")
    return (
        f"A figure that agrees with an earlier one may repeat it. The chance of a copy is put at {copying} (80% range "
        f"{copying_range}), so that many equal figures count for less than as many independent ones."
    )


def _parts(estimates: Estimates) -> str:
    everybody, everybody_range = _middle_and_range(100 * estimates.profile.parameters["whole_group"], "{:.0f}%")
    return (
        "A figure of a group alone, such as soldiers, may be one of everybody. Before others are heard that has a "
        f"probability of {everybody} (80% range {everybody_range}), unless the words say that others were hit beside "
        "the group or a source speaks of a group that has no member in common with it; otherwise the group may be of "
        "any size up to all. Groups by which one source divides everybody are added up to a figure of that source."
    )


def _growth(estimates: Estimates) -> str:
    kinds = {case.event_type for case in estimates.cases}
    groups = [growth_groups(kind) for kind in kinds - {CAMPAIGN}]
    said = [_GROWTH]
    if estimates.profile.learned_from and any(DISASTROUS in each for each in groups):
        said.append(_GROWTH_OF_DISASTERS)
    if any(len(each) > 1 for each in groups):
        said.append(_GROWTH_OF_NO_TYPE)
    return " ".join(said)


def _ages(estimates: Estimates) -> str:
    undated = sum(case.undated for case in estimates.cases)
    shares = ", ".join(f"{100 * share:.0f}%" for share in estimates.profile.bin_shares)
    return (
        f"{plural(undated, 'figure')} could be of several ages. For these stand the shares of ages in the profile's "
        f"corpus ({shares}, from the first day to a month and more), cut to the ages that are possible; all of them "
        "are taken to be early together or late together."
    )


def _undocumented(estimates: Estimates) -> str:
    layer = estimates.undocumented
    if layer.name != "elicited":
        return f"{clean(layer.description)} Nothing in this table can check it. (Layer “{layer.name}”.)"
    kappa, kappa_range = _middle_and_range(estimates.profile.kappa, "{:.2f}")
    return (
        "The full toll adds a remainder that is never documented, from judgements of expert coders. Its strength, "
        f"kappa, is put at {kappa} (80% range {kappa_range}); nothing in this table can check it. It is too narrow "
        "above about a thousand deaths. (Layer “elicited”.)"
    )


def _one_layer(estimates: Estimates) -> list[tuple[str, str]]:
    shown = any(not case.about.has_layers for case in estimates.cases)
    return [("People displaced", f"{WHY_ONE_LAYER} {_NEWEST}")] if shown else []


def _middle_and_range(draws: Floats, form: str) -> tuple[str, str]:
    """Median and 80% range of draws of shape (draws,), each number written in a form."""
    low, middle, high = (form.format(value) for value in np.quantile(draws, [0.1, 0.5, 0.9]).tolist())
    return middle, f"{low} to {high}"


def _learned_from(estimates: Estimates) -> str:
    """Where the profile comes from, in a few words."""
    profile = estimates.profile
    if not profile.learned_from:
        return ""
    flags = str(profile.facts.get("flags", ""))
    doubts = f"; to be read with care: {clean(flags)}" if flags else ""
    # An event can be known by several marks.
    events = profile.facts.get("events")
    count = events if isinstance(events, int) else len(profile.learned_from)
    return f", learned from {count:,} events{doubts}"


def biases(estimates: Estimates) -> tuple[BiasView, ...]:
    """Every kind of source with the factor it is taken to count by."""
    views = []
    for name, prior in estimates.profile.priors.items():
        kind, _, which = name.partition(".")
        if kind == "bias" and not which.startswith("spread"):
            low, middle, high = np.exp(np.quantile(estimates.profile.parameters[name], [0.1, 0.5, 0.9])).tolist()
            likely = f"{factor(low)} to {factor(high)}"
            label = _BIAS_NAMES.get(which, which)
            views.append(BiasView(label, factor(middle), likely, prior.describe(), prior.basis))
    return tuple(views)
