"""Tests ask the sources of the compiled core, which doctests and coverage need; what tests start has the core.

TOCSIN_CORE=on lets tests ask the core: `tests/core` does so.
"""

import os

from pipeline import compiled

if os.environ.get("TOCSIN_CORE") != "on":
    compiled.use_sources()
