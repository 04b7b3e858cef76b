"""Compiles the core for this Python and this checkout: `make core`; `python -m tools.core off` undoes it.

The core is what reads texts and judges series. mypyc turns the very modules that run anyway into machine code, so there
is one source and there are the same results; a few loops have a twin in C, which the same step compiles beside them
(`tests/core` compares them all). Where it cannot be done - no C compiler, no headers of Python - one line says so, and
the sources run. As a script, `python tools/core.py`, it compiles for the package that is installed.
"""

import importlib.util
import os
import re
import shutil
import subprocess
import sys
import sysconfig
import tempfile
from pathlib import Path
from typing import Final

from pipeline.compiled import GROUP, LOOPS, MODULES, PACKAGE, core_for, folder_of_cores

_CLASS: Final = re.compile(r"^(?=class \w+(?:\((?:Generic\[\w+\]|ABC|Detector)\))?:)", re.MULTILINE)
_IMPORT: Final = re.compile(r"^(?=(?:from|import) )", re.MULTILINE)
_KEEP: Final = "@mypyc_attr(serializable=True, allow_interpreted_subclasses=True)\n"
"""So that compiled rules can be kept on disk; by the first word alone mypyc 2.4 makes objects without attributes."""

_SETUP: Final = """
from mypyc.build import mypycify
from setuptools import Extension, setup

modules = mypycify({modules!r}, opt_level="2", debug_level="0", group_name={group!r})
for module in modules:
    module.extra_compile_args += {exact!r}
loops = [(name, name.replace(".", "/") + ".c") for name in {loops!r}]
modules += [Extension(name, [path], extra_compile_args={fast!r}) for name, path in loops]
setup(name="core", packages=[], ext_modules=modules)
"""

_EXACT: Final = ["-ffp-contract=off", "-fno-builtin-pow"]
"""Floats are what Python makes of them, on every machine: no product is fused with a sum, no power is a product."""

_FAST: Final = [*_EXACT, "-O3"]
"""Loops are worth more of the compiler's time."""

_MYPY: Final = "[mypy]\nignore_missing_imports = True\nexplicit_package_bases = True\n"


class CannotCompileError(Exception):
    """What is missing on this machine, in a few words."""


def core(package: Path = PACKAGE) -> Path:
    """The core that fits, compiled if there is none yet; cores of other sources for this Python are removed.

    Args:
        package: Folder of the package `pipeline`.

    Raises:
        CannotCompileError: If this machine cannot compile it.
    """
    folder = core_for(package)
    if folder.is_dir():
        return folder
    _require_tools()
    with tempfile.TemporaryDirectory() as place:
        made = _compiled(package, Path(place))
        folder.parent.mkdir(exist_ok=True)
        beside = Path(tempfile.mkdtemp(dir=folder.parent))
        shutil.copytree(made, beside / "made")
        for old in folder.parent.glob(f"*{folder.suffix}"):
            shutil.rmtree(old, ignore_errors=True)
        (beside / "made").rename(folder)
        beside.rmdir()
    return folder


def keepable(source: str) -> str:
    """A module whose classes can be kept on disk compiled, as they can be otherwise.

    Args:
        source: Its code.
    """
    marked = _CLASS.sub(_KEEP, source)
    return source if marked == source else _IMPORT.sub("from mypy_extensions import mypyc_attr\n", marked, count=1)


def _require_tools() -> None:
    compiler = (os.environ.get("CC") or sysconfig.get_config_var("CC") or "cc").split()[0]
    if shutil.which(compiler) is None:
        raise CannotCompileError(f"no C compiler here ({compiler})")
    if not Path(sysconfig.get_path("include"), "Python.h").exists():
        raise CannotCompileError("Python's headers are not here (on Debian: python3-dev)")
    if importlib.util.find_spec("mypyc") is None or importlib.util.find_spec("setuptools") is None:
        raise CannotCompileError("mypy and setuptools are not installed here (locks/core.txt)")


def _compiled(package: Path, folder: Path) -> Path:
    """Compile the modules beside a copy of all others, which they are checked against."""
    ignored = shutil.ignore_patterns("*.so", "__pycache__", "_share", "_core")
    shutil.copytree(package, folder / "pipeline", ignore=ignored)
    modules = [f"pipeline/{name}" for name in MODULES]
    for name in modules:
        path = folder / name
        path.write_text(keepable(path.read_text("utf-8")), "utf-8")
    (folder / "mypy.ini").write_text(_MYPY)
    loops = [f"pipeline/{name}".removesuffix(".py").replace("/", ".") for name in LOOPS]
    (folder / "setup.py").write_text(_SETUP.format(modules=modules, group=GROUP, exact=_EXACT, fast=_FAST, loops=loops))
    command = [sys.executable, "setup.py", "-q", "build_ext", "--build-lib", "made"]
    done = subprocess.run(command, cwd=folder, capture_output=True, text=True, check=False)  # noqa: S603 - our own words
    if done.returncode:
        raise CannotCompileError(f"compiling failed: {(done.stderr or done.stdout).strip()[-2_000:]}")
    return folder / "made" / "pipeline"


def main(words: list[str]) -> None:
    """Compile, or with the word `off` take away what is compiled."""
    if words == ["off"]:
        shutil.rmtree(folder_of_cores(), ignore_errors=True)
        return
    try:
        if not core_for().is_dir():
            sys.stdout.write("compiling what reads texts and judges series, a minute or two ...\n")
        core()
    except (CannotCompileError, OSError) as missing:
        sys.stdout.write(f"no compiled core, so rules run by Python alone, more slowly: {missing}\n")


if __name__ == "__main__":
    main(sys.argv[1:])
