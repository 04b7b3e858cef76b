"""Leads: words by which a text that names nobody is read for a claim."""

from pipeline.ingest.text.alarm.emergency import AlarmReader
from pipeline.ingest.text.alarm.leads import BAR_CNAT, BEGINNINGS, TELLING_CNAT, Leads, leads_of
from pipeline.ingest.text.traits import LEAD
from pipeline.reference.learnt.alarm_weights import AlarmWeights
from pipeline.reference.words import Lexicon

WEIGHTS = AlarmWeights(-500, 750, 120, {}, BAR_CNAT - 300, {"valley": 90, "vall*": 60, "station": 150, "bus": -150})
LEADS = Leads(WEIGHTS)


def test_words_lead_together_and_each_once() -> None:
    assert LEADS.lead(" station in the valley ")
    assert not LEADS.lead(" station station station ")
    assert not LEADS.lead(" bus station in the valley ")


def test_a_word_has_the_weight_of_how_it_begins() -> None:
    assert [LEADS.trait(word) for word in ("valley", "valleys", "vall", "station", "bus")] == [LEAD, 0, 0, LEAD, 0]


def test_a_word_leads_by_all_that_may_have_a_weight() -> None:
    for word in ("ring", "radio", "radioed", "station", ".", "?"):
        for lead in leads_of(word):
            known = Leads(AlarmWeights(-500, 750, 120, {}, 0, {lead: TELLING_CNAT}))
            assert known.trait(word) == LEAD, (word, lead, BEGINNINGS)
        assert not Leads(AlarmWeights(-500, 750, 120, {}, 0, {"other": TELLING_CNAT})).trait(word)
    assert not Leads(AlarmWeights(-500, 750, 120, {}, 0, {".": TELLING_CNAT})).trait(".")


def test_a_language_without_leads_reads_what_names_somebody(lexicon: Lexicon) -> None:
    words = " station in the valley "
    alarm = lexicon.languages["en"].alarm
    assert AlarmReader(alarm).read(words, complains=False) is None
    assert AlarmReader(alarm, weights=WEIGHTS).read(words, complains=False) is not None
    assert AlarmReader(alarm, weights=WEIGHTS).traits_of("station") & LEAD
