"""What a text is understood to say: one record, the same on every machine."""

import msgspec

from pipeline.ingest.text.told.since import Since


class Understood(msgspec.Struct, frozen=True):
    """What a text says.

    Attributes:
        relevant: It reports a present fault of a network or a programme, first hand: its probability is high enough.
        probability_permille: Probability of that by the text alone, 0 to 999.
        in_context_permille: The same where many complain at one place and time: "here too" then says much.
        evidence_cnat: What the text says for a fault beyond the odds of any text, in centi-nats, below 0 against one.
        in_context_cnat: The same in context.
        lang: Code of the language, one that has a lexicon.
        service: One of `pipeline.records.vocabulary.SERVICES`; None if it cannot be told.
        item: A TV channel's id, or 2G, 3G, 4G, 5G.
        symptom: no_service, no_signal, slow, dropping, no_calls, no_sms, no_internet, no_tv, picture, buffering,
            delayed, emergency_unreachable or other; None if not relevant.
        emergency: It claims that emergency services cannot be reached: that is surely what it says.
        claim_permille: Probability of such a claim, 0 to 999; 0 for a text about something else.
        claim_doubtful: It may be such a claim: a person should look.
        at_ease: Ids of operators that it names as those of others, with whom all is well: no word about them.
        services: All services that it says fail, `service` first.
        since: Since when it fails, as it is told; None if it does not say, or reports no fault and hardly may.
        spread: `isolated` if it says that others have it not, `general` if it says that they do, else ''.
        overdue: It says that it fails still, or that work should be over by now.
        back: It says that all is well again.
        area: Path of the smallest area that is surely meant.
        area_permille: How sure the area is, 0 to 999; 0 without one.
        operators: Ids of operators that it names, sorted; who searched for it, if it names none.
    """

    relevant: bool
    probability_permille: int
    in_context_permille: int
    evidence_cnat: int
    in_context_cnat: int
    lang: str
    service: str | None
    item: str | None
    symptom: str | None
    emergency: bool
    area: str | None
    operators: tuple[str, ...]
    claim_permille: int = 0
    claim_doubtful: bool = False
    at_ease: tuple[str, ...] = ()
    services: tuple[str, ...] = ()
    since: Since | None = None
    spread: str = ""
    back: bool = False
    area_permille: int = 0
    overdue: bool = False
