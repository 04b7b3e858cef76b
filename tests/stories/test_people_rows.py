"""The rows about topics, moods, rumours and blame are done by what the rules make of people's words, else missing."""

from dataclasses import replace
from typing import Final

import msgspec
import pytest

from pipeline.adapters.reference.folder import reference_folder
from pipeline.adapters.reference.wording import load_official
from pipeline.adapters.runs.reading import read_run
from pipeline.records.clocks import Instant
from pipeline.records.inner.pane_ends import PaneTalk
from pipeline.records.inner.signals import OfficialPost
from pipeline.records.inner.talk import MOODS, TalkSum
from pipeline.records.published.incidents import Incident
from pipeline.records.published.notices import Notice
from pipeline.records.published.people import Posts
from pipeline.respond.apply import apply
from pipeline.respond.notices.duty import NOTICES
from pipeline.respond.people.duty import PEOPLE
from pipeline.respond.telling import told
from pipeline.stories import answered, found
from pipeline.stories.evidence import evidence_of
from pipeline.stories.verdicts import Answer, Asked
from pipeline.views.run import Run
from tests.adapters.pages.changes import changed
from tests.adapters.pages.world import write_run
from tests.respond.followups.made import RULES, Outage, minute

DUTIES = (NOTICES, PEOPLE)
DENIAL = "Nach allem, was wir wissen, gibt es keinen Angriff. Kein anderer Anbieter ist schuld."
HEARD: Final = ("rumours", "operators", "topics", "sentiment", "posts", "communication")
CHECKS = {
    "rumours": (answered.rumours, "corrected"),
    "denied_rumour": (answered.rumours, "denied by the operator"),
    "blame": (found.blame, "%"),
    "denied_blame": (found.blame, "a denial was heard"),
    "topics": (answered.topics, "prices"),
    "sentiment": (answered.sentiment, "measured around 1 word: -0.50 before"),
    "cadence": (answered.cadence, "1 word of the operator; the next is due by a clock"),
    "reactions": (answered.reactions, "138 reactions to 1 message of the operator"),
    "wrong_blame": (found.blame, "wrong blame corrected: Telekom"),
}


def talked_about() -> tuple[Incident, list[Notice]]:
    """An outage about which a rumour spreads, another operator is blamed, and both are denied."""
    rules = replace(RULES, official=load_official(reference_folder() / "wording"))
    outage = Outage(NOTICES, rules, posts=Posts(posts=9, people=9))
    outage.change(1)
    posts = {"posts": 300, "claim:attack": 60, "blame": 40, "blame:netcologne": 10, "blame:telekom": 30}
    posts |= {"prices": 20, "compensation": 12, "professionals": 9, "thanks": 8, MOODS[0]: 30, MOODS[1]: 90}
    first, then, later = (Instant(minute(number)) for number in (5, 9, 15))
    sums, after = ((TalkSum(operator="netcologne", ended_at=at, posts=posts, people=posts),) for at in (first, later))
    post = OfficialPost(operator="netcologne", at=then, post_id="d", platform="x", text=DENIAL, lang="de")
    counts = [90, 18, 30, 0, 900]
    count = OfficialPost(operator="netcologne", at=later, post_id="d", platform="x", text="", counts=counts)
    talk = (
        PaneTalk(market="DE", at=first, sums=sums),
        PaneTalk(market="DE", at=then, officials=(post,)),
        PaneTalk(market="DE", at=later, sums=after, officials=(count,)),
    )
    outputs = [output for heard in talk for output in apply(outage.state, heard, outage.rules, DUTIES).outputs]
    record = told(outage.case, outage.now)
    assert record.communication is not None
    spoken = msgspec.structs.replace(record.communication, official_posts=1)  # CORRELATE counts them
    return msgspec.structs.replace(record, communication=spoken), [
        output for output in outputs if isinstance(output, Notice)
    ]


@pytest.fixture(scope="module")
def run(tmp_path_factory: pytest.TempPathFactory) -> Run:
    """A run whose confirmed incident was talked about so."""
    bare = read_run(write_run(tmp_path_factory.mktemp("run")))
    record, notices = talked_about()
    histories = tuple((*history[:-1], _with(history[-1], record)) for history in bare.histories)
    named = [
        msgspec.structs.replace(notice, incident_id=history[-1].incident_id)
        for notice in notices
        for history in bare.histories
    ]
    return changed(bare, histories=histories, notices=(*bare.notices, *named))


def _with(last: Incident, record: Incident) -> Incident:
    heard = {name: getattr(record, name) for name in HEARD}
    return msgspec.structs.replace(last, **heard)


def judged(run: Run, name: str) -> Answer:
    return Asked(sentence="", check=CHECKS[name][0]).judge(evidence_of(run))


@pytest.mark.parametrize("name", sorted(CHECKS))
def test_the_rules_make_the_row_done(run: Run, name: str) -> None:
    verdict = judged(run, name)
    assert verdict.done, verdict.text
    assert CHECKS[name][1] in verdict.text
