"""Files of deploy/ that follow from the map: `python -m tests.deploy.manifests` writes them, a test compares them.

They are what commands of the program print, so that an operator with settings of
his own makes his own in the same way.
"""

import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

ROOT = Path(__file__).parents[2]
_LOCAL = ("--bootstrap", "127.0.0.1:29092")
_COMPOSE, _BASE = "deploy/compose/tocsin.toml", "deploy/k8s/base/tocsin.toml"

MADE_BY = {
    "deploy/compose/rights.sh": ("topics", "acl", "-c", _COMPOSE, *_LOCAL),
    "deploy/k8s/base/users.yaml": ("topics", "acl", "-c", _BASE, "--form", "strimzi"),
    "deploy/k8s/base/topics.yaml": ("topics", "strimzi", "-c", _BASE),
}
"""File, from the root of the checkout, to the command whose output it holds."""


def text_of(words: tuple[str, ...]) -> str:
    """What the file holds: how it was made, and the output of the command."""
    done = subprocess.run(
        [sys.executable, "-m", "pipeline", *words], cwd=ROOT, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stderr
    return f"# Made by `make manifests`: tocsin {' '.join(words)}\n{done.stdout}"


def main() -> Iterator[str]:
    """Write them all."""
    for name, words in MADE_BY.items():
        (ROOT / name).write_text(text_of(words), "utf-8")
        yield name


if __name__ == "__main__":
    print("\n".join(main()))  # noqa: T201 - a tool that tells what it wrote
