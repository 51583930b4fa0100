"""Words beside a figure that make it another than the toll: doubts, comparisons, what may come, and who is left out."""

from __future__ import annotations

import re

_NUMBER = r"(?:[0-9]|one|two|three|four|five|six|seven|eight|nine|ten|dozens?|scores|hundreds?)"

#: What is said of a figure, and the patterns beside which it is said.
_REASONS = {
    "the words doubt or deny it; write 'denied' in a row of its own, or what the source stands by": (
        r"\bno (?:evidence|proof|indication|sign)\b",
        r"\b(?:untrue|hoax|fabricated|fabrication|falsely|not true)\b|\brumou?r(?:s|ed)?\b",
        r"\b(?:is|are|was|were|as|report) (?:a )?(?:false|lie|fake)\b|\bfalse(?: report| claim|,)",
        r"\b(?:disputes?|disputed|doubts?|doubted) (?:that |the |over )?(?=[0-9])",
        r"\b(?:nobody|not one|none) (?:among|of) the\b|\brather than\b|\bdenies\b.*\bsays?\b",
    ),
    "it may be the toll of another event; write the figure of this one alone": (
        r"\b(?:same|many|few|high|bad) as (?:the|in|those)\b|\b(?:compared|comparable) (?:to|with)\b|\bunlike the\b",
        r"\b(?:worse|higher|lower|deadlier|fewer|more|larger) than (?:the|in|those|that)\b",
        rf"\b(?:twice|triple|treble|half|double|(?:two|three|four|five|ten|[0-9]+) times) (?:the )?(?={_NUMBER})",
        r"\b(?:exceeds|exceeded|surpass(?:es|ed)?|overtakes?|overtook) (?:the )?[0-9,]+ (?:killed|dead|who)",
        r"\b(?:tops|passes) the [0-9,]+ (?:killed|dead|who)|\boverta(?:kes|ke|king)\b|\bovertook\b",
        r"\b(?:deadliest|worst|bloodiest)\b.*\bsince\b|\b(?:revenge|retaliation|reprisal) for\b|\bin response to\b",
        r"\b(?:reminiscent|reminder) of\b|\blast time\b|\bcomes? (?:\w+ )?after\b|\bin a(?:nother| separate)\b",
        r"\belsewhere\b|\bsecond-(?:deadliest|worst)\b",
    ),
    "it tells of what may come, might have been or is made up; write the number of those hit": (
        r"\b(?:nearly|almost) (?:kill|killed|kills|injured|injures)\b|\b(?:capable|target|goal) of kill",
        r"\b(?:project(?:s|ed)|model(?:led|s)?|simulat(?:ed|ion)|forecasts?|predict(?:s|ed)) (?=[a-z0-9])",
        r"\b(?:mock|fictional|film|movie|novel|video game|stunt|exercise|drill)\b|\baverts?\b|\bto be executed\b",
        r"\b(?:cleared|acquitted|suspected) (?:of|in)\b",
    ),
    "somebody is named beside it and not counted, or left out; write the whole number": (
        r"\b(?:himself|herself|themselves|itself)\b|\bkills? self\b|\b(?:commits?|committed) suicide\b",
        r"\b(?:along|together) with\b|\bin addition to\b|\bas did\b|, plus\b",
        r"\bas well as\b.*\b(?:driver|pilot|gunman|bomber|attacker)\b",
        r", (?:his |her |their |the )?\w+ too\b|\balso (?:dead|died|dies)\b|\banother (?:dies|died)\b|\bthen kill",
        r"\b(?:second|third|fourth|fifth|sixth) (?:person |victim |man |woman )?(?:dies|died)\b",
        r"\b(?:not counting|not including|excluding|apart from|aside from|other than|besides|except)\b",
        r"\b(?:lost|loses) many more\b|\bothers in\b",
    ),
    "it counts one side; write its number in a row with its group": (
        r"\b(?:on|from) (?:the )?[\w-]+ side\b",
        r"\b(?:rebels?|army|troops|militants?|forces|police) (?:lost|loses|lose)\b",
    ),
    "it is unclear how the number is meant; write the figure alone": (
        r"\b(?:held|hands?|handed|row|anger|outrage|questioned|arrested|charged|trial|protests?|grief) over (?=[0-9])",
        r"\b(?:lies|lied|lying|talks?|warns?|questions|asked) about\b|\bas (?:few|little) as\b",
    ),
}
_RESERVATIONS = tuple((re.compile("|".join(patterns)), reason) for reason, patterns in _REASONS.items())


def reservation(text: str) -> str | None:
    """Why a figure in these words may be another than the toll; None where nothing says so."""
    words = " ".join(text.lower().replace("\u2019", "'").split())
    return next((reason for pattern, reason in _RESERVATIONS if pattern.search(words)), None)
