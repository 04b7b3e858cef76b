"""The locks hold for every Python that pyproject.toml promises, though only one of them runs the tests."""

import re
import tomllib
from importlib.metadata import PackageNotFoundError, requires
from pathlib import Path

import pytest
from packaging.requirements import Requirement
from packaging.specifiers import SpecifierSet
from packaging.utils import canonicalize_name

ROOT = Path(__file__).parents[2]
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))
PYTHONS = ("3.11", "3.12", "3.13")
GROUPS = {"run": ("build",), "dev": ("build", "gazetteer", "dev"), "peers": ("peers",)}
"""What each lock holds beside the project's own requirements, as in `make lock`."""

_PIN = re.compile(r"^([a-z0-9-]+)==(\S+)(?: ; ([^\\]+?))? \\$", re.MULTILINE)


def _environment(python: str) -> dict[str, str]:
    return {"python_version": python, "python_full_version": f"{python}.0", "sys_platform": "linux"}


def _pins(name: str, python: str) -> dict[str, str]:
    """Package -> version that the lock has for one Python."""
    text = (ROOT / "locks" / f"{name}.txt").read_text("utf-8")
    pins = {}
    for package, version, marker in _PIN.findall(text):
        if not marker or Requirement(f"{package}; {marker}").marker.evaluate(_environment(python)):  # type: ignore[union-attr]
            assert package not in pins, f"{package} is pinned twice for Python {python}"
            pins[package] = version
    return pins


def _asked(name: str, extras: frozenset[str], python: str) -> list[Requirement]:
    """What an installed package asks for on one Python; nothing is known of one that only another Python has."""
    try:
        lines = requires(name) or []
    except PackageNotFoundError:
        return []
    environments = [{**_environment(python), "extra": extra} for extra in sorted(extras | {""})]
    wanted = [Requirement(line) for line in lines]
    return [asked for asked in wanted if asked.marker is None or any(map(asked.marker.evaluate, environments))]


def _missing(roots: list[str], pins: dict[str, str], python: str) -> list[str]:
    """One line for each requirement, however deep, that the pins do not keep."""
    problems = []
    todo = [Requirement(line) for line in roots]
    seen: set[tuple[str, frozenset[str]]] = set()
    while todo:
        requirement = todo.pop()
        package, extras = canonicalize_name(requirement.name), frozenset(requirement.extras)
        if requirement.marker is not None and not requirement.marker.evaluate({**_environment(python), "extra": ""}):
            continue
        if package not in pins:
            problems.append(f"{requirement} is not in the lock")
        elif not requirement.specifier.contains(pins[package], prereleases=True):
            problems.append(f"{requirement}, but the lock has {pins[package]}")
        if (package, extras) not in seen:
            seen.add((package, extras))
            todo += [Requirement(str(asked).partition(";")[0]) for asked in _asked(package, extras, python)]
    return problems


@pytest.mark.parametrize("python", PYTHONS)
@pytest.mark.parametrize("name", GROUPS)
def test_no_lock_misses_a_requirement_on_any_python_that_is_promised(name: str, python: str) -> None:
    groups = [line for group in GROUPS[name] for line in PROJECT["dependency-groups"][group]]
    roots = [*PROJECT["project"]["dependencies"], *groups]
    assert _missing(roots, _pins(name, python), python) == [], "make lock"


def test_the_check_names_what_is_missing_and_what_is_too_old() -> None:
    pins = _pins("dev", "3.11")
    del pins["coverage"]
    pins["aiohttp"] = "3.0"
    told = _missing(["pytest-cov>=7", "aiohttp>=3.13"], pins, "3.11")
    assert [line.split(">=")[0] for line in told] == ["aiohttp", "coverage[toml]"]


def test_locks_agree_with_each_other() -> None:
    """The three are installed into one environment, one after the other."""
    for python in PYTHONS:
        run, dev, peers = (_pins(name, python) for name in ("run", "dev", "peers"))
        assert run.items() <= dev.items()
        assert {name: version for name, version in peers.items() if dev.get(name, version) != version} == {}


def test_promised_pythons_are_those_of_the_tests() -> None:
    promised = SpecifierSet(PROJECT["project"]["requires-python"])
    assert [minor for minor in range(20) if f"3.{minor}.0" in promised] == [11, 12, 13]
