"""Telling the toll of one event from a count over a period: "in the past 24 hours", "so far this year", "a day"."""

from __future__ import annotations

import re

from estimates.wording import lexicon as known

_UNITS = "(?:hours?|days?|weeks?|months?|years?|decades?|fortnight|hrs?)"
_LONG_UNITS = "(?:week|month|year|season|winter|summer|quarter|decade)"
_MONTHS = "(?:" + "|".join(sorted(known.MONTHS - {"may", "march"}, key=len, reverse=True)) + r")\b\.?"
_WEEKDAYS = "(?:mon|tues|wednes|thurs|fri|satur|sun)day"
_STARTED = "(?:began|begun|started|broke|erupted|resumed|escalated|fell|seized|took|came)"
_COUNT = "(?:a|an|one|two|three|four|five|six|seven|eight|nine|ten|twelve|[0-9]+)"
_HEDGED = "(?:just |only |under |about |around |less than |more than )*"
_LASTING = (
    "(?:war|conflict|uprising|invasion|fighting|crisis|offensive|unrest|pandemic|epidemic|outbreak|protests|violence|"
    "coup|rebellion|insurgency)"
)
_NEWSPAPERS = "(?:star|nation|news|mail|monitor|times|express|telegraph|mirror|sabah|post)"

#: What makes a figure one of a stretch of days, whatever it was before.
_WINDOWS = re.compile(
    "|".join(
        (
            # the past 24 hours
            r"\b(?:in|over|within|during|for|of) (?:the |this )?(?:past|last|previous|preceding|latest)"
            rf"(?: [\w-]+){{0,2}} {_UNITS}\b(?!')",
            rf"\bpast (?:{_COUNT} )?{_UNITS}\b(?!')",
            # in two days
            rf"\b(?:in|within|over) {_HEDGED}{_COUNT} {_UNITS}\b(?!'| (?:of|old|later|earlier))",
            rf"\b(?:24|48|72)-hour\b|\bwithin (?:the )?{_UNITS}\b",
            # this year
            r"(?<!attack )(?<!strike )(?<!bombing )(?<!blast )(?<!crash )(?<!shooting )(?<!so far )"
            rf"\bthis {_LONG_UNITS}\b(?!')",
            # a day, daily
            rf"\b(?:per|each|every) {_UNITS}\b",
            r"\ban? (?:day|week|month|year)\b(?!['\w-]| (?:earlier|ago|before|after|later|of|old|into|long))",
            rf"\b(?:daily|weekly|monthly|yearly|annual(?:ly)?)\b(?! {_NEWSPAPERS})",
            # from January to March
            rf"\b(?:from|between) {_MONTHS}(?: [0-9]+)? (?:to|and|through|until) (?:{_MONTHS}|[0-9])",
            rf"\b(?:{_WEEKDAYS}|today|yesterday|year|month|week|weekend|holiday)(?:'?s)? (?:road |traffic )*(?:death )?"
            r"(?:murders?|deaths|toll|killings)\b",
            rf"\b(?:{_MONTHS}|march|may|(?:19|20)[0-9]{{2}}) (?:death )?toll\b",
            # over the course of, in the first half, from 2010 to 2020
            rf"\bover the course of\b|\b(?:during|throughout|over) the (?:{_LONG_UNITS}|weekend|holiday)\b",
            r"\bin (?:the )?(?:q[1-4]|h[12]|first half|second half|first quarter)\b|\bduring ramadan\b|\bover easter\b",
            r"\bin (?:the )?(?:first |recent |several |many |some |past |few )*(?:\w+ )?"
            r"(?:weeks|months|years|days)\b(?!'| of)",
            r"\bfrom (?:[0-9]{1,2} )?[a-z]*\.? ?[0-9]{4} to\b|\bfrom [0-9]{1,2} [a-z]+\.? to [0-9]{1,2} [a-z]+",
            r"\b(?:on average|an average|average of|average|nightly|cumulative(?:ly)?|apiece|p\.a)\b",
            r"\b(?:per|in each|each) (?:village|vehicle|town|city|house|bus|car|attack)\b",
        )
    )
)
#: What makes it a running total, of a war or of a year.
_RUNNING = re.compile(
    "|".join(
        (
            rf"\bso far (?:this {_LONG_UNITS}|in (?:19|20)[0-9]{{2}})\b|\byear to date\b|\ball year\b",
            rf"\bsince (?:the )?(?:early |mid-?|late |last |previous )*(?:{_MONTHS}|may\b|march\b|{_WEEKDAYS}|"
            rf"(?:19|20)[0-9]{{2}}|[0-9]|{_UNITS}\b|start|beginning|outbreak|onset)",
            rf"\bsince (?:the )?(?:[\w-]+ )?{_LASTING}\b(?: {_STARTED}|[ .,;]*$)",
            r"\bsince (?:dawn|midnight|then|ceasefire|(?:he|she|it|they) )",
        )
    )
)
#: A toll that is said to rise beside another number leaves open which of them is the toll.
_RISING_ELSEWHERE = re.compile(
    r"\bas (?:the )?(?:death )?toll (?:rises|climbs|mounts|soars|grows)\b(?! (?:to|above|past|over|by))"
)
#: What does so where no single event is named beside it.
_DAYS = re.compile(
    rf"\byesterday\b(?!')|\blast (?:week|month|year)\b(?!')|\b(?:in|throughout|during) {_MONTHS}(?! [0-9])"
)
_EVENT = re.compile(
    r"\b(?:\w*(?:attack|strike|bomb|blast|explosion|shoot|crash|collaps|quake|flood|fire|storm|clash|ambush|massacre|"
    r"stampede|landslide|accident|derail|capsiz|sinking|shell|missile|drone|gunm[ae]n|raid|siege|battle|cyclone|typhoon|"
    r"hurricane|tornado|avalanche|eruption|mudslide|crush|violence|operation|fighting|rampage))\w*"
)


def covers_a_period(text: str, *, campaign: bool = False) -> bool:
    """Whether the words count over a period rather than in one event.

    Of a campaign, which is a war, a siege or a season, a running total is the toll: "12,000 since the war began".
    """
    words = " ".join(text.lower().replace("\u2019", "'").split())
    if _RUNNING.search(words) is not None and not campaign:
        return True
    return _WINDOWS.search(words) is not None or (_DAYS.search(words) is not None and _EVENT.search(words) is None)


def leaves_the_toll_open(text: str) -> bool:
    """Whether the words speak of a toll beside the number, which may be another: "10 burnt alive as toll rises"."""
    return _RISING_ELSEWHERE.search(" ".join(text.lower().split())) is not None
