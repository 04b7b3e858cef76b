"""Keep the schemas and samples of a release, so that later ones can be held against them.

Run it when a version is released: `python -m tests.schemas.snapshot 0.1.0`.
Internal topics are left out: between our own stages a release may change them.
"""

import json
import shutil
import sys
from pathlib import Path
from typing import Final

from tests.schemas.contracts import SCHEMAS, TOPICS

INTERNAL: Final = frozenset({"signals", "anomalies"})
PUBLIC: Final = tuple(topic for topic in TOPICS if topic not in INTERNAL)
HISTORY: Final = SCHEMAS / "history"


def samples(topic: str) -> list[object]:
    """The records that a topic's examples accept, in the order of their names."""
    return [json.loads(file.read_text()) for file in sorted((SCHEMAS / "examples" / topic / "accept").glob("*.json"))]


def take(version: str) -> Path:
    """Write the snapshot of a version; one that is there is replaced.

    Args:
        version: Of the release, such as `0.1.0`.

    Returns:
        Its folder.
    """
    folder = HISTORY / version
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)
    for name in ("common", *PUBLIC):
        shutil.copy(SCHEMAS / f"{name}.v1.json", folder)
    for topic in PUBLIC:
        lines = [json.dumps(record, ensure_ascii=False, sort_keys=True) + "\n" for record in samples(topic)]
        (folder / f"{topic}.samples.jsonl").write_text("".join(lines))
    return folder


if __name__ == "__main__":
    sys.stdout.write(f"{take(sys.argv[1])}\n")
