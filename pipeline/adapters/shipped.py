"""What comes with the program: where its own files lie, in a checkout and in an installed wheel."""

from pathlib import Path
from typing import Final

CODE: Final = Path(__file__).resolve().parents[1]
"""Folder of the package `pipeline`."""

ROOT: Final = CODE.parent
"""Folder of the checkout; of the installed packages where the program runs from a wheel."""


def is_checkout() -> bool:
    """Whether the program runs from a checkout, where files of the project lie beside the package."""
    return (ROOT / "pyproject.toml").is_file()
