"""Programs that check files of others' forms, from `.build/validators`: `make setup` installs them there."""

import os
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).parents[2]
FOLDER = ROOT / ".build" / "validators"


def refusal(module: str, *words: str) -> str:
    """What a validator says against something; empty if it is content.

    Args:
        module: Of the validator, such as `check_jsonschema`.
        words: Its arguments.
    """
    assert FOLDER.is_dir(), f"{FOLDER} is missing: run `make setup`"
    environment = {**os.environ, "PYTHONPATH": str(FOLDER)}
    command = [sys.executable, "-m", module, *words]
    done = subprocess.run(command, env=environment, capture_output=True, text=True, check=False)
    return "" if done.returncode == 0 else f"{done.stdout}{done.stderr}" or f"exit code {done.returncode}"
