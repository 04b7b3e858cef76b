"""What posts tell beside a fault is counted: that it is back, more services, what is an old story."""

from dataclasses import replace

import pytest
from msgspec.structs import replace as changed

from pipeline.ingest.complaints import ComplaintSums
from pipeline.ingest.mentions import add_mention
from pipeline.ingest.text.told.since import Since
from pipeline.ingest.text.understood import Understood
from pipeline.records.inner.strengths import STRENGTHS, strength_of
from pipeline.records.raw.mentions import Mention
from tests.ingest.world import NOON, PlainReader, rules


class ToldReader(PlainReader):
    """Understands one thing more than the plain one."""

    def __init__(self, **told: object) -> None:
        self._told = told

    def understand(
        self, text: str, *, lang: str | None = None, market: str | None = None, operator: str | None = None
    ) -> Understood:
        return changed(super().understand(text, lang=lang, market=market, operator=operator), **self._told)


def counted(text: str, *authors: str, **told: object) -> dict[tuple[str, str, str], tuple[int, list[str]]]:
    """Posts by measure, service and item: how many people, and the tags of the posts."""
    known = replace(rules(), reader=ToldReader(**told))
    sums = ComplaintSums(known)
    for number, author in enumerate(authors or ("anna",)):
        mention = Mention(
            platform="x",
            post_id=f"p{number}",
            author=author,
            text=text,
            operator="netcologne",
            posted_at="2025-02-12T12:00:00Z",
        )
        add_mention(mention, NOON, known, sums)
    rows = sums.partials()
    return {
        (series.measure, series.service, series.item): (len(partial.people), sorted(partial.ids.values()))
        for series, _, partial in rows
    }


PLANNED = ("planned",)


class PlansReader(ToldReader):
    """All posts talk of announced work."""

    def topics(self, text: str, *, lang: str | None = None, market: str | None = None) -> tuple[str, ...]:
        del text, lang, market
        return PLANNED


@pytest.mark.parametrize(
    ("told", "strength"),
    [
        pytest.param({}, 1, id="announced"),
        pytest.param({"operators": ()}, 1, id="found_by_search"),
        pytest.param({"overdue": True}, 2, id="not_over_as_announced"),
    ],
)
def test_announced_work_weighs_less_unless_it_should_be_over(told: dict[str, object], strength: int) -> None:
    known = replace(rules(), reader=PlansReader(**told, evidence_cnat=200, in_context_cnat=200))
    sums = ComplaintSums(known)
    mention = Mention(
        platform="x", post_id="p", text="internet down", operator="netcologne", posted_at="2025-02-12T12:00:00Z"
    )
    add_mention(mention, NOON, known, sums)
    tags = [tag for series, _, sum_ in sums.partials() if series.measure == "activity" for tag in sum_.ids.values()]
    usual = STRENGTHS.index(strength_of(200, 200))
    assert tags == [STRENGTHS[usual - 2 + strength]]


def test_who_says_that_it_is_back_is_counted_once_by_service_and_place() -> None:
    said = counted("internet is back, koeln", "anna", "anna", "bert", back=True)
    assert said["talk", "", "back:broadband:DE/NW/koeln"][0] == 2
    assert not any(item.startswith("back:") for _, _, item in counted("internet, koeln"))


def test_a_post_about_several_services_is_in_each_of_their_sums() -> None:
    said = counted("internet down, koeln", services=("broadband", "tv"))
    assert {service for measure, service, _ in said if measure == "complaints"} == {"broadband", "tv"}


def test_what_lasts_for_days_weighs_one_class_less() -> None:
    usual = strength_of(200, 200)
    assert counted("down")["activity", "", ""][1] == [usual]
    old = counted("down", since=Since(chronic=True))["activity", "", ""][1]
    assert old == [STRENGTHS[STRENGTHS.index(usual) - 1]]


def test_who_else_has_it_is_counted_of_reports_alone() -> None:
    assert ("talk", "", "general") in counted("down", spread="general")
    assert ("talk", "", "general") not in counted("all fine", spread="general")
