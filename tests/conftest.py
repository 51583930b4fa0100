"""What all tests share: how Hypothesis looks for counter-examples."""

from __future__ import annotations

import os

from hypothesis import settings

# No deadline: a first call may compile. In CI every run sees the same examples, so that a failure is the change's.
settings.register_profile("default", deadline=None)
settings.register_profile("ci", deadline=None, derandomize=True, print_blob=True)
settings.load_profile("ci" if os.environ.get("CI") else "default")
