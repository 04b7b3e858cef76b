"""Numbers as tables write them: 1234.5, 1.234,5, 1'234.5, 97,5 %.

`1,234` is 1234 in London and 1.234 in Paris. Which it is stands in the file's
other numbers; where it does not, the row is refused and the option is named,
since a factor of thousand is no small mistake.
"""

import re
from collections import Counter
from collections.abc import Iterable
from typing import Final

from pipeline.adapters.recordings.intake.written.faults import Fault, RowError

AUTO: Final = "auto"
DECIMALS: Final = (AUTO, ".", ",")

NOTHING: Final = frozenset({"-", "--", "–", "—", "n/a", "na", "null", "none", "#n/a", "#div/0!", "#value!", "?"})
"""What tables write where nothing was measured; compared in small letters."""

_PLAIN: Final = re.compile(r"[+-]?(?:\d+(?:\.\d*)?|\.\d+)(?:[eE][+-]?\d+)?")
_COMMA_SURE: Final = re.compile(r"[+-]?(?:\d{1,3}(?:[.\s'’]\d{3})+,\d+|\d+,(?:\d{1,2}|\d{4,})|0,\d+)")
_POINT_SURE: Final = re.compile(r"[+-]?(?:\d{1,3}(?:[,\s'’]\d{3})+\.\d+|\d+\.(?:\d{1,2}|\d{4,})|0\.\d+)")
_GROUPED: Final = {
    ".": re.compile(r"[+-]?\d{1,3}(?:[,\s'’]\d{3})+(?:\.\d*)?"),
    ",": re.compile(r"[+-]?\d{1,3}(?:[.\s'’]\d{3})+(?:,\d*)?"),
}
_GAPS: Final = str.maketrans("", "", " \u00a0\u202f\u2009'’")


def decimal_of(texts: Iterable[str]) -> str | None:
    """Which character stands before decimals, as far as numbers tell; None if they do not, or if they disagree.

    >>> decimal_of(["12,5", "1.234,5", "7"]), decimal_of(["12.5"]), decimal_of(["1,234"])
    (',', '.', None)
    """
    votes: Counter[str] = Counter()
    for text in texts:
        bare = text.strip().rstrip("%").strip()
        votes[","] += _COMMA_SURE.fullmatch(bare) is not None
        votes["."] += _POINT_SURE.fullmatch(bare) is not None
    if bool(votes[","]) == bool(votes["."]):
        return None
    return "," if votes[","] else "."


def plain_number(name: str, text: str, decimal: str | None) -> str:
    """A number as Python writes it.

    Args:
        name: Field, for the message.
        text: As it stands in the cell.
        decimal: `.` or `,` before decimals; None if nobody knows.

    Raises:
        RowError: `missing_field` for what stands where nothing was measured; `bad_number` for what can be read in
            two ways.

    >>> plain_number("value", "1.234,5", ","), plain_number("value", "1 234", "."), plain_number("value", "7e-3", None)
    ('1234.5', '1234', '7e-3')
    """
    bare = text.strip()
    if bare.casefold() in NOTHING:
        raise RowError(Fault.MISSING_FIELD, f"{name}: {text[:20]!r} says that nothing was measured", "nothing measured")
    if _PLAIN.fullmatch(bare) and not (decimal == "," and "." in bare):
        return bare
    if decimal is None and "," in bare:
        words = f"{name}: {text[:40]!r} can be read in two ways: say --decimal , or --decimal ."
        raise RowError(Fault.BAD_NUMBER, words, "number with a comma that can be read in two ways")
    grouping = _GROUPED[decimal or "."]
    if decimal == "," and (grouping.fullmatch(bare) or "." not in bare):
        bare = bare.translate(_GAPS).replace(".", "").replace(",", ".")
    elif grouping.fullmatch(bare):
        bare = bare.translate(_GAPS).replace(",", "")
    if not _PLAIN.fullmatch(bare) and bare.casefold() not in {"nan", "inf", "-inf", "infinity"}:
        raise RowError(Fault.BAD_NUMBER, f"{name}: {text[:40]!r} is no number")
    return bare
