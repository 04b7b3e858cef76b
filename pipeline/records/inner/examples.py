"""Examples: the few posts and tickets that show what people say.

Examples are chosen by a total order, so that the same ones are kept however the
records were cut into batches.
"""

from typing import Final

import msgspec

from pipeline.records.clocks import Instant

EXAMPLES_MAX: Final = 3
"""Examples kept of a series and pane."""


class Example(msgspec.Struct, frozen=True, order=True):
    """A post or ticket that shows what people say; the order of fields is the order of merit.

    Attributes:
        rank: 1000 less the probability in permille that it reports a fault: lesser is better.
        id_hash: Keyed hash of its id; breaks ties without favour.
        at: Event time of the record, ms.
        text: At most 240 characters, handles and links masked.
    """

    rank: int
    id_hash: int
    at: Instant
    text: str
    symptom: str = ""
    lang: str = ""


def best_examples(examples: list[Example]) -> list[Example]:
    """The best few of all, each id once, best first.

    An id's best form is its least, so a repeat with other words changes nothing
    in another order.
    """
    best: dict[int, Example] = {}
    for example in sorted(examples):
        best.setdefault(example.id_hash, example)
        if len(best) == EXAMPLES_MAX:
            break
    return list(best.values())
