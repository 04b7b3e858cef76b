"""What a person is told of incidents: turns of their life, not every number."""

import pytest

from pipeline.adapters.cli.narrate import Narrator, line_of, news_of, tell_truth, what_changed
from pipeline.adapters.cli.terminal import Format, Terminal
from pipeline.adapters.codecs.wire import decoder, encode
from pipeline.records.published.incidents import Incident
from pipeline.records.published.notices import Notice
from pipeline.records.truth import Truth

BEGAN = "2025-02-12T08:00:00Z"


def incident(revision: int, state: str = "suspected", **fields: object) -> Incident:
    value = {
        "incident_id": "0123456789abcdef0123",
        "revision": revision,
        "updated_at": "2025-02-12T08:05:00Z",
        "opened_at": "2025-02-12T08:04:00Z",
        "market": "DE",
        "state": state,
        "severity": "minor",
        "operators": [{"operator": "netcologne", "role": "primary"}],
        **fields,
    }
    return decoder(Incident).decode(encode(value))


def notice(kind: str, language: str) -> Notice:
    value = {
        "notice_id": f"{kind}-{language}",
        "incident_id": "0123456789abcdef0123",
        "revision": 1,
        "market": "DE",
        "operator": "netcologne",
        "kind": kind,
        "audience": "care_agents",
        "outlet": "internal",
        "language": language,
        "subject": "?",
        "body": f"confirm or dismiss? {language}",
        "drafted_at": BEGAN,
    }
    return decoder(Notice).decode(encode(value))


def truth() -> Truth:
    outage = {
        "outage_id": "o1",
        "started_at": BEGAN,
        "full_at": BEGAN,
        "first_back_at": "2025-02-12T10:00:00Z",
        "ended_at": "2025-02-12T11:00:00Z",
        "operators": [{"operator": "netcologne", "role": "primary"}],
        "areas": [],
        "services": ["broadband"],
        "cause": "unknown",
        "nature": "technical",
        "extent": "general",
        "customers": 7,
        "hit_per_minute": [7],
    }
    world = {"scenario": "s", "title": "t", "seed": 1, "market": "DE", "time_zone": "UTC", "started_at": BEGAN}
    return decoder(Truth).decode(encode({**world, "ended_at": BEGAN, "shares_ppm": {}, "outages": [outage]}))


@pytest.mark.parametrize(
    ("before", "now", "word"),
    [
        pytest.param(None, incident(1), "opened", id="first_sight"),
        pytest.param(incident(1), incident(2), "", id="nothing_for_a_person"),
        pytest.param(incident(1), incident(2, "confirmed"), "confirmed", id="another_state"),
        pytest.param(incident(1), incident(2, severity="critical"), "critical", id="another_severity"),
        pytest.param(incident(1), incident(2, services=["tv"]), "changed", id="another_service"),
        pytest.param(
            incident(3, "resolved", resolved_at=BEGAN),
            incident(4, "confirmed", resolved_at=BEGAN, reopened=1),
            "reopened",
            id="relapse",
        ),
    ],
)
def test_only_turns_are_told(before: Incident | None, now: Incident, word: str) -> None:
    assert what_changed(before, now) == word


def test_the_first_line_says_all_and_a_later_one_only_what_is_new() -> None:
    first = incident(1, severity="critical", services=["broadband"], areas=[{"area": "DE/NW/koeln"}])
    wider = incident(2, severity="critical", services=["broadband", "tv"], emergency={"affected": True})
    over = incident(3, "resolved", severity="cleared", services=["broadband", "tv"], emergency={"affected": True})
    assert line_of(first) == "012345 · critical · netcologne · broadband · DE/NW/koeln"
    assert news_of(first, wider) == "012345 · critical · netcologne · also tv · EMERGENCY CALLS"
    assert news_of(incident(1), incident(2, severity="major")) == "012345 · was minor · netcologne"
    assert news_of(wider, over) == "012345 · netcologne · after 1 min"


def test_an_older_revision_changes_nothing(capsys: pytest.CaptureFixture[str]) -> None:
    narrator = Narrator(Terminal(Format.TABLE))
    narrator.hear(incident(2, "confirmed"))
    narrator.hear(incident(1))
    lines = capsys.readouterr().out.splitlines()
    assert len(lines) == 1
    assert "opened" in lines[0]


def test_a_question_is_told_once_and_in_one_language(capsys: pytest.CaptureFixture[str]) -> None:
    narrator = Narrator(Terminal(Format.TABLE))
    for kind in ("update", "question"):
        for language in ("de", "fr"):
            narrator.hear_notice(notice(kind, language))
    (line,) = capsys.readouterr().out.splitlines()
    assert "question" in line
    assert "012345 · netcologne · confirm or dismiss? de" in line


def test_the_truth_tells_how_soon_an_outage_was_found(capsys: pytest.CaptureFixture[str]) -> None:
    other = incident(9, "closed", incident_id="f" * 20, opened_at="2025-02-11T08:00:00Z", confirmed_at=BEGAN)
    found = incident(5, "confirmed", confirmed_at="2025-02-12T08:06:30Z", services=["broadband"])
    tell_truth(Terminal(), truth(), (other, found))
    tell_truth(Terminal(), truth(), ())
    soon, false_alarm, missed = capsys.readouterr().out.splitlines()
    assert "incident after 4 min, confirmed after 6 min 30 s" in soon
    assert "1 confirmed incident belongs to no outage" in false_alarm
    assert "it was not found" in missed
