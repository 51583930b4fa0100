"""What the table says of an event beside its figures."""

from __future__ import annotations

from dataclasses import dataclass

from estimates.models.bearing import Bearing
from estimates.models.silence import Watch
from estimates.vocabulary import WITHOUT_LAYERS


@dataclass(frozen=True)
class About:
    """Which case it is, and what the table says of its event beside the figures.

    Attributes
    ----------
    event, outcome, event_type : str
    chosen : bool
        Whether the event is in the table because it was revised or famous.
    at_risk : int or None
        How many people could have been hit at most.
    independent : bool
        Whether rows that only repeat another were left out of the table.
    watch : Watch or None
        Who of the sources declared to watch the event gave a figure of it, where the case is the one that tells.
    bearings : tuple of Bearing
        What else bears on its counts: numbers of killed or injured, overlapping lists of names.
    """

    event: str
    outcome: str
    event_type: str
    chosen: bool = False
    at_risk: int | None = None
    independent: bool = False
    watch: Watch | None = None
    bearings: tuple[Bearing, ...] = ()

    @property
    def has_layers(self) -> bool:
        """Whether what is documented grows and a part never is; else all figures are about one count."""
        return self.outcome not in WITHOUT_LAYERS
