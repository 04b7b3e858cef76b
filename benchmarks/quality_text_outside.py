"""Text understanding on data that are not in the repository, with the bars; TOCSIN_DATA names their folder.

None of it is needed, learnt or kept; each file has an option for its name, and a bar whose file is not there is named
as not measured. All are JSON lines with `text`, and perhaps `lang`, `market` and `operator`:

* `--uk`: `network`, 1 where people called a post one about the network, and `ts`, by which halves are told.
* `--uk-strict`, `--french`, `--german`: `fault`, true, false or null; `fault_in_context`; `in_burst`.
* `--claims`: `claim`, true where help cannot be called.
* `--stream`: posts of everyday with `ts` and `operator`, none of them labelled.
* `--sentiment`: a file a language, `{}` stands for it: `sentiment` and `part`, of which `val` is measured.
"""

import json
from argparse import ArgumentParser, Namespace
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any, Final

import numpy as np

from benchmarks.quality_places import MARKETS
from benchmarks.quality_text_unlearnt import (
    CALIBRATION_ERROR_MOST,
    CLAIM_LEAST,
    F1_IN_CONTEXT_LEAST,
    IN_CONTEXT_PERMILLE,
    RECALL_IN_BURST_LEAST,
    SHORT_WORDS_MAX,
    burst_lines,
    claim_bars,
)
from benchmarks.text_lines import Line, calibration_error, score_of
from pipeline.adapters.reference.folder import load_operators
from pipeline.adapters.reference.language import read_rehearsals
from pipeline.ingest.text.folding import fold_words
from pipeline.ingest.text.mood.judging import CLASSES
from pipeline.ingest.text.odds.features import signs_of
from pipeline.ingest.text.odds.learning import Lesson, corrected_permille, learn_day
from pipeline.ingest.text.understand import TextRules
from pipeline.ingest.text.understood import Understood
from pipeline.records.clocks import DAY_MS, parse_instant
from pipeline.reference.learnt.corrections import Corrections
from pipeline.reference.learnt.rehearsals import Rehearsal
from training.__main__ import THRESHOLD_PERMILLE
from training.joining import LEXICON
from training.mood import MOOD_LANGUAGES, macro_f1, read_set
from training.texts import read_unlearnt_texts

FILES: Final[Mapping[str, str]] = {
    "uk": "en_uk_operators_labelled.jsonl",
    "uk_strict": "en_uk_operators_strict.jsonl",
    "french": "fr_posts.jsonl",
    "german": "de_posts.jsonl",
    "claims": "emergency.jsonl",
    "stream": "en_uk_operators_stream.jsonl",
    "sentiment": "sentiment_{}.jsonl",
}
"""What each set is called if nobody says otherwise."""

LABEL_LEAST, STRICT_LEAST, FRENCH_LEAST, GERMAN_LEAST, MOOD_LEAST = 0.76, 0.80, 0.83, 0.82, 0.62
LEARNT_LEAST, LOSS_MOST = 0.03, 0.01
"""What learning on the first half must gain on the second, and may lose anywhere else."""

QUESTIONS_MOST: Final = 1.0
"""A day and million customers."""

Row = Mapping[str, Any]


class Outside:
    """Sets of a folder.

    Args:
        folder: Holds them; None = there is none.
        names: Of the files, by `FILES`.
        rules: The shipped ones.
    """

    def __init__(self, folder: Path | None, names: Mapping[str, str], rules: TextRules) -> None:
        self._folder, self._names, self._rules = folder, names, rules

    def lines(self) -> Iterator[Line]:
        """All bars whose data lie outside."""
        yield from self._label()
        yield from self._faults("uk_strict", "en", "posts to British operators, a present fault strictly", STRICT_LEAST)
        yield from self._faults("french", "fr", "posts to French operators, a fault", FRENCH_LEAST)
        yield from self._faults("german", "de", "posts to German operators, a fault", GERMAN_LEAST)
        yield from self._claims()
        yield from self._questions()
        yield from self._mood()
        yield from self._learning()

    def _path(self, name: str, language: str = "") -> Path | None:
        path = self._folder / self._names[name].format(language) if self._folder else None
        return path if path and path.is_file() else None

    def _rows(self, name: str) -> list[Row]:
        path = self._path(name)
        lines = path.read_text(encoding="utf-8").splitlines() if path else ()
        return [json.loads(line) for line in lines if line.strip()]

    def _missing(self, name: str) -> str:
        return f"no {self._names[name]}: TOCSIN_DATA={self._folder or ''}"

    def _read(self, row: Row, language: str) -> Understood:
        lang = row.get("lang", language)
        return self._rules.understand(row["text"], lang=lang, market=row.get("market", MARKETS.get(lang)))

    def _label(self) -> Iterator[Line]:
        name, rows = "en, posts to British operators, label `network`", self._rows("uk")
        if not rows:
            yield Line(f"{name}: F1", None, LABEL_LEAST, why=self._missing("uk"))
            return
        said, labels = [self._read(row, "en") for row in rows], [bool(row["network"]) for row in rows]
        got = score_of((one.relevant, label) for one, label in zip(said, labels, strict=True))
        why = f"{len(rows)} posts; precision {got.precision:.2f}, recall {got.recall:.2f}"
        yield Line(f"{name}: F1", got.f1, LABEL_LEAST, why=why)
        error = calibration_error([one.probability_permille for one in said], labels)
        yield Line(f"{name}, alone: calibration error", error, CALIBRATION_ERROR_MOST, most=True)

    def _faults(self, file: str, code: str, what: str, least: float) -> Iterator[Line]:
        name, rows = f"{code}, {what}", [row for row in self._rows(file) if row.get("lang", code) == code]
        rows = [row for row in rows if not row.get("official")]
        if not rows:
            yield Line(f"{name}: F1", None, least, why=self._missing(file))
        if not rows and code in RECALL_IN_BURST_LEAST:
            recall, precision = RECALL_IN_BURST_LEAST[code]
            yield Line(f"{name}, in a burst, in context: recall", None, recall, why=self._missing(file))
            yield Line(f"{name}, in a burst, in context: precision", None, precision, why=self._missing(file))
        said = [self._read(row, code) for row in rows]
        told = [(one, bool(row["fault"])) for one, row in zip(said, rows, strict=True) if row.get("fault") is not None]
        if told:
            got = score_of((one.relevant, fault) for one, fault in told)
            yield Line(f"{name}: F1", got.f1, least, why=f"{len(told)} texts")
            error = calibration_error([one.probability_permille for one, _ in told], [fault for _, fault in told])
            yield Line(f"{name}, alone: calibration error", error, CALIBRATION_ERROR_MOST, most=True)
        yield from _context_lines(name, code, list(zip(rows, said, strict=True)))

    def _claims(self) -> Iterator[Line]:
        rows = self._rows("claims")
        for code, (precision, recall) in CLAIM_LEAST.items():
            name, own = f"{code}, help cannot be called", [row for row in rows if row["lang"] == code]
            if own:
                yield from claim_bars(name, code, [self._read(row, code) for row in own], [row["claim"] for row in own])
            else:
                yield Line(f"{name}: precision, sure", None, precision, why=self._missing("claims"))
                yield Line(f"{name}: recall, sure", None, recall, why=self._missing("claims"))

    def _questions(self) -> Iterator[Line]:
        name, rows = "en, everyday posts: questions a day and million customers", self._rows("stream")
        if not rows:
            yield Line(name, None, QUESTIONS_MOST, most=True, why=self._missing("stream"))
            return
        said = [self._read(row, "en") for row in rows]
        times = sorted(parse_instant(row["ts"]) for row in rows)
        days = max((times[-1] - times[0]) / DAY_MS, 1.0)
        asked, sure = sum(one.claim_doubtful for one in said), sum(one.emergency for one in said)
        millions = self._millions({row["operator"] for row in rows if row.get("operator")})
        why = f"{asked} asked about and {sure} sure of {len(rows)} posts in {days:.1f} days, {millions:.0f} million"
        yield Line(name, asked / days / millions, QUESTIONS_MOST, most=True, why=why)

    def _millions(self, handles: set[str]) -> float:
        """Customers of operators that are named by their handles, in millions; one at least."""
        table, found = load_operators(), set[str]()
        for handle in sorted(handles):
            found |= {*self._rules.understand(f"{handle} no signal", lang="en", market="GB").operators}
        counts = [row.customers_in(row.market) or 0 for row in table if row.id in found]
        return max(sum(counts) / 1e6, 1.0)

    def _mood(self) -> Iterator[Line]:
        for code in MOOD_LANGUAGES:
            name, path = f"{code}, sentiment, val part: macro-F1", self._path("sentiment", code)
            if path is None:
                yield Line(name, None, MOOD_LEAST, why=self._missing("sentiment"))
                continue
            texts = [text for text in read_set(path) if text.source == "val"]
            told = [CLASSES.index(self._rules.mood(text.text, code) or "neutral") for text in texts]
            yield Line(
                name,
                macro_f1(np.array([text.label for text in texts]), np.array(told)),
                MOOD_LEAST,
                why=f"{len(texts)} texts",
            )

    def _learning(self) -> Iterator[Line]:
        name, rows = "en, learning on the first half", self._rows("uk")
        if not rows:
            yield Line(f"{name}: F1 gained on the second", None, LEARNT_LEAST, why=self._missing("uk"))
            yield Line(f"{name}: F1 lost elsewhere", None, LOSS_MOST, most=True, why=self._missing("uk"))
            return
        lessons = sorted(self._lesson(row["text"], parse_instant(row["ts"]), bool(row["network"])) for row in rows)
        first, second = lessons[: len(lessons) // 2], lessons[len(lessons) // 2 :]
        of = _learnt(first, read_rehearsals(LEXICON)["en"].texts)
        elsewhere = [
            self._lesson(text.text, 0, text.fault) for text in read_unlearnt_texts("en") if text.fault is not None
        ]
        before, after = self._f1(second, {}), self._f1(second, of)
        why = f"{before:.3f} -> {after:.3f} of {len(second)} texts"
        yield Line(f"{name}: F1 gained on the second", after - before, LEARNT_LEAST, why=why)
        before, after = self._f1(elsewhere, {}), self._f1(elsewhere, of)
        why = f"{before:.3f} -> {after:.3f} of {len(elsewhere)} unlearnt texts of others"
        yield Line(f"{name}: F1 lost elsewhere", before - after, LOSS_MOST, most=True, why=why)

    def _lesson(self, text: str, at: int, is_fault: bool) -> Lesson:
        said = self._rules.understand(text, lang="en", market="GB")
        signs = tuple(sorted(signs_of(*self._rules.read(text, "en"))))
        return Lesson(at, fold_words(text), said.probability_permille, signs, is_fault)

    def _f1(self, lessons: Sequence[Lesson], of: Mapping[str, int]) -> float:
        return score_of(
            (corrected_permille(lesson, of) >= THRESHOLD_PERMILLE, lesson.is_fault) for lesson in lessons
        ).f1


def _context_lines(name: str, code: str, read: Sequence[tuple[Row, Understood]]) -> Iterator[Line]:
    told = [
        (one.in_context_permille, bool(row["fault_in_context"]))
        for row, one in read
        if row.get("fault_in_context") is not None
    ]
    if told:
        got = score_of((permille >= IN_CONTEXT_PERMILLE, fault) for permille, fault in told)
        least = F1_IN_CONTEXT_LEAST if code == "fr" else None
        yield Line(f"{name}, in context: F1", got.f1, least, why=f"{len(told)} texts")
        error = calibration_error([permille for permille, _ in told], [fault for _, fault in told])
        yield Line(f"{name}, in context: calibration error", error, CALIBRATION_ERROR_MOST, most=True)
    burst = [(row, one) for row, one in read if row.get("in_burst")]
    short = [pair for pair in burst if code != "de" or len(pair[0]["text"].split()) <= SHORT_WORDS_MAX]
    if short:
        what = f"{name}, {'short ones ' if code == 'de' else ''}in a burst"
        yield from burst_lines(what, code, (_in_burst(row, one) for row, one in short))


def _in_burst(row: Row, one: Understood) -> tuple[bool, bool]:
    label = row.get("fault_in_context")
    return one.in_context_permille >= IN_CONTEXT_PERMILLE, bool(row["fault"] if label is None else label)


def _learnt(lessons: Sequence[Lesson], rehearsed: Sequence[Rehearsal]) -> Mapping[str, int]:
    found = Corrections(0)
    for day in sorted({lesson.at // DAY_MS for lesson in lessons}):
        found = learn_day(found, day, [lesson for lesson in lessons if lesson.at // DAY_MS == day], rehearsed)
    return found.of


def add_options(parser: ArgumentParser) -> None:
    """An option for the name of each file."""
    for name, file in FILES.items():
        parser.add_argument(f"--{name.replace('_', '-')}", default=file, metavar="FILE", help=f"default {file}")


def names_of(asked: Namespace) -> dict[str, str]:
    """Names of files as they were asked for."""
    return {name: getattr(asked, name) for name in FILES}
