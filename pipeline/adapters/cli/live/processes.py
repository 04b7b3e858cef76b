"""What `tocsin run` starts: the commands of the stages, and the settings that reach them through the environment."""

import os
from collections.abc import Iterable
from pathlib import Path
from typing import Final

STAGES: Final = (("ingest",), ("agents", "detect"), ("agents", "correlate"))
"""Words after `tocsin`, in the order in which records travel; the last one is the stage's name."""


def passed_on(settings: Path | None, sets: Iterable[str], *, is_verbose: bool) -> dict[str, str]:
    """What the caller said, as an environment.

    Args:
        settings: File of settings.
        sets: Single settings, name=value.
        is_verbose: Show logs from info up; else errors alone, unless the caller's environment says otherwise.
    """
    said = {}
    for text in sets:
        name, _, value = text.partition("=")
        said["TOCSIN__" + name.strip().upper().replace(".", "__")] = value
    if settings is not None:
        said["TOCSIN_SETTINGS"] = str(settings.resolve())
    if not is_verbose and "TOCSIN__LOGS__LEVEL" not in os.environ:
        said.setdefault("TOCSIN__LOGS__LEVEL", "error")
    return {**said, "PYTHONUNBUFFERED": "1"}
