"""Texts for training: who wrote what, and whether it reports a present fault.

A text belongs to a part, the file that one writer wrote in one go. Parts are held out whole when figures are
measured: texts of one go resemble each other more than anything that customers will write.
"""

from collections.abc import Iterable
from pathlib import Path
from typing import Final, Literal, NamedTuple

from pipeline.records.errors import ConfigError

FOLDER: Final = Path(__file__).resolve().parent / "texts"
EVERYDAY: Final = FOLDER / "everyday"
"""Posts in the mix of an ordinary day."""

UNLEARNT: Final = "unlearnt"
"""Folder of texts of claims, of operators' posts and of every day, of which the shipped weights have learnt nothing."""

LANGUAGES: Final = ("de", "en", "fr", "nl")
COLUMNS: Final = 11
FAULTS: Final = {"1": True, "0": False, "?": None}
FLAGS: Final = (
    *("emergency", "emergency_doubt", "back", "planned", "isolated", "general", "other_operator", "official"),
    "rumour",
)
TOPICS: Final = ("prices", "compensation", "blame", "professionals", "phone_suspected", "thanks", "leaving", "rumour")
UNKNOWN: Final = "unknown"
SERVICES_WRITTEN: Final = {
    "fixed_internet": "broadband",
    "internet": "broadband",
    "landline": "fixed_voice",
    "mobile": "mobile_voice",
    "calls": "mobile_voice",
    "voicemail": "mobile_voice",
    "roaming": "mobile_data",
    "data": "mobile_data",
    "vod": "tv",
    "emergency_calls": "emergency",
}
"""What writers called a service of the program; other names stand as they are."""


class LabelledText(NamedTuple):
    """One text of the training set.

    Attributes:
        language: Its language, one of `LANGUAGES`.
        part: Number of the file that holds it.
        kind: What kind of text it is, in the writer's words: "nosignal", "bill", "irony".
        fault: It reports a present fault of its operator's service for its writer; None = nobody can tell alone.
        in_context: Among many complaints at one place and time it would.
        text: As a customer would write it.
        services: That fail, by `SERVICES_WRITTEN`; `unknown` among them where the writer says nothing of one.
        flags: Of `FLAGS`, those that it has.
        topics: Of `TOPICS`, those that it talks of.
        everyday: It was written as one of an ordinary day's posts, most of which report nothing.
    """

    language: str
    part: int
    kind: str
    fault: bool | None
    in_context: bool
    text: str
    services: frozenset[str] = frozenset()
    flags: frozenset[str] = frozenset()
    topics: frozenset[str] = frozenset()
    everyday: bool = False


Head = Literal["alone", "in_context"]
"""Which of the two questions is learnt."""


def read_texts(language: str) -> list[LabelledText]:
    """Read all texts of a language that are learnt, those of every day last, in order of parts.

    Raises:
        ConfigError: Names the line that has another number of columns, or another label.
    """
    return [*texts_in(FOLDER / language, language), *texts_in(EVERYDAY / language, language, everyday=True)]


def read_unlearnt_texts(language: str) -> list[LabelledText]:
    """Read the texts of a language that are kept to measure, of which weights learn nothing."""
    return texts_in(FOLDER / "held_out" / language, language)


def read_unlearnt_everyday_texts(language: str) -> list[LabelledText]:
    """Read posts of a language in the mix of an ordinary day, of which weights learn nothing."""
    return texts_in(EVERYDAY / UNLEARNT / language, language, everyday=True)


def texts_in(folder: Path, language: str, *, everyday: bool = False) -> list[LabelledText]:
    """Read all texts of a folder, in order of parts.

    Args:
        folder: Has a file for each part; one that is not there has no texts.
        language: Of all of them.
        everyday: They are an ordinary day's posts.

    Raises:
        ConfigError: Names the line that has another number of columns, or another label.
    """
    return [
        _text_of(language, path, number, line)._replace(everyday=everyday)
        for path in sorted(folder.glob("*.tsv"))
        for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), 1)
    ]


def label_of(text: LabelledText, head: Head) -> bool | None:
    """What a head must learn of a text."""
    return text.fault if head == "alone" else text.in_context


def kinds_of(texts: Iterable[LabelledText]) -> list[str]:
    """All kinds, sorted."""
    return sorted({text.kind for text in texts})


def _text_of(language: str, path: Path, number: int, line: str) -> LabelledText:
    columns = line.split("\t")
    if len(columns) != COLUMNS or columns[1] not in FAULTS or columns[2] not in ("0", "1"):
        raise ConfigError(
            f"{path}:{number}: {line[:80]!r}: must have {COLUMNS} columns, the second 1, 0 or ?, the third 1 or 0"
        )
    kind, fault, in_context, services, _, flags, _, topics, *_, text = columns
    return LabelledText(
        *(language, int(path.stem), kind, FAULTS[fault], in_context == "1", text),
        services=frozenset(SERVICES_WRITTEN.get(name, name) for name in services.split(",") if name != "-"),
        flags=frozenset(flags.split(",")).intersection(FLAGS),
        topics=frozenset(topics.split(",")).intersection(TOPICS),
    )
