"""What reads the texts of one language, compiled from its words and weights."""

from collections.abc import Mapping, Sequence
from typing import NamedTuple

from pipeline.ingest.text.alarm.claiming import ClaimScales
from pipeline.ingest.text.alarm.emergency import AlarmReader
from pipeline.ingest.text.meaning.asking import ReadEncoder, asked
from pipeline.ingest.text.meaning.net import net_of
from pipeline.ingest.text.mood.judging import MoodReader
from pipeline.ingest.text.odds.weighing import Scales
from pipeline.ingest.text.official.reading import OfficialReader
from pipeline.ingest.text.operators.tone import ToneReader
from pipeline.ingest.text.relevance import RelevanceReader
from pipeline.ingest.text.told.labels import LabelReader
from pipeline.ingest.text.told.services import ServiceReader
from pipeline.ingest.text.told.telling import TellingReader
from pipeline.ingest.text.told.topics import TopicReader
from pipeline.reference.learnt.alarm_weights import UNTRAINED_ALARM
from pipeline.reference.learnt.weights import ANY, UNTRAINED
from pipeline.reference.words import Lexicon, Row


class LanguageRules(NamedTuple):
    """What reads the texts of one language."""

    relevance: RelevanceReader
    alarm: AlarmReader
    claims: ClaimScales
    scales: Scales
    official: OfficialReader
    mood: MoodReader | None
    telling: TellingReader
    topics: TopicReader
    services: ServiceReader


def language_rules(
    code: str,
    lexicon: Lexicon,
    more: Sequence[Row],
    often: Mapping[str, int],
    encoder: ReadEncoder | None,
) -> LanguageRules:
    """Compile what reads a language.

    Args:
        code: The language, one that has a lexicon.
        lexicon: Words and weights of all of them.
        more: Rows from elsewhere: channels, names of operators.
        often: How often words are met.
        encoder: Reads the encoder of sentences; None = words alone are asked what a text means.
    """
    language, weights = lexicon.languages[code], lexicon.weights
    times = lexicon.official.words.get(code)
    claims = lexicon.claim_weights.get(code) or lexicon.claim_weights.get(ANY) or UNTRAINED_ALARM
    relevance = RelevanceReader(language, lexicon, more)
    numbers = dict[str, int]()
    services = LabelReader(lexicon.services[code], numbers) if code in lexicon.services else None
    return LanguageRules(
        relevance,
        AlarmReader(language.alarm, often, claims),
        ClaimScales(claims, net_of(lexicon.claim_meaning, encoder)),
        Scales(weights.get(code) or weights.get(ANY) or UNTRAINED),
        OfficialReader(lexicon.official, code, asked(lexicon.official.meaning, encoder)),
        MoodReader(lexicon.mood[code]) if code in lexicon.mood else None,
        TellingReader(language.told, times.ends if times is not None else None, often),
        TopicReader(relevance, lexicon.topics.get(code), numbers),
        ServiceReader(services, ToneReader(language.brands)),
    )


def likeliest_language(
    tokens: Sequence[str], languages: Sequence[str], function_words: Mapping[str, frozenset[str]], home: Sequence[str]
) -> str:
    """The language of most function words of a text; of equal ones that which its market names first.

    Args:
        tokens: Folded words.
        languages: Those that it may be of.
        function_words: Frequent words of each.
        home: Languages of its market, the first first.
    """
    counts = {code: sum(1 for token in tokens if token in function_words[code]) for code in languages}
    return max(languages, key=lambda code: (counts[code], -home.index(code) if code in home else -len(home)))
