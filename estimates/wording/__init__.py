"""From words to figures."""
