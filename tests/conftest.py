"""Settings of all tests: a slow machine is no failure; unattended, the same inputs are tried each time."""

import os

from hypothesis import settings

settings.register_profile("here", deadline=None)
settings.register_profile("unattended", deadline=None, derandomize=True)
settings.load_profile("unattended" if os.environ.get("CI") else "here")
