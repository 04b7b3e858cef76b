"""Leads: words by which a text that names nobody is read for a claim."""

from pipeline.ingest.text.alarm.emergency import AlarmReader
from pipeline.ingest.text.alarm.leads import BAR_CNAT, BEGINNINGS, Leads, leads_of
from pipeline.ingest.text.loops.walking import Word
from pipeline.ingest.text.odds.summing import WordWeights
from pipeline.ingest.text.words import WordsSum
from pipeline.reference.learnt.alarm_weights import AlarmWeights
from pipeline.reference.words import Lexicon

WEIGHTS = AlarmWeights(-500, 750, 120, {}, BAR_CNAT - 300, {"valley": 90, "vall*": 60, "station": 150, "bus": -150})
LEADS = Leads(WEIGHTS)


def summed(text: str, leads: Leads = LEADS) -> WordsSum:
    words = WordWeights({})
    words.ask(leads.tell)
    return words.sum(text.split())


def lead(leads: Leads, text: str) -> int:
    word = Word(text, text, 0, -1)
    leads.tell(word)
    return word.lead


def test_words_lead_together_and_each_once() -> None:
    assert LEADS.are_enough(summed("station in the valley"))
    assert not LEADS.are_enough(summed("station station station"))
    assert not LEADS.are_enough(summed("bus station in the valley"))


def test_numbers_lead_each_by_itself() -> None:
    leads = Leads(AlarmWeights(-500, 750, 120, {}, BAR_CNAT - 250, {"15": 130, "18": 130}))
    assert leads.are_enough(summed("15 and 18", leads))
    assert not leads.are_enough(summed("15 and 15", leads))


def test_a_word_has_the_weight_of_how_it_begins() -> None:
    words = ("valley", "valleys", "vall", "station", "bus")
    assert [lead(LEADS, word) for word in words] == [150, 60, 0, 150, -150]


def test_a_word_leads_by_all_that_may_have_a_weight() -> None:
    for word in ("ring", "radio", "radioed", "station", ".", "?"):
        for part in leads_of(word):
            known = Leads(AlarmWeights(-500, 750, 120, {}, 0, {part: 100}))
            assert lead(known, word) == 100, (word, part, BEGINNINGS)
        assert not lead(Leads(AlarmWeights(-500, 750, 120, {}, 0, {"other": 100})), word)
    assert not lead(Leads(AlarmWeights(-500, 750, 120, {}, 0, {".": 100})), ".")


def test_a_language_without_leads_reads_what_names_somebody(lexicon: Lexicon) -> None:
    text = "station in the valley"
    alarm = lexicon.languages["en"].alarm
    for reader, leads in ((AlarmReader(alarm), False), (AlarmReader(alarm, weights=WEIGHTS), True)):
        words = WordWeights({})
        words.ask(reader.tell)
        told = words.sum(text.split())
        assert reader.may_claim(told, complains=False) == leads
        assert (reader.read(f" {text} ", told, complains=False) is not None) == leads
