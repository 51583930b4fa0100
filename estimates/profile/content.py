"""What a file of a source profile holds, whichever its format."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple

from estimates.errors import ProfileError
from estimates.models.types import Floats
from estimates.profile.effects import Effect

if TYPE_CHECKING:
    from xarray import DataTree

__all__ = ["LARGEST_UNPACKED", "Content", "check_size"]

#: A file whose content is larger than so many bytes when unpacked is no profile: a thousand draws of all parameters of
#: a thousand sources are a tenth of it.
LARGEST_UNPACKED = 400_000_000


class Content(NamedTuple):
    """What both formats hold: a header of values that JSON knows, and the draws; netCDF the chains of a fit, too."""

    header: dict[str, Any]
    parameters: dict[str, Floats]
    effects: dict[Effect, Floats]
    trace: DataTree | None = None


def check_size(unpacked: int) -> None:
    """Refuse what would fill the memory, before it is unpacked."""
    if unpacked > LARGEST_UNPACKED:
        raise ProfileError(f"{unpacked:,} bytes when unpacked, and no profile has more than {LARGEST_UNPACKED:,}")
