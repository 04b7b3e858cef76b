"""A pytest plugin that breaks one module of the pipeline as it is imported: no file is touched.

`python -m pytest -p tests.mutants.breaking TEST`, with the mutant's name in the environment.
"""

import os
import sys
from collections.abc import Sequence
from importlib.abc import MetaPathFinder
from importlib.machinery import ModuleSpec, SourceFileLoader
from importlib.util import spec_from_file_location
from pathlib import Path
from types import CodeType, ModuleType
from typing import Final

from hypothesis import Phase, settings

from tests.mutants.fears import FEARS, MAP_FEARS, Fear
from tests.mutants.fears_of_backups import FEARS_OF_BACKUPS
from tests.mutants.fears_of_people import FEARS_OF_PEOPLE
from tests.mutants.fears_of_stories import FEARS_OF_STORIES
from tests.mutants.fears_of_words import FEARS_OF_WORDS

ROOT: Final = Path(__file__).parents[2]
VARIABLE: Final = "TOCSIN_MUTANT"


class _Loader(SourceFileLoader):
    """Compiles the broken source; the cache of compiled files is neither read nor written."""

    def __init__(self, name: str, path: str, fear: Fear) -> None:
        super().__init__(name, path)
        self._fear = fear

    def get_code(self, fullname: str) -> CodeType:
        del fullname
        return compile(self._fear.broken(Path(self.path).read_text("utf-8")), self.path, "exec", dont_inherit=True)


class _Finder(MetaPathFinder):
    def __init__(self, fear: Fear) -> None:
        self._fear = fear
        self._module = fear.file.removesuffix(".py").replace("/", ".")

    def find_spec(
        self, fullname: str, path: Sequence[str] | None = None, target: ModuleType | None = None
    ) -> ModuleSpec | None:
        del path, target
        if fullname != self._module:
            return None
        file = str(ROOT / self._fear.file)
        return spec_from_file_location(fullname, file, loader=_Loader(fullname, file, self._fear))


def _break() -> None:
    name = os.environ.get(VARIABLE)
    if name:
        settings.register_profile("mutants", phases=(Phase.explicit, Phase.generate), derandomize=True)
        settings.load_profile("mutants")  # to find a bug is enough: no shrinking, no memory of examples
        fear = next(
            fear
            for fear in (*FEARS, *FEARS_OF_BACKUPS, *FEARS_OF_PEOPLE, *FEARS_OF_STORIES, *FEARS_OF_WORDS, *MAP_FEARS)
            if fear.name == name
        )
        sys.meta_path.insert(0, _Finder(fear))


_break()
