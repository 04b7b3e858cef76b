"""Words by which people tell since when something fails, who else has it, and that it is back."""

import msgspec


class ToldWords(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What a language has for that; as it is written.

    Attributes:
        since: Words before a time from which on something fails: "since".
        lasting: Words before a length of time for which it has failed: "for the last".
        ago: Words behind a length that do the same: "ago".
        minutes: Words for minutes, hours and days behind a number.
        hours: See `minutes`.
        days: See `minutes`.
        yesterday: Words for the day before.
        chronic: What says that it has lasted for days: "for weeks".
        overdue: What says that it should be over by now: "was meant to finish", "still".
        isolated: What says that the writer may be the only one: "only me".
        never_isolated: What looks like it, and asks or denies it: "not only me", "or just me".
        general: What says that others nearby have it, too: "whole street".
        back: What says that it works again: "is back".
        never_back: What turns that round in its sentence: "not", "when", "will be".
    """

    since: tuple[str, ...] = ()
    lasting: tuple[str, ...] = ()
    ago: tuple[str, ...] = ()
    minutes: tuple[str, ...] = ()
    hours: tuple[str, ...] = ()
    days: tuple[str, ...] = ()
    yesterday: tuple[str, ...] = ()
    chronic: tuple[str, ...] = ()
    overdue: tuple[str, ...] = ()
    isolated: tuple[str, ...] = ()
    never_isolated: tuple[str, ...] = ()
    general: tuple[str, ...] = ()
    back: tuple[str, ...] = ()
    never_back: tuple[str, ...] = ()
