"""A scenario of one's own: a TOML file anywhere, with bases and texts beside it or those that are bundled.

A base `bases/mobile` is looked for as `bases/mobile.toml` beside the scenario, then
as `mobile.toml` beside it, then among the bundled ones; so a market of one's own
needs no copy of the rest. Mistakes are named with file and line.
"""

import re
from pathlib import Path
from typing import TYPE_CHECKING, Final

from pipeline.records.errors import ConfigError

if TYPE_CHECKING:
    from pipeline.simulate.spec.parse import Scenario

_AT_LINE: Final = re.compile(r"\(at line (\d+), column \d+\)")


def is_path(name: str) -> bool:
    """Whether a user means a file and not a bundled scenario.

    >>> is_path("fibre-cut"), is_path("own.toml"), is_path("worlds/own.toml")
    (False, True, True)
    """
    return name.endswith(".toml") or "/" in name or "\\" in name


def load_own(path: Path, bundled: Path, seed: int = 1) -> "Scenario":
    """Read a scenario of one's own, with the draws of a seed.

    Args:
        path: The scenario, TOML.
        bundled: Folder with the bundled `bases`, `markets` and `texts`.
        seed: Which of the scenario's worlds.

    Raises:
        ConfigError: Lists every mistake, with file and line.
    """
    from pipeline.simulate.spec.parse import load_scenario

    files = _Files(path, bundled)
    try:
        return load_scenario(path.stem, files.read, seed)
    except ConfigError as error:
        raise ConfigError("\n".join(map(files.located, str(error).splitlines()))) from None


class _Files:
    """Reads files by the names that a scenario has for them, and remembers which ones were read."""

    def __init__(self, path: Path, bundled: Path) -> None:
        self._path, self._bundled = path, bundled
        self._own = f"scenarios/{path.stem}.toml"
        self._read: dict[str, tuple[Path, str]] = {}

    def read(self, name: str) -> str:
        path = self._found(name)
        try:
            text = path.read_text("utf-8-sig")
        except OSError as error:
            if name != self._own and isinstance(error, FileNotFoundError):
                raise
            raise ConfigError(f"{path}: cannot be read: {error.strerror}; name a scenario's TOML file") from None
        except UnicodeDecodeError as error:
            raise ConfigError(f"{path}: cannot be read: {error}; must be TOML in UTF-8") from None
        self._read[name] = path, text
        return text

    def _found(self, name: str) -> Path:
        if name == self._own:
            return self._path
        beside = (self._path.parent / name, self._path.parent / Path(name).name)
        return next((path for path in beside if path.is_file() and path != self._path), self._bundled / name)

    def located(self, problem: str) -> str:
        """A mistake with the file in which it stands, and the line if it can be told."""
        from pipeline.simulate.spec.located import line_of

        for name, (path, _) in self._read.items():
            if problem.startswith(f"{name}: "):
                words = problem.removeprefix(f"{name}: ")
                line = _AT_LINE.search(words)
                return f"{path}:{line[1]}: {words}" if line else f"{path}: {words}"
        places = [(path, line_of(problem, text)) for path, text in self._read.values()]
        found = [(place.depth, -at, path, place.line) for at, (path, place) in enumerate(places) if place is not None]
        if found:
            _, _, path, number = max(found)
            return f"{path}:{number}: {problem}"
        return f"{self._path}: {problem}" if problem.startswith(("scenario", "texts")) else problem
