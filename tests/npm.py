"""Checkers that come as npm packages: installed from a lock file into a folder that git ignores.

If one cannot be installed the tests that need it fail: what was not checked is not known to be right.
"""

import shutil
import subprocess
from pathlib import Path

import pytest


def install(folder: Path) -> None:
    """Install what the lock file of a folder says, unless that was done already."""
    installed, locked = folder / "node_modules/.package-lock.json", folder / "package-lock.json"
    if installed.exists() and installed.stat().st_mtime >= locked.stat().st_mtime:
        return
    npm = shutil.which("npm") or pytest.fail("npm is not installed: install Node 20 or later", pytrace=False)
    command = [npm, "ci", "--ignore-scripts", "--no-audit", "--no-fund"]
    done = subprocess.run(command, cwd=folder, capture_output=True, text=True, check=False)
    if done.returncode:
        fix = f"run: (cd {folder} && npm ci --ignore-scripts)"
        pytest.fail(f"npm could not install its packages; {fix}\n{done.stderr[-1_000:]}", pytrace=False)


def node(folder: Path, *words: str | Path) -> subprocess.CompletedProcess[str]:
    """Run a script of a folder."""
    program = shutil.which("node") or pytest.fail("node is not installed: install Node 20 or later", pytrace=False)
    return subprocess.run([program, *words], cwd=folder, capture_output=True, text=True, check=False)
