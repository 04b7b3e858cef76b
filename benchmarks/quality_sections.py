"""Parts of docs/quality.md that commands of their own make, and that stay until they are made again.

Each begins with its heading. A part is named by that, and may hold smaller ones, as `### Posts` below `## Series and
posts alone`.
"""

from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Final

from benchmarks.quality_worlds_chosen import ROOT

PAGE: Final = ROOT / "docs" / "quality.md"

WITHOUT: Final = "## Without one source or rule"
ALONE: Final = "## Series and posts alone"
SERIES: Final = "### Series"
POSTS: Final = "### Posts"

OF_THEIR_OWN: Final = (ALONE, WITHOUT)
"""Parts that the page of worlds keeps, in this order at its end."""


def kept_section(page: str, heading: str) -> list[str]:
    r"""Lines of a part in a page that was written before, smaller parts in it too; none if it has none.

    Args:
        page: The whole page.
        heading: First line of the part.

    >>> kept_section("# Page\n\n## One\n\n### Small\n\nwords\n\n## Two\n", "## One")
    ['## One', '', '### Small', '', 'words', '']
    """
    lines = page.splitlines()
    if heading not in lines:
        return []
    start, depth = lines.index(heading), _depth(heading)
    after = [number for number, line in enumerate(lines) if number > start and 0 < _depth(line) <= depth]
    return lines[start : after[0] if after else len(lines)]


def _depth(line: str) -> int:
    marks = len(line) - len(line.lstrip("#"))
    return marks if line[marks : marks + 1] == " " else 0


def with_section(page: str, part: Sequence[str]) -> str:
    """A page with this part in the place of the one of its heading, or at its end.

    Args:
        page: The whole page.
        part: Its lines, the heading first.
    """
    heading = part[0]
    lines, old = page.splitlines(), kept_section(page, heading)
    at = lines.index(heading) if old else len(lines)
    before, after = [*lines[:at], *([] if old else [""])], lines[at + len(old) :]
    fresh = [*before, *part, *([""] if after and part[-1] else []), *after]
    return "\n".join(fresh).rstrip() + "\n"


def kept_parts(page: str) -> Iterator[list[str]]:
    """The parts of a page that others have made."""
    return (part for heading in OF_THEIR_OWN if (part := kept_section(page, heading)))


def put_alone(part: Sequence[str], path: Path = PAGE) -> None:
    """Put what was measured of series or posts alone into the page, beside the other one.

    Args:
        part: Its lines; the heading is one of the smaller parts.
        path: The page.
    """
    page = path.read_text("utf-8")
    alone = kept_section(page, ALONE) or [ALONE, ""]
    parts = {heading: kept_section("\n".join(alone), heading) for heading in (SERIES, POSTS)}
    parts[part[0]] = list(part)
    whole = [ALONE, ""]
    for lines in filter(None, parts.values()):
        whole += [*"\n".join(lines).strip().splitlines(), ""]
    path.write_text(with_section(page, whole), "utf-8")
