"""Rules that were kept on disk understand every text as those that were compiled just now."""

from pathlib import Path

import pytest

from pipeline.adapters.codecs.keeping import Kept
from pipeline.adapters.reference.folder import gazetteer_folder, load_operators, load_places, reference_folder
from pipeline.adapters.reference.texts import TextSources, kept_for, text_rules
from pipeline.ingest.text.understand import TextRules
from pipeline.reference.places import Places

TEXTS = (
    ("o2 no signal in Leeds since this morning, 999 does not work either", "en"),
    ("Internet down in Köln-Ehrenfeld, seit 09:30 kein DSL!", "de"),
    ("Plus de réseau Orange à Brest, impossible d'appeler le 112", "fr"),
    ("same here #rennes", None),
    ("", None),
)


def sources() -> TextSources:
    folder = reference_folder()
    return TextSources(folder, load_operators(folder), load_places)


def kept_in(cache: Path) -> Kept:
    return kept_for(reference_folder(), gazetteer_folder(), cache)


def unneeded() -> Places:
    pytest.fail("the gazetteer was read although the rules were kept")


def understood(rules: TextRules) -> list[object]:
    return [rules.understand(text, lang=lang) for text, lang in TEXTS]


def test_kept_rules_understand_the_same_and_need_no_gazetteer(tmp_path: Path) -> None:
    compiled = understood(text_rules(sources(), kept_in(tmp_path / "texts")))
    kept = text_rules(sources()._replace(places=unneeded), kept_in(tmp_path / "texts"))
    assert understood(kept) == compiled
    assert sorted(path.name for path in (tmp_path / "texts").rglob("language-*")) == [
        "language-de",
        "language-en",
        "language-fr",
    ]
