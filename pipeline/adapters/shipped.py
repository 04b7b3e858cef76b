"""What comes with the program: where its own files lie, in a checkout and in an installed wheel."""

import os
import tempfile
from pathlib import Path
from typing import Final

CODE: Final = Path(__file__).resolve().parents[1]
"""Folder of the package `pipeline`."""

ROOT: Final = CODE.parent
"""Folder of the checkout; of the installed packages where the program runs from a wheel."""


def shipped(name: str, *, in_checkout: str) -> Path:
    """A file or folder of the project: in a checkout where it is kept, else where the wheel carries it.

    Args:
        name: In the wheel, below `pipeline/_share`.
        in_checkout: From the checkout's root.
    """
    return ROOT / in_checkout if is_checkout() else CODE / "_share" / name


def is_checkout() -> bool:
    """Whether the program runs from a checkout, where files of the project lie beside the package."""
    return (ROOT / "pyproject.toml").is_file()


def cache_folder() -> Path:
    """Where what takes long to fetch or make is kept: $TOCSIN_CACHE, else tocsin in the user's cache folder.

    A user of a container may have no home; what such a user keeps goes where temporary files go.
    """
    if named := os.environ.get("TOCSIN_CACHE"):
        return Path(named)
    return Path(os.environ.get("XDG_CACHE_HOME") or _home() / ".cache") / "tocsin"


def _home() -> Path:
    try:
        return Path.home()
    except RuntimeError:  # no $HOME, and no entry among the machine's users
        return Path(tempfile.gettempdir())
