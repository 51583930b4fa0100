"""The class of an event: violence, or a disaster of any other kind.

Tolls of violence are near their end within a day; those of disasters grow for weeks. Rivals that know the class of an
event learn from events of that class alone, and scores are told apart by it.
"""

from __future__ import annotations

from estimates.profile.priors import VIOLENCE as VIOLENT_TYPES

VIOLENCE, DISASTERS = "violence", "disasters"
CLASSES = (VIOLENCE, DISASTERS)


def class_of(event_type: str) -> str:
    """The class that a type of event belongs to; one that does not tell it counts as a disaster."""
    return VIOLENCE if event_type in VIOLENT_TYPES else DISASTERS
