"""The sentences that people read, as data: which there are, what each may name, and how one is said.

The texts lie in `deploy/reference/wording/<language>.toml`, a table for each part of a key:
`headline.suspected` is `suspected` in `[headline]`. They are checked once, at the start: every
sentence is there in every language that has a file, and names what it is given and nothing else. So a
rule that says a sentence cannot fail for want of words. Which languages there are, the files say.

A new sentence is a row of `SENTENCES` and a line in each file. A key that ends in `_short` is said on
outlets that are short. A form of a plural may name its number or not.
"""

import re
from collections.abc import Iterator, Mapping
from string import Formatter
from typing import Final, get_args

from pipeline.records.errors import ConfigError
from pipeline.records.inner.talk import CLAIM_KINDS
from pipeline.records.vocabulary import CauseKind, Language, Service

_FILE_OF_LANGUAGE: Final = re.compile(r"[a-z]{2,3}\.toml")

_SUMMED_UP: Final = ("suspected", "confirmed", "recovering", "resolved", "dismissed", "merged")
"""What has a headline: states, of which a closed incident reads like a resolved one, and what goes on as another."""

OCCASIONS: Final = (
    *("confirmed", "emergency", "wider", "estimate", "cadence", "recovering", "relapse", "all_clear", "apology"),
    *("reopened", "planned_work", "overrun", "correction"),
)
"""What a notice can be drafted for; each has a title, and a row in RESPOND's table."""

_FIELDS: Final[Mapping[str, frozenset[str]]] = {
    **{
        f"emergency{way}{length}": frozenset({"numbers"})
        for way in ("", "_by_mobile", "_by_landline", "_over")
        for length in ("", "_short")
    },
    **dict.fromkeys(
        ("headline_short", "headline_returning", "headline_over"), frozenset({"operator", "services", "places"})
    ),
    "new_services": frozenset({"services"}),
    **dict.fromkeys(("new_places", "back"), frozenset({"places"})),
    **{
        f"{told}_{name}{form}": fields
        for told in ("end", "later", "sooner")
        for name, fields in (("between", frozenset({"early", "late"})), ("by", frozenset({"late"})))
        for form in ("", "_short")
    },
    **dict.fromkeys(("next_word", "next_word_short", "planned", "overrun", "since"), frozenset({"time"})),
    "cause": frozenset({"cause"}),
    "claim": frozenset({"claim"}),
    "customers": frozenset({"customers"}),
    "customers_between": frozenset({"low", "high"}),
    "customers_likely": frozenset({"low", "high", "likely"}),
    "reference": frozenset({"incident"}),
    **dict.fromkeys(
        (
            *("greeting", "welcome", "known", "devices", "still", "graver", "end_unknown", "returning", "relapse"),
            *("over", "restart", "cause_unknown", "reopened", "sorry", "apology", "same_answer", "field"),
            *("authorities", "provider", "instruction", "warning_event"),
        ),
        frozenset[str](),
    ),
}
"""Sentence of a notice to the fields that it must name."""

NOTICE_SENTENCES: Final[Mapping[str, frozenset[str]]] = {
    **{f"notice.{name}": fields for name, fields in _FIELDS.items()},
    **{f"title.{occasion}": frozenset({"headline"}) for occasion in OCCASIONS},
    **{f"cause.{kind}": frozenset[str]() for kind in get_args(CauseKind) if kind != "unknown"},
    **{f"rumour.{kind}": frozenset[str]() for kind in CLAIM_KINDS},
    "rumour.blame": frozenset({"operator"}),
    "plural.more_places_other": frozenset({"number"}),
    "plural.customers_other": frozenset({"number"}),
    "plural.claims_other": frozenset({"number"}),
}
"""Key of a sentence of notices to the fields that it must name."""

OPTIONAL: Final[Mapping[str, frozenset[str]]] = {
    f"plural.{name}_{form}": frozenset({"number"})
    for name in ("more_places", "customers", "claims")
    for form in ("zero", "one", "two", "few", "many")
}
"""Forms of a plural that a language may have beside `other`; Unicode says which number takes which."""

REPLY_SENTENCES: Final[Mapping[str, frozenset[str]]] = {
    "reply.emergency": frozenset({"numbers"}),
    **{f"reply.{name}": frozenset() for name in ("greeting", "thanks", "again", "known", "over", "sorry")},
}
"""Sentences of replies to who complained."""

SENTENCES: Final[Mapping[str, frozenset[str]]] = {
    **REPLY_SENTENCES,
    **{f"service.{service}": frozenset[str]() for service in get_args(Service)},
    **{f"headline.{state}": frozenset({"operator", "services", "places"}) for state in _SUMMED_UP},
    "list.and": frozenset(),
    "list.all_services": frozenset(),
    "list.unknown_operator": frozenset(),
    "summary.exercise": frozenset(),
    "summary.emergency": frozenset({"numbers"}),
    "summary.since": frozenset({"time"}),
    "summary.lasted": frozenset({"start", "end"}),
    "summary.end": frozenset({"early", "late"}),
    "summary.back": frozenset({"percent"}),
    "summary.back_all": frozenset(),
    **{
        f"phone_bot.ask_{topic}": frozenset[str]()
        for topic in ("what", "where", "since", "until", "what_to_do", "emergency", "money")
    },
    "phone_bot.where": frozenset({"places"}),
    "phone_bot.no_end": frozenset(),
    "phone_bot.recovering": frozenset(),
    "phone_bot.over": frozenset(),
    "phone_bot.what_to_do": frozenset(),
    "phone_bot.emergency_well": frozenset(),
    "phone_bot.emergency_doubt": frozenset(),
    "phone_bot.money": frozenset(),
    "report.subject": frozenset({"headline"}),
    "report.reference": frozenset({"incident", "number", "time"}),
    "report.duty": frozenset({"duty"}),
    "report.emergency": frozenset({"numbers"}),
    "report.began": frozenset({"time"}),
    "report.scale": frozenset({"low", "high"}),
    "report.scale_unknown": frozenset(),
    "report.user_minutes": frozenset({"low", "high"}),
    "report.uncertain": frozenset({"asked", "low"}),
    "report.services": frozenset({"services"}),
    "report.areas": frozenset({"areas"}),
    "report.cause": frozenset({"cause"}),
    "report.cause_unknown": frozenset(),
    "report.end": frozenset({"early", "late"}),
    "report.end_unknown": frozenset(),
    "report.ended": frozenset({"time"}),
    "report.check": frozenset({"check"}),
    **NOTICE_SENTENCES,
    **{f"survey.{question}": frozenset[str]() for question in ("hit", "soon", "clear", "satisfied", "better")},
    "thanks.text": frozenset(),
    **{f"mending.{what}": frozenset[str]() for what in ("cause", "emergency", "late", "noticed", "estimate")},
    **dict.fromkeys(
        ("planned.announced_title", "planned.cancelled_title", "planned.cancelled"),
        frozenset({"operator", "services", "places", "start"}),
    ),
    "planned.announced": frozenset({"operator", "services", "places", "start", "end"}),
    "planned.reason": frozenset({"reason"}),
    "planned.said_title": frozenset({"operator"}),
    "planned.said": frozenset({"operator", "claim", "target", "reference"}),
    **{f"planned.{name}": frozenset[str]() for name in ("everywhere", "back", "help")},
    "question.subject": frozenset({"incident"}),
    "question.body": frozenset({"incident", "claims", "percent", "claim"}),
}
"""Key of a sentence to the fields that it must name."""


class Sentences:
    """All sentences in one language.

    Args:
        texts: Key to text; checked by `wording_of`.
    """

    def __init__(self, texts: Mapping[str, str]) -> None:
        self._texts = dict(texts)

    def say(self, key: str, **facts: object) -> str:
        """A sentence, with what it names filled in.

        >>> Sentences({"summary.since": "Since {time}."}).say("summary.since", time="09:00")
        'Since 09:00.'
        """
        return self._texts[key].format(**facts)

    def mark_of(self, *, exercise: bool) -> str:
        """What stands before everything in a text of an exercise, with a space behind; nothing before any other.

        >>> Sentences({"summary.exercise": "EXERCISE."}).mark_of(exercise=True)
        'EXERCISE. '
        """
        return f"{self.say('summary.exercise')} " if exercise else ""

    def has(self, key: str) -> bool:
        """Is there a sentence of this key? Only forms of a plural and short forms may lack."""
        return key in self._texts

    def service(self, service: str) -> str:
        """A service as people call it; one that has no word is called by its id."""
        return self._texts.get(f"service.{service}", service)

    def rumour(self, kind: str, operator: str = "") -> str:
        """What people claim, in words; a kind that has none is called by its id.

        Args:
            kind: Such as `attack`.
            operator: Name of the operator that it is about, if it is about one.
        """
        text = self._texts.get(f"rumour.{kind}")
        return kind if text is None else text.format(operator=operator)


Wording = Mapping[Language, Sentences]
"""The sentences of all languages, compiled."""


def wording_of(documents: Mapping[str, Mapping[str, object]]) -> Wording:
    """Check the files of all languages, and compile them.

    Args:
        documents: File name, `<language>.toml`, to its tables.

    Returns:
        Every language that has a file, in the order of their codes, with every sentence.

    Raises:
        ConfigError: Lists every mistake by file and key, with what to do.
    """
    problems = [] if documents else ["there is no file here; copy a <language>.toml of deploy/reference/wording"]
    wording: dict[Language, Sentences] = {}
    for name in sorted(documents):
        if not _FILE_OF_LANGUAGE.fullmatch(name):
            problems.append(f"{name}: must be called after the code of its language, such as nl.toml")
            continue
        texts = dict(_texts_of(documents[name]))
        problems += [f"{name}: {problem}" for problem in _problems_of(texts)]
        wording[name.removesuffix(".toml")] = Sentences(
            {key: text for key, text in texts.items() if isinstance(text, str)}
        )
    if problems:
        raise ConfigError("\n".join(f"wording/{problem}" for problem in problems))
    return wording


def _texts_of(document: Mapping[str, object]) -> Iterator[tuple[str, object]]:
    for table, rows in document.items():
        if isinstance(rows, Mapping):
            yield from ((f"{table}.{name}", text) for name, text in rows.items())
        else:
            yield table, rows


def _problems_of(texts: Mapping[str, object]) -> Iterator[str]:
    """What is wrong with the sentences of a language, in the order of their keys."""
    for key in sorted(texts.keys() | SENTENCES.keys()):
        fields = SENTENCES.get(key, OPTIONAL.get(key))
        if fields is None:
            yield f"{key}: no such sentence; delete it, or take one of {', '.join(_beside(key))}"
        elif key not in texts:
            yield f"{key}: is missing; write the sentence{_with(fields)}"
        else:
            yield from (f"{key}: {problem}" for problem in _problems_of_text(texts[key], fields))


def _problems_of_text(text: object, fields: frozenset[str]) -> Iterator[str]:
    if not isinstance(text, str) or not text:
        yield f"{text!r}: must be a text that is not empty"
        return
    try:
        named = {name for _, name, _, _ in Formatter().parse(text) if name is not None}
    except ValueError as error:
        yield f"{text!r}: {error}; write {{{{ and }}}} for braces"
        return
    for name in sorted(named - fields):
        yield f"names {{{name}}}, which it is not given; {_must(fields)}"
    for name in sorted(fields - named - {"number"}):
        yield f"does not name {{{name}}}; {_must(fields)}"


def _must(fields: frozenset[str]) -> str:
    return "must name " + " ".join(f"{{{name}}}" for name in sorted(fields)) if fields else "must have no braces"


def _with(fields: frozenset[str]) -> str:
    """The fields of a sentence, as a message names them; '' if it has none."""
    return " with " + " ".join(f"{{{name}}}" for name in sorted(fields)) if fields else ""


def _beside(key: str) -> list[str]:
    """Sentences of the same table; of a table that does not exist, the tables."""
    table = key.partition(".")[0]
    beside = [known for known in SENTENCES if known.startswith(f"{table}.")]
    return beside or [f"[{name}]" for name in dict.fromkeys(known.partition(".")[0] for known in SENTENCES)]
