"""Shows how the golden outputs differ from what the flow gives now, then writes them anew: make golden-update."""

import difflib
import sys

from tests.golden.stories import STORIES, TOPICS, as_file, expected_path

SHOWN_CHARS_MAX = 400


def main() -> None:
    """Print the difference of every story and topic, and write the new outputs."""
    for story, run in STORIES.items():
        found = run()
        for topic in TOPICS:
            path = expected_path(story, topic)
            old = path.read_text("utf-8").splitlines() if path.is_file() else []
            new = as_file(topic, found[topic]).decode().splitlines()
            changes = [
                line for line in difflib.unified_diff(old, new, lineterm="", n=0) if line[:3] not in ("---", "+++")
            ]
            sys.stdout.write(f"{story}/{topic}: {len(old)} lines before, {len(new)} now\n")
            sys.stdout.writelines(f"  {line[:SHOWN_CHARS_MAX]}\n" for line in changes if not line.startswith("@@"))
            path.parent.mkdir(exist_ok=True)
            path.write_bytes(as_file(topic, found[topic]))


if __name__ == "__main__":
    main()
