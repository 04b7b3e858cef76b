"""`tocsin explain`: why a text counts as a report of a fault, or does not."""

from collections.abc import Sequence
from typing import TYPE_CHECKING, Annotated, Final

import typer

from pipeline.adapters.cli.options import Form, Sets, SettingsFile, loaded_from
from pipeline.adapters.cli.terminal import Format, Terminal
from pipeline.records.errors import ConfigError

if TYPE_CHECKING:
    from pipeline.ingest.text.mood.judging import MoodPart
    from pipeline.ingest.text.official.reading import OfficialReasons
    from pipeline.ingest.text.told.since import Since
    from pipeline.ingest.text.understood import Understood

_SHOWN: Final = 20
"""Features that a person is shown; a script gets all of them."""

_SIGNS_SHOWN: Final = 8
"""Features of a claim that a person is shown."""

_WEEKDAYS: Final = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")

_MOODS_SHOWN: Final = 6
"""Signs of mood that a person is shown."""

_IN_CONTEXT_PERMILLE: Final = 500
"""From this probability on, a text among many complaints is likelier one of them than not."""


def explain(  # noqa: PLR0913, PLR0917 - one for each option
    text: Annotated[str, typer.Argument(metavar="TEXT", help="As it was written.", show_default=False)],
    market: Annotated[str | None, typer.Option(help="Where it was posted: GB.")] = None,
    operator: Annotated[str | None, typer.Option(help="Whose search found it, or who received it.")] = None,
    lang: Annotated[str | None, typer.Option(help="Its language, if the platform says: en.")] = None,
    context: Annotated[
        bool, typer.Option("--context", help="Judge it as one of many complaints of one place and minute.")
    ] = False,
    official: Annotated[
        bool, typer.Option("--official", help="Read it as the operator's own post: its kind, the end that it promises.")
    ] = False,
    answers: Annotated[bool, typer.Option("--answers", help="With --official: it answers somebody's post.")] = False,
    form: Form = Format.TABLE,
    settings: SettingsFile = None,
    sets: Sets = None,
) -> None:
    """Show what a text is taken to say, and what in it speaks for a present fault or against it.

    Two probabilities are told: by the text alone, and among many complaints of one
    place and minute, where "same here" is an answer. Weights are hundredths of the
    natural logarithm of odds, alone and in context, heaviest first; docs/text.md explains them. With
    --context the verdict and the order are those of the second probability.

    With --official: the kind of the post, the words that promise an end, and what
    speaks for that kind or against it, in the same unit.
    """
    from pipeline.adapters.compose import Parts
    from pipeline.records.clocks import Instant

    terminal = Terminal(form)
    reader = Parts(loaded_from(settings, sets).settings, lambda: Instant(0)).texts()
    known = reader.markets
    if market is not None and market not in known:
        raise ConfigError(
            f"--market = {market!r}: must be one of {', '.join(known)}, or made: tocsin reference new-market"
        )
    if official:
        _tell_official(terminal, reader.official_reasons(text, lang=lang, market=market, answers=answers))
        return
    understood = reader.understand(text, lang=lang, market=market, operator=operator)
    parts = reader.parts(text, lang=lang, market=market)
    if context:
        parts.sort(key=lambda part: -abs(part.in_context))
    mood, moods = reader.mood(text, understood.lang), reader.mood_parts(text, understood.lang)
    claims = reader.claim_parts(text, understood.lang, market) if understood.claim_permille else []
    topics = reader.topics(text, lang=understood.lang, market=market)
    felt: dict[str, object] = {"mood": mood, "mood_parts": [part._asdict() for part in moods]}
    beside = {"claim_parts": [{"feature": name, "weight": weight} for name, weight in claims], "topics": topics}
    terminal.data({"understood": understood, "parts": [part._asdict() for part in parts], **felt, **beside})
    _tell_understood(terminal, understood, topics, context=context)
    for part in parts[:_SHOWN]:
        terminal.text(f"{part.alone:+5d} {part.in_context:+5d}  {part.feature}")
    _tell_claim(terminal, understood, claims)
    _tell_mood(terminal, mood, moods)


def _tell_understood(terminal: Terminal, understood: "Understood", topics: "Sequence[str]", *, context: bool) -> None:
    """What the text is taken to say."""
    relevant = understood.in_context_permille >= _IN_CONTEXT_PERMILLE if context else understood.relevant
    verdict = "a report of a present fault" if relevant else "no report of a present fault"
    terminal.text(
        f"{verdict}: probability {understood.probability_permille / 1_000:.3f} alone,"
        f" {understood.in_context_permille / 1_000:.3f} among many complaints;"
        f" says {understood.evidence_cnat:+d} and {understood.in_context_cnat:+d}"
    )
    told = [(name, getattr(understood, name)) for name in ("lang", "service", "item", "symptom", "area")]
    told += [("operator", name) for name in understood.operators]
    claim = ["a claim that help cannot be called"] if understood.emergency else []
    terminal.text(", ".join([*(f"{name} {value}" for name, value in told if value), *claim, *_told_beside(understood)]))
    if topics:
        terminal.text(f"talks of {', '.join(topics)}")


def _told_beside(understood: "Understood") -> list[str]:
    """What else is told, in words: more services, since when, who has it, that it is back, who is at ease."""
    told = [f"and {service}" for service in understood.services[1:]]
    told += [f"at ease {name}" for name in understood.at_ease]
    if understood.since is not None:
        told.append(f"since {_since(understood.since)}")
    if understood.spread:
        told.append("others have it, too" if understood.spread == "general" else "only the writer has it")
    return [*told, "all is well again"] if understood.back else told


def _since(since: "Since") -> str:
    """Since when, as it is told.

    >>> from pipeline.ingest.text.told.since import Since
    >>> _since(Since(minutes=120)), _since(Since(minute=1080, days=1)), _since(Since(chronic=True))
    ('120 min ago', '18:00, the day before', 'days or longer')
    """
    if since.minutes is not None:
        return f"{since.minutes} min ago"
    clock = "" if since.minute is None else f"{since.minute // 60}:{since.minute % 60:02}"
    day = "" if not since.days else "the day before" if since.days == 1 else f"{since.days} days before"
    weekday = "" if since.weekday is None else _WEEKDAYS[since.weekday]
    return ", ".join(word for word in (clock, day, weekday) if word) or ("days or longer" if since.chronic else "today")


def _tell_claim(terminal: Terminal, understood: "Understood", claims: "Sequence[tuple[str, int]]") -> None:
    """A claim, sure or in doubt, with what speaks for it; pairs and meaning count beside these."""
    if not understood.claim_permille:
        return
    verdict = (
        "a person is asked" if understood.claim_doubtful else "sure" if understood.emergency else "not enough to ask"
    )
    terminal.text(f"may say that help cannot be called: probability {understood.claim_permille / 1_000:.3f}, {verdict}")
    for name, weight in claims[:_SIGNS_SHOWN]:
        terminal.text(f"{weight:+5d}  {name}")


def _tell_mood(terminal: Terminal, mood: str | None, moods: "Sequence[MoodPart]") -> None:
    if mood is None:
        return
    terminal.text(f"mood {mood}; what its words say for hostile, neutral, favourable")
    for sign in moods[:_MOODS_SHOWN]:
        terminal.text(f"{sign.hostile:+5d} {sign.neutral:+5d} {sign.favourable:+5d}  {sign.sign}")


def _tell_official(terminal: Terminal, reasons: "OfficialReasons") -> None:
    from pipeline.records.vocabulary import OFFICIAL_KINDS

    place = OFFICIAL_KINDS.index(reasons.kind)
    parts = {name: dict(zip(OFFICIAL_KINDS, row, strict=True)) for name, row in reasons.parts.items()}
    terminal.data({"kind": reasons.kind, "end": reasons.end, "parts": parts})
    terminal.text(f"an operator's post of kind {reasons.kind}" + (f", until: {reasons.end}" if reasons.end else ""))
    rows = sorted(((row[place], name) for name, row in reasons.parts.items()), key=lambda row: (-abs(row[0]), row[1]))
    for weight, name in rows[:_SHOWN]:
        terminal.text(f"{weight:+5d}  {name}")
