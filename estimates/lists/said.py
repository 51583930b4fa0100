"""What is said of overlapping lists, sentence by sentence, in the order in which it counts."""

from __future__ import annotations

from dataclasses import dataclass

from estimates.lists.findings import FEWEST_LISTS, Findings
from estimates.models.lists.graphs import MOST_LISTS
from estimates.models.lists.profile import Profile
from estimates.text import clean, plural

__all__ = ["Section", "headline_of", "notes_of", "sections_of"]

_WORDS = {2: "two classes", 3: "three classes"}
#: A posterior over graphs with more than this in the last tenth of the numbers tried was cut short.
_CUT_SHORT = 1e-3


@dataclass(frozen=True)
class Section:
    """A part of what is said.

    Attributes
    ----------
    title : str
    sentences : tuple of str
    """

    title: str
    sentences: tuple[str, ...]


def headline_of(found: Findings) -> str:
    """The one sentence to quote, or that there is none and why."""
    if found.headline is not None:
        low, high = found.headline
        return f"Between {low:,} and {high:,} people, of whom {found.n:,} are on a list."

    because = "; ".join(found.open_because)
    if not found.profiles:
        return f"At least {found.n:,} people. No interval is headlined: {because}."
    return (
        f"At least {found.n:,} people. The lists do not identify how many there are: the upper end is a prior. "
        f"No interval is headlined: {because}."
    )


def sections_of(found: Findings) -> list[Section]:
    """All that the lists say: those listed, profiles, latent classes, graphs."""
    sections = [_listed(found)]
    if found.profiles:
        said = tuple(_profile(profile) for profile in found.profiles)
        sections.append(Section("What the lists exclude (profile likelihood, 2 log units)", said))
    if found.latent is not None:
        sections.append(_latent(found))
    if found.graphs:
        sections.append(_graphs(found))
    return sections


def notes_of(found: Findings) -> tuple[str, ...]:
    """What was assumed, and what was left out and why."""
    lists = len(found.overlaps.lists)
    notes = list(found.overlaps.notes)
    if lists == 2:
        notes.append(_chapman(found))
    if lists < FEWEST_LISTS:
        return tuple(notes)

    notes.append(
        "each list is assumed to err in no name: a person taken for two raises the number, two taken for one lower it"
    )
    if found.overlaps.shared == 0:
        notes.append("no two lists share a person: nothing bounds the number above")
    if lists == FEWEST_LISTS:
        notes.append(
            "three lists have seven patterns, and two classes of people already fit any of them nearly or wholly"
        )

    if found.latent is None:
        notes.append("the latent class posterior was not asked for")
    elif found.latent.divergences:
        notes.append(f"{plural(found.latent.divergences, 'draw')} of the latent class posterior diverged")

    if lists > MOST_LISTS:
        notes.append(
            f"graphs are left out: {lists} lists have too many, {MOST_LISTS} are the most that are summed over"
        )
    notes += [
        f"the sum over graphs with d = {graph.prior_cell:g} was cut short: it has no end that the lists set"
        for graph in found.graphs
        if graph.beyond > _CUT_SHORT
    ]
    return tuple(notes)


def _listed(found: Findings) -> Section:
    overlaps = found.overlaps
    sizes = ", ".join(f"{clean(name)} {size:,}" for name, size in zip(overlaps.lists, overlaps.sizes, strict=True))
    lists = plural(len(overlaps.lists), "list")
    said = f"{found.n:,} people are on {lists} ({sizes}); {overlaps.shared:,} of them on two or more."
    return Section("On any list", (said, "This is the lower bound: they are known by name."))


def _profile(profile: Profile) -> str:
    classes = f"{_WORDS[profile.classes].capitalize()} of people"
    best = f"most likely {profile.best:,}"
    if profile.high is None:
        return (
            f"{classes}: the lists exclude fewer than {profile.low:,}; they do not exclude any larger number "
            f"(tried up to {profile.totals[-1]:,}; {best})."
        )
    return f"{classes}: the lists exclude fewer than {profile.low:,}, they do not exclude {profile.high:,} ({best})."


def _latent(found: Findings) -> Section:
    title = "Latent classes of people (posterior)"
    latent = found.latent
    assert latent is not None
    if latent.refused:
        return Section(title, (f"Refused: {latent.refused}.",))

    low, middle, high = (latent.quantile(share) for share in (0.025, 0.5, 0.975))
    said = f"Median {middle:,}, 95% range {low:,} to {high:,}."
    checks = f"R-hat {latent.r_hat:.3f}, effective sample size {latent.sample_size:.0f}."
    return Section(title, (said, "Where the profile has no upper end, this one is that of the prior.", checks))


def _graphs(found: Findings) -> Section:
    said = [
        f"d = {graph.prior_cell:g}: median {graph.median:,}, 95% range {graph.low:,} to {graph.high:,}."
        for graph in found.graphs
    ]
    graphs = f"{found.graphs[0].graphs:,} graphs of dependence between lists, without the saturated one"
    what = f"{graphs}; d is the prior people in each cell."
    return Section("Sensitivity: decomposable graphs", (*said, what))


def _chapman(found: Findings) -> str:
    """Chapman's number, and what it would take."""
    one, other = found.overlaps.sizes
    number = (one + 1) * (other + 1) / (found.overlaps.shared + 1) - 1
    return (
        f"if being on one list made the other neither likelier nor rarer there would be {number:,.0f} (Chapman 1951); "
        "two lists cannot show whether that holds, and it is no estimate"
    )
