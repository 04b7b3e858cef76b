"""The compiled core: what reads texts and judges series, as machine code made of its own sources, a few loops of C.

`make core` (`tools/core.py`) compiles them. What it makes lies in a folder that is named after the sources that it was
made of and the Python that it was made for, so a core of other sources is never found: then the sources themselves
run, slower and to the same results. A checkout holds its own core within the package, so no other is met.

TOCSIN_CORE=off lets the sources run where there is a core as well.
"""

import hashlib
import os
import sys
from collections.abc import Sequence
from importlib.abc import MetaPathFinder
from importlib.machinery import EXTENSION_SUFFIXES, ModuleSpec
from importlib.util import module_from_spec, spec_from_file_location
from pathlib import Path
from types import ModuleType
from typing import Final

PACKAGE: Final = Path(__file__).parent

MODULES: Final = (
    "ingest/text/matching.py",
    "ingest/text/folding.py",
    "ingest/text/traits.py",
    "ingest/text/words.py",
    "ingest/text/relevance.py",
    "ingest/text/odds/features.py",
    "ingest/text/odds/summing.py",
    "ingest/text/odds/weighing.py",
    "ingest/text/operators/who.py",
    "ingest/text/operators/tone.py",
    "ingest/text/operators/whose.py",
    "ingest/text/operators/facing.py",
    "ingest/text/where.py",
    "ingest/text/placing/forms.py",
    "ingest/text/placing/cues.py",
    "ingest/text/placing/codes.py",
    "ingest/text/placing/holding.py",
    "ingest/text/placing/naming.py",
    "ingest/text/placing/settling.py",
    "ingest/text/told/channels.py",
    "ingest/text/told/telling.py",
    "ingest/text/told/labels.py",
    "ingest/text/told/topics.py",
    "ingest/text/told/services.py",
    "ingest/text/alarm/dialled.py",
    "ingest/text/alarm/nearness.py",
    "ingest/text/alarm/leads.py",
    "ingest/text/alarm/countries.py",
    "ingest/text/alarm/beside.py",
    "ingest/text/alarm/emergency.py",
    "ingest/text/alarm/standing.py",
    "ingest/text/alarm/facts.py",
    "ingest/text/alarm/asides.py",
    "ingest/text/alarm/claiming.py",
    "ingest/text/mood/signs.py",
    "ingest/text/mood/judging.py",
    "ingest/text/copies.py",
    "ingest/text/masking.py",
    "ingest/text/understand.py",
    "ingest/complaints.py",
    "ingest/mentions.py",
    "detect/detectors/seasons.py",
    "detect/detectors/evidence.py",
    "detect/detectors/tails.py",
    "detect/detectors/count_rules.py",
    "detect/detectors/level_rules.py",
    "detect/detectors/detector.py",
    "detect/detectors/bursts.py",
    "detect/detectors/counts.py",
    "detect/detectors/levels.py",
    "detect/account/states.py",
    "detect/account/likelihood.py",
    "detect/account/filtering.py",
    "detect/account/keeping.py",
    "detect/counters.py",
    "detect/panes.py",
    "detect/rollup.py",
    "detect/silence.py",
    "detect/standing.py",
    "detect/quiet.py",
    "detect/watching.py",
    "detect/judge.py",
    "detect/apply.py",
    "detect/telling/following.py",
    "reference/opening/days.py",
    "records/inner/samples.py",
)
"""What is compiled: all that every text passes, but not what only an operator's own posts pass, and all that judges
every step. Structs that are kept are not: their files stand apart."""

LOOPS: Final = (
    "ingest/text/loops/letters.py",
    "ingest/text/loops/sums.py",
    "ingest/text/loops/pieces.py",
    "ingest/text/loops/walking.py",
    "ingest/text/loops/sentences.py",
)
"""Twins in C, of the same name with `.c`, run instead: what is done for each letter, where objects cost too much."""

GROUP: Final = "pipeline.core"
"""The library that holds the code of all modules; each of them is but a door to it."""

_SOURCES: Final = ("detect", "ingest", "reference", "records")
"""Folders whose code the modules are checked against: constants of theirs may stand in what is compiled."""

_EDITION: Final = b"3"
"""To count up when `tools/core.py` makes something else of the same sources."""

_SUFFIX: Final = EXTENSION_SUFFIXES[0]
_LIBRARY: Final = f"{GROUP}__mypyc"


def folder_of_cores(package: Path = PACKAGE) -> Path:
    """Where cores lie; nothing in it is tracked or packed.

    Args:
        package: Folder of the package `pipeline`.
    """
    return package / "_core"


def core_for(package: Path = PACKAGE) -> Path:
    """The folder of the core that fits: of these sources, for this Python. It need not exist.

    Args:
        package: Folder of the package `pipeline`.
    """
    total = hashlib.blake2b(_EDITION + "\0".join(MODULES).encode(), digest_size=16)
    for name in _SOURCES:
        for path in sorted([*(package / name).rglob("*.py"), *(package / name).rglob("*.c")]):
            total.update(path.relative_to(package).as_posix().encode() + b"\0" + path.read_bytes() + b"\0")
    return folder_of_cores(package) / f"{total.hexdigest()}{_SUFFIX.rpartition('.')[0]}"


def is_loaded() -> bool:
    """Do compiled modules run in this process? False as well before any has been imported."""
    return _LIBRARY in sys.modules


def state() -> str:
    """One line for people: whether a core runs, and what to do if none does."""
    if _FINDER not in sys.meta_path:
        return "rules run by Python alone, as asked for"
    if _FINDER.folder() is not None:
        return "rules run in the compiled core"
    return "rules run by Python alone, more slowly: no compiled core fits these sources (make core)"


def use_sources() -> None:
    """Let the sources run in this process: for doctests and coverage, which need them."""
    if _FINDER in sys.meta_path:
        sys.meta_path.remove(_FINDER)


def use_core() -> None:
    """Let the core run in this process, if there is one that fits when the first module is asked for."""
    if _FINDER not in sys.meta_path and os.environ.get("TOCSIN_CORE") != "off":
        sys.meta_path.insert(0, _FINDER)


class _Finder(MetaPathFinder):
    """Finds compiled modules before Python finds their sources."""

    def __init__(self) -> None:
        self._names = {f"pipeline.{name.removesuffix('.py').replace('/', '.')}" for name in (*MODULES, *LOOPS)}
        self._folder: Path | None = None
        self._is_sought = False

    def find_spec(
        self, fullname: str, path: Sequence[str] | None = None, target: ModuleType | None = None
    ) -> ModuleSpec | None:
        """The compiled module; None for any other, and for all if no core fits.

        Args:
            fullname: Name of the module.
            path: Where its parent lies; not asked.
            target: What is loaded anew; not asked.
        """
        del path, target
        if fullname not in self._names:
            return None
        folder = self.folder()
        return None if folder is None else _spec(folder, fullname)

    def folder(self) -> Path | None:
        """The core that fits, sought once a process; None if there is none."""
        if not self._is_sought:
            self._is_sought, self._folder = True, _usable()
        return self._folder


def _usable() -> Path | None:
    """The core that fits, its library loaded; None if there is none, or this machine cannot load it."""
    if not folder_of_cores().is_dir():
        return None
    folder = core_for()
    spec = _spec(folder, _LIBRARY) if folder.is_dir() else None
    if spec is None or spec.loader is None:
        return None
    try:
        library = module_from_spec(spec)
        sys.modules[_LIBRARY] = library
        spec.loader.exec_module(library)
    except ImportError:  # made where the C library is another one
        sys.modules.pop(_LIBRARY, None)
        return None
    return folder


def _spec(folder: Path, fullname: str) -> ModuleSpec | None:
    below = fullname.removeprefix("pipeline.").replace(".", "/")
    return spec_from_file_location(fullname, folder / f"{below}{_SUFFIX}")


_FINDER: Final = _Finder()
