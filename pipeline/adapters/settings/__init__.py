"""Settings: `load_settings` reads all sources and says all that is wrong."""

from pipeline.adapters.settings.loading import (
    FILE,
    PREFIX,
    SECRETS,
    Loaded,
    fields_of,
    load_settings,
    parsed,
    values_of,
)
from pipeline.adapters.settings.sections import DEVELOPMENT_KEY, Settings

__all__ = (
    "DEVELOPMENT_KEY",
    "FILE",
    "PREFIX",
    "SECRETS",
    "Loaded",
    "Settings",
    "fields_of",
    "load_settings",
    "parsed",
    "values_of",
)
