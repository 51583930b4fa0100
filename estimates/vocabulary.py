"""The one place for the names users write: columns, outcomes, types, layers and interval levels."""

from __future__ import annotations

from estimates.models import wording
from estimates.models.wording import VAGUE_WORDS

__all__ = ["VAGUE_WORDS", "WORDINGS"]

#: How a figure may be worded.
WORDINGS = tuple(wording.WORDINGS)

#: Columns of the table of reports, in the order they are kept.
COLUMNS = (
    "event", "source", "figure", "low", "high", "wording", "outcome", "source_type", "reported_at", "event_date",
    "event_type", "place", "scope", "period_start", "period_end", "affiliation", "quotes", "group", "verified",
    "provisional", "withdrawn", "population", "definition", "at_risk", "missing_basis", "chosen", "copies_removed",
    "url", "note",
)  # fmt: skip

#: Columns of the table of declared coverage, and how they begin where they stand beside reports.
COVERAGE_COLUMNS = ("source", "place", "event_type", "from", "to")
COVERAGE_PREFIX = "coverage_"

#: Outcomes that are estimated; those that say something of the people killed; and those that are validated and shown as
#: context only; with how readers see them.
_ESTIMATED = {
    "killed": "people killed",
    "injured": "people injured",
    "displaced": "people displaced",
    "casualties": "people killed or injured",
}
_OF_THE_KILLED = {
    "missing": "people missing",
    "dead_or_missing": "people dead or missing",
    "survivors": "people who survived",
}
_CONTEXT = {"strikes": "strikes", "munitions": "munitions", "incidents": "incidents"}
ESTIMATED_OUTCOMES, MISSING_OUTCOMES, CONTEXT_OUTCOMES = tuple(_ESTIMATED), tuple(_OF_THE_KILLED), tuple(_CONTEXT)
OUTCOME_NAMES = _ESTIMATED | _OF_THE_KILLED | _CONTEXT
OUTCOMES = tuple(OUTCOME_NAMES)

SOURCE_TYPES = (
    "government", "security", "party", "monitor", "rescue", "health", "international_media", "local_media", "un",
    "ngo", "armed_group", "other", "unknown",
)  # fmt: skip
EVENT_TYPES = (
    "airstrike", "shelling", "shooting", "bombing", "vehicle", "attack", "explosion", "landmine",
    "building_collapse", "mine_accident", "earthquake", "flood", "storm", "fire", "ship", "crowd", "aircraft", "train",
    "epidemic", "heat", "campaign", "other", "unknown",
)  # fmt: skip
#: What types of event were called before, and what is said where a table still has them.
OLD_EVENT_TYPES = {"mine": ("landmine", "a mine that collapsed or burned is a mine_accident")}
#: What a figure may count where sources count differently: deaths by the event itself, those above what was to be
#: expected, those an office confirmed, those in hospitals, those identified.
DEFINITIONS = ("direct", "excess", "confirmed", "hospital", "identified")
#: Where a number of people missing comes from: a closed place whose people are known; calls, appeals, lists of
#: relatives or the police; one camp or unit of several.
MISSING_BASES = ("manifest", "reports", "part")
SCOPES = ("event", "period")
AFFILIATIONS = ("own", "enemy", "own_strike", "neutral")

#: The largest count a figure may state.
LARGEST_COUNT = 1_000_000_000

#: What an empty optional cell means.
DEFAULTS = {
    "outcome": "killed",
    "source_type": "unknown",
    "event_type": "unknown",
    "scope": "event",
    "affiliation": "neutral",
    "group": "all",
}

#: Central credible intervals shown everywhere, in per cent.
INTERVAL_LEVELS = (50, 80, 95)
#: The layers of an estimate: documented by now, documented in the end, with the undocumented remainder.
LAYERS = ("by_now", "documented", "total")
#: The same as readers see them.
LAYER_NAMES = {"by_now": "documented by now", "documented": "documented in the end", "total": "full toll"}
#: Outcomes whose layers are one. How tolls grow and how many are never documented are laws of the dead and the hurt,
#: whom somebody finds and names one by one; people who fled are estimated by authorities, and return.
WITHOUT_LAYERS = frozenset({"displaced"})
#: What such an outcome's only layer is called, and what readers are told of it.
ONLY_LAYER = "estimate"
WHY_ONE_LAYER = (
    "Nothing is added for growth or for people never documented: these laws are of the dead and the hurt, and people "
    "displaced are estimated, not documented by name. So there is one range, and no layers."
)


def shown_layers(outcome: str) -> dict[str, str]:
    """The layers of an outcome that readers are shown, with their names; where all are one, that one."""
    return {"documented": ONLY_LAYER} if outcome in WITHOUT_LAYERS else LAYER_NAMES


def layer_name(outcome: str, layer: str) -> str:
    """What readers are told a layer of an outcome is."""
    return ONLY_LAYER if outcome in WITHOUT_LAYERS else LAYER_NAMES[layer]
