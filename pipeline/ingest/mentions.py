"""Mentions: public posts, most of which are about something else.

Every post about an operator counts as `activity` where it is, with its strength: how much its
text speaks for a fault; a post that complains of trouble counts as `complaints` there; later counts
of reactions count as `reactions`, and those of an operator's own post ride whole. A post may
name several operators and counts for each: who is to blame is CORRELATE's question. A repost is activity, never a
complaint: rumours travel by reposts. Copies of one text count once in a pane and area, whoever posts them and
whatever they say, unless it is so short that many people write it.

A reply is tagged with the post that it answers, as it says more if that reports a fault ("same here"). One that
names no operator is about that of the post, which DETECT knows.
"""

from collections.abc import Iterable, Iterator
from typing import Final

from pipeline.ingest.claims import numbers_in
from pipeline.ingest.complaints import ComplaintSums, area_among, complaint_series
from pipeline.ingest.known import check_area, check_market, market_of_operator
from pipeline.ingest.rules import IngestRules
from pipeline.ingest.text.copies import copy_mark
from pipeline.ingest.text.masking import masked
from pipeline.ingest.text.told.since import is_chronic
from pipeline.ingest.text.understood import Understood
from pipeline.ingest.unanswered import Unanswered
from pipeline.records.clocks import Instant
from pipeline.records.errors import Reason, RecordError
from pipeline.records.inner.signals import EmergencyClaim, LooseReply, OfficialPost
from pipeline.records.inner.strengths import STRENGTHS, reply_tag, strength_of
from pipeline.records.inner.talk import BACK, BLAME, CAUSE, CLAIM, ISOLATED, MOOD, PLANNED, REPOSTED, TALK
from pipeline.records.raw.mentions import Mention
from pipeline.records.series import Series, nation_of
from pipeline.records.vocabulary import TELL_OF_AN_OUTAGE

OFFICIAL_CHARS_MAX: Final = 2_000
"""An official post rides whole up to here: longer ones say the rest on a page."""

Whole = OfficialPost | EmergencyClaim | LooseReply
"""What rides whole."""

OPERATORS_MAX: Final = 8
"""A post that names more operators than this is a list, not a complaint; the first ones count."""


def check_mention(mention: Mention, rules: IngestRules) -> None:
    """Refuse a post whose fields name what the reference does not know.

    Raises:
        RecordError: `unknown_operator`, `unknown_area` or `unknown_market`.
    """
    name = f"post {mention.post_id!r}"
    if mention.operator is not None:
        market_of_operator(mention.operator, name, rules)
    check_area(mention.area, name, rules)
    check_market(mention.market, name, rules)
    if mention.official and mention.operator is None:
        raise RecordError(Reason.SCHEMA_MISMATCH, f"{name}: an official post must name its operator")


def add_mention(mention: Mention, at: int, rules: IngestRules, sums: ComplaintSums) -> list[Whole]:
    """Count a post.

    Args:
        mention: Checked by `check_mention`.
        at: Event time, ms.
        rules: What is known beforehand.
        sums: Sums in which the post is counted.

    Returns:
        What rides whole: the post itself if it is official, a later count of what people did about it, claims, sure or
        doubtful, that help cannot be called, and a reply that names no operator and says something in context.
    """
    member = rules.hashed("post", mention.platform, mention.post_id)
    person = rules.hashed("author", mention.platform, mention.author) if mention.author else None
    if mention.kind == "engagement":
        _count_reactions(mention, at, member, rules, sums)
        return _counts_of_official(mention, at)
    if mention.official and mention.operator is not None:
        return [_official(mention, mention.operator, at, rules)]
    market = mention.market or (rules.market_of[mention.operator] if mention.operator else None)
    understood = rules.reader.understand(mention.text, lang=mention.lang, market=market, operator=mention.operator)
    claims: list[Whole] = []
    operators = _operators(mention, understood)
    topics = _topics(mention, understood, market, rules) if operators else None
    subjects = _subjects(mention, understood, topics or (), rules)
    may_claim = understood.emergency or understood.claim_doubtful
    counted = _counted(mention, member, rules) if operators else member
    areas = _areas(mention, understood, {rules.market_of[operator] for operator in operators}, rules)
    reply_to, hand = answered_post(mention, rules) if operators else 0, person if person is not None else member
    for operator in operators:
        home = rules.market_of[operator]
        _count_talk(subjects, (operator, home), (at, member, person), sums)
        if mention.repost_of is not None:
            sums.add(complaint_series(operator, home, "mentions", "activity"), at, member, person, STRENGTHS[0])
            continue
        area = areas[home]
        _count_return(understood, (operator, home, area), (at, counted, person), sums)
        strengths = _strengths(understood, at, rules.zones.get(home, "UTC"), planned=PLANNED in (topics or ()))
        tag = reply_tag(*strengths, reply_to, hand)
        sums.add(complaint_series(operator, area, "mentions", "activity"), at, counted, person, tag)
        if understood.relevant:
            series = _complain(mention, understood, (operator, area), (at, counted, hand), sums)
            asked = Unanswered(
                (member, hand), mention.platform, understood, mention.text, market, in_reply_to=reply_to, topics=topics
            )
            sums.keep_whole(series, at, asked)
        if may_claim:
            claims.append(_claim(mention, understood, operator, area, (at, member, person), rules))
    if market and not operators and mention.repost_of is None:
        claims += _of_nobody(mention, understood, market, (at, member, person), rules)
    return claims


def _of_nobody(
    mention: Mention, understood: Understood, market: str, ids: tuple[int, int, int | None], rules: IngestRules
) -> list[Whole]:
    """What rides whole of a post that names no operator: a claim, and a reply that says something in context.

    Whom such a reply is about is known where the post is that it answers; not one who says that all is well.
    """
    at, member, person = ids
    rides: list[Whole] = []
    if understood.emergency or understood.claim_doubtful:
        rides.append(_claim(mention, understood, "", _area(mention, understood, market, rules), ids, rules))
    if mention.in_reply_to and not understood.at_ease:
        _, raised = _strengths(understood, at, rules.zones.get(market, "UTC"), planned=False)
        parent, hand = answered_post(mention, rules), member if person is None else person
        if (tag := reply_tag(STRENGTHS[0], raised, parent, hand)) != STRENGTHS[0]:
            area = _area(mention, understood, market, rules)
            rides.append(LooseReply(Instant(at), area, f"{member:013x}", tag))
    return rides


def _complain(
    mention: Mention, understood: Understood, about: tuple[str, str], ids: tuple[int, int, int], sums: ComplaintSums
) -> Series:
    """Count a complaint for each service that it names; in a sum of several, a union of ids, it is one.

    Returns:
        The series of the first.
    """
    operator, area = about
    at, member, person = ids
    first = complaint_series(operator, area, "mentions", "complaints", understood.service, understood.item)
    sums.complain(first, at, (member, person), understood, mention.text)
    for service in understood.services[1:]:
        series = complaint_series(operator, area, "mentions", "complaints", service)
        sums.complain(series, at, (member, person), understood, mention.text)
    return first


def _count_return(
    understood: Understood, about: tuple[str, str, str], ids: tuple[int, int, int | None], sums: ComplaintSums
) -> None:
    """Count a post that says that all is well again, by service and place, in the nation of its operator."""
    if understood.back:
        operator, home, area = about
        at, member, person = ids
        subject = f"{BACK}{understood.service or ''}:{area}"
        series = complaint_series(operator, home, "mentions", TALK, item=subject)
        sums.add(series, at, member, member if person is None else person)


def _strengths(understood: Understood, at: int, zone: str, *, planned: bool) -> tuple[str, str]:
    """The class of a post's weight, and its class in context, as an answer to a report has it.

    Of what has lasted for days, or was announced, either is one lower: no news of now. Announced work that has not
    ended as announced is news.
    """
    in_context = understood.in_context_cnat
    since = understood.since
    is_old = (planned and not understood.overdue) or (since is not None and is_chronic(since, at, zone))
    classes = (strength_of(understood.evidence_cnat, in_context), strength_of(in_context, in_context))
    own, raised = (STRENGTHS[max(0, STRENGTHS.index(known) - is_old)] for known in classes)
    return own, raised


def _counted(mention: Mention, member: int, rules: IngestRules) -> int:
    """As what a post is counted: copies of a text are one. Of a repost, the copies are what counts."""
    mark = None if mention.repost_of is not None else copy_mark(mention.text)
    return member if mark is None else rules.hashed("copy", mark)


def answered_post(mention: Mention, rules: IngestRules) -> int:
    """Keyed hash of the post that this one answers, as that post was hashed; 0 for none."""
    return rules.hashed("post", mention.platform, mention.in_reply_to) if mention.in_reply_to else 0


def _count_talk(
    subjects: list[str], about: tuple[str, str], ids: tuple[int, int, int | None], sums: ComplaintSums
) -> None:
    """Count a post for each thing that it talks of, in the nation of its operator."""
    operator, home = about
    at, member, person = ids
    for subject in subjects:
        sums.add(complaint_series(operator, home, "mentions", TALK, item=subject), at, member, person)


def _topics(mention: Mention, understood: Understood, market: str | None, rules: IngestRules) -> tuple[str, ...] | None:
    """What a post talks of; None of one without words."""
    if not mention.text:
        return None
    return rules.reader.topics(mention.text, lang=understood.lang, market=market)


def _subjects(mention: Mention, understood: Understood, talked: tuple[str, ...], rules: IngestRules) -> list[str]:
    """What a post that names an operator is counted for, reposts too: rumours travel by them. Of blame, whom it names.

    The mood is that of who wrote, so a repost has none. A claim that is passed on counts as a repost of it, too.
    """
    if not (understood.operators and mention.text):
        return []
    topics = _with_blame(talked, several=len(understood.operators) > 1)
    blamed = [f"{BLAME}:{operator}" for operator in _operators(mention, understood)] if BLAME in topics else []
    if mention.repost_of is not None:
        return [*topics, *blamed, *(f"{REPOSTED}{topic}" for topic in topics if topic.startswith(CLAIM))]
    mood = rules.reader.mood(mention.text, understood.lang)
    spread = (understood.spread,) if understood.spread and understood.relevant else ()
    told = [topic for topic in topics if topic != ISOLATED]  # words for it alone may ask or deny it
    return [*told, *spread, *blamed, *((f"{MOOD}{mood}",) if mood else ())]


def _with_blame(topics: tuple[str, ...], *, several: bool) -> list[str]:
    """Who names two operators and a cause blames one of them; a congested network alone is nobody's blame."""
    found = {topic for topic in topics if topic not in (CAUSE, PLANNED)} | (
        {BLAME} if several and CAUSE in topics else set()
    )
    return sorted(found)


def _operators(mention: Mention, understood: Understood) -> tuple[str, ...]:
    """Whom the text names; else whose search found it, unless it says that all is well there."""
    named = understood.operators[:OPERATORS_MAX]
    found = mention.operator if mention.operator not in understood.at_ease else None
    return named or ((found,) if found else ())


def _areas(mention: Mention, understood: Understood, markets: Iterable[str], rules: IngestRules) -> dict[str, str]:
    """Where the trouble is, by market; of a repost, which complains of nothing, nobody asks."""
    if mention.repost_of is not None:
        return {}
    return {market: _area(mention, understood, market, rules) for market in markets}


def _area(mention: Mention, understood: Understood, market: str, rules: IngestRules) -> str:
    """Where the trouble is: the connector's area, the text's place, the author's home; else the nation."""
    return area_among(_candidates(mention, understood, market, rules), market)


def _candidates(mention: Mention, understood: Understood, market: str, rules: IngestRules) -> Iterator[str | None]:
    yield mention.area
    yield understood.area
    if mention.place:
        yield rules.places.resolve(mention.place, market)


def _count_reactions(mention: Mention, at: int, member: int, rules: IngestRules, sums: ComplaintSums) -> None:
    if mention.operator is None or mention.engagement is None:
        return
    market = rules.market_of[mention.operator]
    series = complaint_series(mention.operator, market, "mentions", "reactions")
    sums.add(series, at, member, None, value=mention.engagement.reactions)


def _counts_of_official(mention: Mention, at: int) -> list[Whole]:
    """A later count of what people did about an operator's post rides whole: totals of one post are no sum."""
    seen = mention.engagement
    if not mention.official or mention.operator is None or seen is None:
        return []
    counts = [seen.likes, seen.reposts, seen.replies, seen.quotes, seen.views]
    return [
        OfficialPost(
            operator=mention.operator,
            at=Instant(at),
            post_id=mention.post_id,
            platform=mention.platform,
            text="",
            counts=counts,
        )
    ]


def _official(mention: Mention, operator: str, at: int, rules: IngestRules) -> OfficialPost:
    """What an operator says; an end told to one customer is nobody else's, so only posts to all promise one."""
    market, answers = rules.market_of[operator], mention.in_reply_to is not None
    said = rules.reader.official(
        mention.text, lang=mention.lang, market=market, operator=operator, at=at, answers=answers
    )
    kind = "outage_reply" if answers and said.kind in TELL_OF_AN_OUTAGE else said.kind
    end = None if kind == "outage_reply" else said.promised_end_at
    return OfficialPost(
        operator=operator,
        at=Instant(at),
        post_id=mention.post_id,
        platform=mention.platform,
        text=mention.text[:OFFICIAL_CHARS_MAX],
        lang=mention.lang or "",
        reactions=mention.engagement.reactions if mention.engagement else 0,
        in_reply_to=answered_post(mention, rules),
        kind=kind,
        promised_end_at=None if end is None else Instant(end),
        services=list(said.services),
        area=mention.area or said.area or "",
    )


def _claim(
    mention: Mention,
    understood: Understood,
    operator: str,
    area: str,
    ids: tuple[int, int, int | None],
    rules: IngestRules,
) -> EmergencyClaim:
    at, member, person = ids
    return EmergencyClaim(
        market=nation_of(area),
        operator=operator,
        area=area,
        source="mentions",
        at=Instant(at),
        id_hash=member,
        person=member if person is None else person,
        numbers=numbers_in(mention.text, rules.emergency_numbers.get(nation_of(area), ())),
        example=masked(mention.text),
        service=understood.service or "",
        permille=understood.claim_permille,
        doubtful=understood.claim_doubtful,
    )
