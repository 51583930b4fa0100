"""Source profiles: what is known of sources, sizes and growth before a table is read."""

from estimates.profile.profile import SourceProfile, named_profile, published_profile

__all__ = ["SourceProfile", "named_profile", "published_profile"]
