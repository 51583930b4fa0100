"""Learning a source profile from many events."""
