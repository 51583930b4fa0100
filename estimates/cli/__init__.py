"""The command line ``estimates``."""

from estimates.cli.application import main

__all__ = ["main"]
