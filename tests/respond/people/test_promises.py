"""What an operator promises and denies reaches the incident's record, and is held against what came."""

from dataclasses import replace

from pipeline.adapters.reference.folder import reference_folder
from pipeline.adapters.reference.wording import load_official
from pipeline.records.clocks import Instant
from pipeline.records.inner.pane_ends import PaneTalk
from pipeline.records.inner.signals import OfficialPost
from pipeline.records.published.followups import Followup
from pipeline.records.published.incidents import Incident
from pipeline.records.vocabulary import IncidentState
from pipeline.respond.apply import apply
from pipeline.respond.followups.writing import FOLLOWUPS
from pipeline.respond.people.duty import PEOPLE
from pipeline.respond.telling import told
from tests.respond.followups.made import RULES, Outage, minute

OFFICIAL = load_official(reference_folder() / "wording")


def speaking() -> Outage:
    """A confirmed outage whose operator's words are read."""
    outage = Outage(FOLLOWUPS, replace(RULES, official=OFFICIAL), time_zone="Europe/Berlin")
    outage.also = (PEOPLE,)
    outage.change(1)
    return outage


def says(
    outage: Outage, at_minute: float, text: str, in_reply_to: int = 0, name: str = "", end: Instant | None = None
) -> None:
    at = Instant(minute(at_minute))
    post = OfficialPost(
        operator="netcologne",
        at=at,
        post_id=name or f"p{at_minute}",
        platform="x",
        text=text,
        lang="de",
        in_reply_to=in_reply_to,
        promised_end_at=end,
    )
    apply(outage.state, PaneTalk(market="DE", at=at, officials=(post,)), outage.rules, (PEOPLE,))


def record(outage: Outage) -> Incident:
    return told(outage.case, outage.now)


def test_a_promised_end_is_on_the_record_and_held_against_the_real_one() -> None:
    outage = speaking()
    says(outage, 10, "In einer Stunde läuft alles wieder.", end=Instant(minute(70)))
    says(outage, 30, "Bis 11 Uhr ist der Fehler behoben.", end=Instant(minute(120)))
    says(outage, 40, "Wir arbeiten weiter daran.")
    said = record(outage).communication
    assert said is not None
    assert said.promised_end_at == Instant(minute(120)), (
        "the latest promise stands, and who says no end later takes none back"
    )
    written = outage.change(
        300, state=IncidentState.RESOLVED, ended_at=Instant(minute(240)), resolved_at=Instant(minute(300))
    )
    (review,) = (
        row.communication_review
        for row in written
        if isinstance(row, Followup) and row.communication_review is not None
    )
    assert (review.promised_end_at, review.honesty_ppm) == (Instant(minute(120)), 500_000)


def test_an_answer_to_one_person_promises_nobody_else() -> None:
    outage = speaking()
    says(outage, 10, "Bis 11 Uhr ist bei Ihnen alles behoben.", in_reply_to=7, end=Instant(minute(120)))
    said = record(outage).communication
    assert said is None or said.promised_end_at is None
    assert record(outage).sentiment is None


def test_a_word_to_everybody_is_told_with_the_talk_around_it() -> None:
    outage = speaking()
    says(outage, 10, "Wir arbeiten daran.", name="first")
    (around,) = record(outage).sentiment or ()
    assert (around.official_post_id, around.at, around.before_ppm) == ("first", Instant(minute(10)), None)
