"""Words around names of operators, by which a text says whom it means and where all is well."""

import msgspec


class Brands(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """How a language points at an operator whose name is an ordinary word.

    Attributes:
        before: Words before it.
        after: Words after it.
        failing: What says behind its name that all of it fails: "is down". One word does so only behind a name that is
            no ordinary word: "three down" is a crossword.
        others: People and households that are not the writer: "my neighbour".
        at: Words before a name that say where somebody is a customer: "with"; an ordinary word behind them is a brand
            if its clause complains and ends there.
        behind: Words that may follow such a name instead of an end: "no signal on three since noon".
        joins: Words between names of which the same is said: "and".
        me: Words with which a clause begins that goes on about the writer, not about the last name: "mine is dead".
        moving: Words with one of `well` in them that say nothing of the kind: "passé de X à Y".
        yes: What is left of "works" beside something that does not: "with X it fails, with Y yes".
        no: The same of "does not work".
        well: What says that all is well: "no problems".
        turns: Words with which another clause begins: "but".
        denies: Words that deny: with one of them in its clause a name is a complaint's after all.
        adds: Those of them that only add: "also"; in front of a name that works they deny nothing.
    """

    before: tuple[str, ...]
    after: tuple[str, ...]
    failing: tuple[str, ...] = ()
    others: tuple[str, ...] = ()
    at: tuple[str, ...] = ()
    behind: tuple[str, ...] = ()
    joins: tuple[str, ...] = ()
    me: tuple[str, ...] = ()
    moving: tuple[str, ...] = ()
    yes: tuple[str, ...] = ()
    no: tuple[str, ...] = ()
    well: tuple[str, ...] = ()
    turns: tuple[str, ...] = ()
    denies: tuple[str, ...] = ()
    adds: tuple[str, ...] = ()
