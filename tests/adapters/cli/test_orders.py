"""What a person may say of an order: when a silence ends, and which incident is meant."""

import msgspec
import pytest

from pipeline.adapters.cli.live.targets import answered_by, meant, meant_by
from pipeline.adapters.cli.options import end_of, window_of
from pipeline.adapters.codecs.wire import decoder
from pipeline.adapters.kafka.tape.order import Waiting
from pipeline.records.errors import ConfigError
from pipeline.records.published.incidents import Incident
from pipeline.records.published.notices import Notice
from pipeline.records.vocabulary import NoticeKind
from tests.kafka.harness import ROOT

EXAMPLE = decoder(Incident).decode(next((ROOT / "schemas/examples/incidents/accept").glob("*.json")).read_bytes())
NOTICE = decoder(Notice).decode(next((ROOT / "schemas/examples/notices/accept").glob("*.json")).read_bytes())
NOW = 1_739_347_200_000


@pytest.mark.parametrize(
    ("lasts", "until", "ends"),
    [
        ("90s", "", NOW + 90_000),
        ("45m", "", NOW + 2_700_000),
        ("1d", "", NOW + 86_400_000),
        ("", "2025-02-12T08:00:01Z", NOW + 1_000),
    ],
)
def test_a_silence_ends_after_a_length_or_at_a_time(lasts: str, until: str, ends: int) -> None:
    assert end_of(lasts, until, NOW) == ends


@pytest.mark.parametrize(
    ("lasts", "until"), [("", ""), ("2h", "2025-02-12T08:00:01Z"), ("2", ""), ("-2h", ""), ("", "soon")]
)
def test_a_silence_without_one_end_is_refused(lasts: str, until: str) -> None:
    with pytest.raises(ConfigError, match=r"--for|--until"):
        end_of(lasts, until, NOW)


def test_planned_work_ends_after_it_begins() -> None:
    assert window_of("2025-02-12T08:00:00Z", "4h", "") == (NOW, NOW + 4 * 3_600_000)
    with pytest.raises(ConfigError, match=r"--until .*: must be after --from"):
        window_of("2025-02-12T08:00:00Z", "", "2025-02-12T08:00:00Z")
    with pytest.raises(ConfigError, match="say one of them"):
        window_of("2025-02-12T08:00:00Z", "4h", "2025-02-12T09:00:00Z")
    with pytest.raises(ConfigError, match="--from soon"):
        window_of("soon", "4h", "")


def test_a_whole_id_is_meant_even_if_a_longer_one_begins_so() -> None:
    known = [msgspec.structs.replace(EXAMPLE, incident_id=name) for name in ("ab", "abc")]
    assert meant("AB", known).incident_id == "ab"


def test_many_incidents_that_begin_alike_are_told_in_part() -> None:
    known = [msgspec.structs.replace(EXAMPLE, incident_id=f"a{n:02}") for n in range(15)]
    with pytest.raises(ConfigError, match="15 incidents have ids that begin so") as refusal:
        meant("a", known)
    assert "a14" in str(refusal.value)
    assert str(refusal.value).endswith("and 5 older ones")


def test_an_order_about_what_waits_means_a_draft_or_a_backup_before_an_incident() -> None:
    incidents = [msgspec.structs.replace(EXAMPLE, incident_id="abc")]
    waiting = [Waiting("abd", "DE", "draft customers sms de"), Waiting("abe", "FR", "proposed orange/phone-bot")]
    assert meant_by("ABD", incidents, waiting) == ("abd", "DE")
    assert meant_by("abc", incidents, waiting) == ("abc", EXAMPLE.market)
    with pytest.raises(ConfigError, match="2 of what waits for people have ids that begin so") as refusal:
        meant_by("ab", incidents, waiting)
    assert "proposed orange/phone-bot" in str(refusal.value)


def test_planned_work_is_meant_by_its_id_where_no_incident_is() -> None:
    incidents = [msgspec.structs.replace(EXAMPLE, incident_id="abc")]
    of_work = [Waiting("f1", "DE", "draft", incident_id="dd1"), Waiting("f2", "DE", "draft", incident_id="dd1")]
    assert meant_by("DD", incidents, of_work) == ("dd1", "DE")
    with pytest.raises(ConfigError):
        meant_by("dd", incidents, [*of_work, Waiting("f3", "DE", "draft", incident_id="dd2")])
    with pytest.raises(ConfigError):
        meant_by("e", incidents, [Waiting("f3", "DE", "draft", incident_id="ee", is_question=True)])


def test_an_answer_means_an_incident_or_a_question_that_has_none_yet() -> None:
    incidents = [msgspec.structs.replace(EXAMPLE, incident_id=name) for name in ("abc", "ab0")]
    notices = [
        msgspec.structs.replace(NOTICE, kind=NoticeKind.QUESTION, incident_id=name, market="FR")
        for name in ("abd", "abd", "f0", "abc")
    ]
    assert answered_by("F", incidents, notices) == ("f0", "FR")
    assert answered_by("ABD", incidents, notices) == ("abd", "FR")
    assert answered_by("abc", incidents, notices) == ("abc", EXAMPLE.market)
    with pytest.raises(ConfigError, match="1 questions or works and 2 incidents have ids that begin so"):
        answered_by("ab", incidents, notices)
    work = msgspec.structs.replace(NOTICE, occasion="work_ahead", incident_id="dd1")
    assert answered_by("dd", incidents, [work]) == ("dd1", NOTICE.market), "announced work is called off by its id"
    with pytest.raises(ConfigError, match="no incident has an id"):
        answered_by("e", incidents, [NOTICE])
