"""All bars of text understanding in one table: what is met, what is missed, what could not be measured here.

First by the shipped files on texts of the project that they have not learnt, then on the training texts, each judged
by weights that have not seen its writer (`--without-own` leaves these out: they take minutes), then on data that are
not in the repository, whose folder TOCSIN_DATA names; what is not there is named. Each part is a module of its own.
"""

import argparse
import os
from collections.abc import Iterator
from pathlib import Path

from benchmarks.quality_places import shipped_rules
from benchmarks.quality_text_outside import Outside, add_options, names_of
from benchmarks.quality_text_own import own_lines
from benchmarks.quality_text_unlearnt import unlearnt_lines
from benchmarks.text_lines import Line, tell, tell_verdicts

VARIABLE = "TOCSIN_DATA"


def all_lines(folder: Path | None, names: dict[str, str], *, own: bool) -> Iterator[Line]:
    """All figures.

    Args:
        folder: Holds data of the user's own; None = there are none.
        names: Of their files.
        own: The training texts, too.
    """
    rules, places = shipped_rules()
    yield from unlearnt_lines(rules, places)
    yield from Outside(folder, names, rules).lines()
    yield from own_lines() if own else ()


def main(words: list[str] | None = None) -> int:
    """Print the table.

    Returns:
        1 if a bar is missed and `--strict` is asked for, else 0.
    """
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--strict", action="store_true", help="End with 1 if a bar is missed.")
    parser.add_argument("--without-own", action="store_true", help="Leave out what needs weights to be learnt anew.")
    add_options(parser)
    asked = parser.parse_args(words)
    folder = Path(os.environ[VARIABLE]) if VARIABLE in os.environ else None
    held = tell_verdicts(tell(all_lines(folder, names_of(asked), own=not asked.without_own)))
    return 0 if held or not asked.strict else 1


if __name__ == "__main__":
    raise SystemExit(main())
