"""The install steps of the Makefile, run against an index of made-up wheels that has newer versions than the locks.

`beta` asks for `alpha` with an extra, and the index has a newer `alpha` than
the lock: a pip that resolves looks at the newer one, and finds no checksum for
it. That is how an install that worked for months stops working over night.
"""

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from tests.shipping.packages import lock, wheel

ROOT = Path(__file__).parents[2]
BACKEND = '''
"""A build backend of ten lines, so that the project's own install needs no package."""
from tests.shipping.packages import wheel

def build_editable(folder, config_settings=None, metadata_directory=None):
    from pathlib import Path
    wheel(Path(folder), "project", "1.0", requires=["beta>=1"])
    return "project-1.0-py3-none-any.whl"
'''
PROJECT = """
[project]
name = "project"
version = "1.0"
[build-system]
requires = ["never-to-be-resolved"]
build-backend = "backend"
backend-path = ["."]
"""


class Checkout:
    """A folder with the real Makefile, a project of its own, and locks for made-up packages.

    Args:
        folder: An empty one.
    """

    def __init__(self, folder: Path) -> None:
        self.folder, self.index = folder / "checkout", folder / "index"
        (self.folder / "tools").mkdir(parents=True)
        self.index.mkdir()
        shutil.copyfile(ROOT / "Makefile", self.folder / "Makefile")
        (self.folder / "pyproject.toml").write_text(PROJECT, "utf-8")
        (self.folder / "backend.py").write_text(BACKEND, "utf-8")
        (self.folder / "tools" / "install").write_text("#!/bin/sh\n", "utf-8")
        (self.folder / "tools" / "install").chmod(0o755)
        extra = ['gamma>=1; extra == "more"']
        self.alpha = wheel(self.index, "alpha", "1.0", requires=extra, extras=["more"])
        self.beta = wheel(self.index, "beta", "1.0", requires=["alpha[more]>=0.5"])
        self.gamma = wheel(self.index, "gamma", "1.0")
        for name, requires in (("alpha", extra), ("gamma", [])):
            wheel(self.index, name, "2.0", requires=requires, extras=["more"] if requires else [])
        for name in ("run", "dev", "core", "peers", "validators"):
            lock(self.folder / "locks" / f"{name}.txt", self.alpha, self.beta, self.gamma)

    def make(self, *targets: str) -> subprocess.CompletedProcess[str]:
        """Run targets with the real Makefile, on the folder of wheels alone."""
        environment = {name: value for name, value in os.environ.items() if not name.startswith(("PIP_", "MAKE"))}
        environment |= {
            "PIP_CONFIG_FILE": os.devnull,
            "PIP_NO_INDEX": "1",
            "PIP_FIND_LINKS": str(self.index),
            "PIP_NO_CACHE_DIR": "1",
            "PYTHONPATH": str(ROOT),
        }
        command = ["make", f"PYTHON={sys.executable}", *targets]
        return subprocess.run(
            command, cwd=self.folder, env=environment, capture_output=True, text=True, check=False, timeout=300
        )

    def installed(self) -> dict[str, str]:
        """Version of each package in the virtual environment."""
        infos = self.folder.glob(".venv/lib/python*/site-packages/*.dist-info")
        return dict(info.name.removesuffix(".dist-info").split("-", 1) for info in infos)


@pytest.fixture
def checkout(tmp_path: Path) -> Checkout:
    return Checkout(tmp_path)


def test_an_install_from_a_lock_resolves_nothing_though_the_index_has_newer_versions(checkout: Checkout) -> None:
    made = checkout.make(".build/done/run", ".build/done/dev", ".build/done/peers")
    assert made.returncode == 0, made.stdout + made.stderr
    ours = {name: version for name, version in checkout.installed().items() if name not in ("pip", "setuptools")}
    assert ours == {"project": "1.0", "alpha": "1.0", "beta": "1.0", "gamma": "1.0"}


def test_what_a_lock_misses_is_not_fetched_but_named_by_the_check(checkout: Checkout) -> None:
    for name in ("run", "dev", "core", "peers", "validators"):
        lock(checkout.folder / "locks" / f"{name}.txt", checkout.beta)
    made = checkout.make(".build/done/dev")
    assert made.returncode == 0, made.stdout + made.stderr
    assert "alpha" not in checkout.installed()
    (checkout.folder / ".build" / "done" / "kafka").touch()
    checked = checkout.make("--assume-old=.build/done/kafka", "check")
    assert checked.returncode == 2
    assert "beta 1.0 requires alpha, which is not installed" in checked.stdout


def test_a_wheel_with_another_checksum_is_refused(checkout: Checkout) -> None:
    lock(checkout.folder / "locks" / "run.txt", checkout.alpha, checkout.beta, ("gamma==2.0", "0" * 64))
    made = checkout.make(".build/done/run")
    assert made.returncode == 2
    assert "DO NOT MATCH THE HASHES" in made.stderr
    assert not (checkout.folder / ".build" / "done" / "run").exists()


def test_a_python_that_the_locks_do_not_hold_for_is_refused_in_one_line(checkout: Checkout) -> None:
    made = checkout.make("PYTHON=", ".build/done/run")
    assert made.returncode == 2
    assert made.stdout.splitlines() == [
        "Python 3.11, 3.12 or 3.13 is missing: install one, or name yours: make PYTHON=..."
    ]


def test_what_apt_cannot_install_is_named_with_what_apt_said(tmp_path: Path) -> None:
    """On a machine with nothing: no browser, no Java, and an apt that does not know the packages."""
    for name in ("bash", "dirname", "mktemp", "grep", "tail", "rm", "mkdir"):
        (tmp_path / name).symlink_to(shutil.which(name) or name)
    stubs = {"id": "echo 0", "apt-get": 'echo "E: Unable to locate package ${!#}"; exit 100', "dpkg-deb": "exit 100"}
    for name, line in stubs.items():
        (tmp_path / name).write_text(f"#!{shutil.which('bash')}\n{line}\n", "utf-8")
        (tmp_path / name).chmod(0o755)
    (tmp_path / "checkout" / "tools").mkdir(parents=True)  # of its own, where nothing was unpacked yet
    tool = shutil.copy(ROOT / "tools" / "install", tmp_path / "checkout" / "tools" / "install")
    done = subprocess.run(
        [shutil.which("bash") or "bash", str(tool)],
        env={"PATH": str(tmp_path)},
        capture_output=True,
        text=True,
        check=True,
    )
    told = done.stdout.splitlines()
    for package in ("prometheus", "prometheus-alertmanager", "bubblewrap"):
        assert f"could not fetch {package}, and the tests that need it fail: E: Unable to locate" in done.stdout
    for package in ("chromium", "zstd", "jq"):
        said = f"E: Unable to locate package {package}"
        assert f"could not install {package}, and the tests that need it fail: {said}" in told
    assert told[-1].startswith("java mvn node npm: missing")
