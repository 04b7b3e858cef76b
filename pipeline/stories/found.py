"""Checks of what was found: where, what, who, how soon - each held against the truth."""

from collections.abc import Iterable, Mapping
from typing import Final

from pipeline.records.clocks import MINUTE_MS
from pipeline.records.published.incident_parts import Blame
from pipeline.records.truth import TrueOutage
from pipeline.stories.evidence import StoryEvidence
from pipeline.stories.verdicts import Answer, done, missing
from pipeline.views.words import SERVICES, counted, interval, lasting, plain

START_MS_MAX: Final = 10 * MINUTE_MS
"""Error of the start that still is "when": an outage's ramp takes as long."""
FEW: Final = 6
"""Posts and tickets of one place that must be enough."""
EMERGENCY_MS_MAX: Final = MINUTE_MS
PART_OF_WORLD: Final = 2
"""An operator with more than twice the customers of the world is not all in it."""
CLAIMS_ENOUGH: Final = 2
"""Who flags on the second claim has waited for the second person, and for nothing else."""
DISTRICT: Final = 2
"""Depth in the place tree from which on an area tells where: 0 nation, 1 region, 2 town or district."""


def problem(evidence: StoryEvidence) -> Answer:
    """Which problem: services against the truth, and what people see."""
    true = _services(evidence.outage)
    found = [str(service) for service in evidence.now.services]
    said = ", ".join(SERVICES.get(name, plain(name)) for name in found) or "nothing"
    if lacking := sorted(true - set(found)):
        return missing(f"said {said}; really down, and not said: {', '.join(map(plain, lacking))}")
    symptoms = [plain(symptom.symptom) for symptom in (evidence.now.symptoms or ())[:3]]
    beyond = sorted(set(found) - true)
    also = f"; said and not down: {', '.join(map(plain, beyond))}" if beyond else ""
    return done(said + (f" ({', '.join(symptoms)})" if symptoms else "") + also)


def _services(outage: TrueOutage | None) -> set[str]:
    if outage is None:
        return set()
    return {str(service) for service in outage.services} | ({"emergency"} if outage.emergency_numbers else set())


def place(evidence: StoryEvidence) -> Answer:
    """Where: every town that was hit, or its district, is named; a region alone does not tell where."""
    true = sorted({area.area for area in evidence.outage.areas}) if evidence.outage else []
    named = [area.area for area in evidence.now.areas]
    exact = [area for area in true if area in named]
    close = [area for area in true if area in exact or any(_covers(name, area) for name in named)]
    if not close:
        return missing(f"named {_few(named) if named else 'no area'}; really {_few(true)}")
    if len(close) < len(true) and not evidence.now.areas_omitted:
        lacking = [area for area in true if area not in close]
        return missing(f"{len(close)} of {counted(len(true), 'area')} are named; not named: {_few(lacking)}")
    return done(f"{len(exact)} of {counted(len(true), 'area')} named exactly: {_few(exact or close)}")


def _covers(above: str, area: str) -> bool:
    return above.count("/") >= DISTRICT and area.startswith(above + "/")


def _few(names: Iterable[str]) -> str:
    shown = list(names)
    return ", ".join(shown[:3]) + (f" and {len(shown) - 3} more" if len(shown) > 3 else "")


def start(evidence: StoryEvidence) -> Answer:
    """When: the start as estimated against the true one."""
    said = evidence.now.started_at
    if said is None:
        return missing("no start was estimated")
    if evidence.outage is None:
        return done(f"estimated {evidence.time(int(said))}")
    error = int(said) - int(evidence.outage.started_at)
    words = f"estimated {evidence.time(int(said))}, really {evidence.time(int(evidence.outage.started_at))}"
    return done(words) if abs(error) <= START_MS_MAX else missing(f"{words}: {lasting(error)} apart")


def relevance(evidence: StoryEvidence) -> Answer:
    """What else is written must not look like an outage."""
    false = evidence.false_alarms
    if false:
        names = ", ".join(sorted({incident.name for incident in false}))
        return missing(f"{counted(len(false), 'confirmed incident')} of nothing ({names}) beside the outage")
    posts = evidence.now.posts
    said = "" if posts is None else f"{counted(posts.posts, 'post')} taken for it; "
    return done(f"{said}no false incident in {lasting(evidence.limits.length_ms)}")


def ledger(evidence: StoryEvidence) -> Answer:
    """Who knew first: first evidence of each source."""
    leads = evidence.now.leads
    if len(leads) < 2:
        return missing(f"only {leads[0].source if leads else 'no source'} has first evidence")
    rows = [f"{lead.source} {evidence.time(int(lead.first_evidence_at))}" for lead in leads]
    began = evidence.outage.started_at if evidence.outage else None
    early = [lead for lead in leads if began is not None and lead.first_evidence_at < began - MINUTE_MS]
    note = f"; {early[0].source} from before it began: chance, counted as evidence" if early else ""
    return done(", ".join(rows) + note)


def few_posts(evidence: StoryEvidence) -> Answer:
    """A handful of posts of one place must be enough."""
    for revision in evidence.revisions:
        posts = revision.posts
        heard = None if posts is None else posts.posts + (posts.tickets or 0)
        if heard:
            when = evidence.time(int(revision.updated_at))
            words = f"open with {counted(heard, 'post and ticket', 'posts and tickets')} at {when}"
            return done(words) if heard <= FEW else missing(f"{words}: more than {FEW}")
    return missing("the incident never rested on posts")


def before_care(evidence: StoryEvidence) -> Answer:
    """Earlier than through customer service."""
    first = {str(lead.source): int(lead.first_evidence_at) for lead in evidence.now.leads}
    others = [at for source, at in first.items() if source != "tickets"]
    if not others:
        return missing("nothing but tickets told of it")
    if "tickets" not in first:
        return done("customers told it in public, and no ticket ever did")
    ahead = first["tickets"] - min(others)
    return done(f"{lasting(ahead)} before the first tickets") if ahead > 0 else missing("tickets were first")


def extent(evidence: StoryEvidence) -> Answer:
    """General, localised, or not geographic at all."""
    return _same("extent", evidence.now.extent, evidence.outage.extent if evidence.outage else None)


def nature(evidence: StoryEvidence) -> Answer:
    """Technical or content."""
    return _same("nature", evidence.now.nature, evidence.outage.nature if evidence.outage else None)


def _same(what: str, said: str | None, true: str | None) -> Answer:
    if said is None or said == "unknown":
        return missing(f"the {what} is not known")
    if true is not None and said != true:
        return missing(f"said {plain(said)}; really {plain(true)}")
    return done(plain(said))


def duration(evidence: StoryEvidence) -> Answer:
    """Temporary or prolonged."""
    said = evidence.now.duration_class
    return missing("the length is not classed") if said in {None, "unknown"} else done(plain(said))


def customers(evidence: StoryEvidence) -> Answer:
    """How many customers, against the truth.

    A world often has a part of an operator's towns only, and the reference all of
    its customers: what hits a nation is then compared as a share of them.
    """
    peak = evidence.head.customers_peak if evidence.head else None
    numbers = None if peak is None else peak.customers_affected
    if numbers is None:
        return missing("no number of customers was estimated")
    outage = evidence.outage
    if outage is None:
        return done(interval(numbers))
    size, world = _sizes(evidence, outage)
    if outage.extent == "localised" or size <= PART_OF_WORLD * world:
        fits = numbers.low <= outage.customers <= numbers.high
        words = f"{interval(numbers)}; really {outage.customers:,}"
    else:
        true = outage.customers / world
        fits = numbers.low / size <= true <= numbers.high / size
        words = f"{interval(numbers)} of {size:,}, {numbers.low / size:.0%} to {min(numbers.high / size, 1):.0%}"
        words += f"; really {true:.0%}, of the {world:,} who live in this world"
    return done(words) if fits else missing(words)


def _sizes(evidence: StoryEvidence, outage: TrueOutage) -> tuple[int, int]:
    """Customers of those that were down: by the reference, and in the areas of the world that were hit."""
    down = {operator.operator for operator in outage.operators}
    size = sum(evidence.run.operator_sizes.get(operator, 0) for operator in down)
    return size, max(sum(area.customers for area in outage.areas), 1)


def hosted(evidence: StoryEvidence) -> Answer:
    """Operators that are down on another's network."""
    true = (
        {operator.operator for operator in evidence.outage.operators if operator.role == "hosted"}
        if evidence.outage
        else set()
    )
    said = {operator.operator for operator in evidence.now.operators if operator.role == "hosted"}
    if lacking := sorted(true - said):
        return missing(f"not seen as hosted: {evidence.names(lacking)}")
    if wrong := sorted(said - true):
        return missing(f"said to be hosted and down, and were not: {evidence.names(wrong)}")
    return done(f"{evidence.names(sorted(said))}, hosted" if said else "none was, and none was said")


def collateral(evidence: StoryEvidence) -> Answer:
    """Operators that are only blamed stay apart from those that are down."""
    down = {operator.operator for operator in evidence.outage.operators} if evidence.outage else set()
    said = {operator.operator for operator in evidence.now.operators if operator.role is not None}
    others = {name for alarm in evidence.false_alarms for name in alarm.operators}
    if wrong := sorted((said | others) - down):
        return missing(f"said to be down though healthy: {evidence.names(wrong)}")
    return done(f"only {evidence.names(sorted(said))}, and nobody else, said to be down")


def blame(evidence: StoryEvidence) -> Answer:
    """Whom people blame, with their share and a denial, apart from who is at fault."""
    blamed = {operator.operator: operator.blame for operator in evidence.now.operators if operator.blame is not None}
    true = set(evidence.outage.blamed) if evidence.outage else set()
    if not blamed:
        return missing(
            "people blame somebody, and it is not recorded" if true else "nobody blamed anybody in this world"
        )
    if lacking := sorted(true - set(blamed)):
        return missing(f"blamed by people, and not recorded: {evidence.names(lacking)}")
    shares = [f"{evidence.name_of(name)} {blame.share_ppm / 10_000:.0f} %" for name, blame in sorted(blamed.items())]
    denied = any(blame.denied_at is not None for blame in blamed.values())
    words = ", ".join(shares) + ("; a denial was heard" if denied else "; no denial was heard")
    return done(words + _corrected(evidence, blamed))


def _corrected(evidence: StoryEvidence, blamed: Mapping[str, Blame]) -> str:
    """Who was blamed without fault, and when a correction of that was drafted; '' if nobody was."""
    at = {text.notice_id: int(text.drafted_at) for text in evidence.notices if text.kind == "correction"}
    rows = {name: blame.notice_id for name, blame in sorted(blamed.items()) if blame.notice_id in at}
    wrong = [f"{evidence.name_of(name)} {evidence.time(at[notice])}" for name, notice in rows.items() if notice]
    return f"; wrong blame corrected: {', '.join(wrong)}" if wrong else ""


def item(evidence: StoryEvidence) -> Answer:
    """The TV channel, programme, technology or element that is down."""
    true = set(evidence.outage.items) if evidence.outage else set()
    named = {item.name for item in evidence.now.items or ()}
    element = evidence.now.suspected_element
    parts = [*sorted(named), *([f"element {element.element}"] if element else [])]
    lacking = sorted(true - named)
    failed = None if evidence.outage is None else evidence.outage.element
    if failed and (element is None or failed.casefold() not in element.element.casefold()):
        lacking.append(f"element {failed}")
    said = f"named: {', '.join(parts) or 'nothing'}"
    if lacking:
        return missing(f"{said}; not named: {', '.join(lacking)}")
    return done(said) if parts else missing(said)


def team(evidence: StoryEvidence) -> Answer:
    """The team it goes to."""
    said = evidence.now.team
    if said is None:
        return missing("no team is named")
    content = evidence.outage is not None and evidence.outage.nature == "content"
    if content and evidence.now.nature != "content":
        return missing(f"it went to {plain(said)}, and is the content provider's")
    return done(plain(said))


def emergency(evidence: StoryEvidence) -> Answer:
    """Whether people can call for help."""
    true = set(evidence.outage.emergency_numbers) if evidence.outage else set()
    impact = evidence.now.emergency
    affected = impact is not None and bool(impact.affected)
    if impact is None or not affected:
        return (
            missing(f"{', '.join(sorted(true))} unreachable, and not said") if true else done("no claim, and none true")
        )
    if not true:
        return missing(f"said {', '.join(impact.numbers) or 'emergency numbers'} unreachable, and they were not")
    if lacking := sorted(true - set(impact.numbers)):
        return missing(f"not said to be unreachable: {', '.join(lacking)}")
    return done(f"{', '.join(impact.numbers)} unreachable: {impact.verification_text or 'claimed'}")


def emergency_soon(evidence: StoryEvidence) -> Answer:
    """One ticket or two people are enough, at once; claims in doubt are none until a person believes them."""
    flagged = next(
        (revision for revision in evidence.revisions if revision.emergency and revision.emergency.affected), None
    )
    if flagged is None or flagged.emergency is None or flagged.emergency.first_claim_at is None:
        return missing("emergency calls were never flagged")
    first, claims = int(flagged.emergency.first_claim_at), flagged.emergency.claims or 0
    enough = int(flagged.emergency.sufficed_at or first)
    took = int(flagged.updated_at) - enough
    since = f"the first at {evidence.time(first)}"
    if enough != first:
        since = f"they were enough at {evidence.time(enough)}; the first, in doubt, came at {evidence.time(first)}"
    words = f"flagged at {counted(claims, 'claim')}, {lasting(took)} after {since}"
    soon = took <= EMERGENCY_MS_MAX or claims == CLAIMS_ENOUGH  # a single one that waited was waiting for nothing
    return done(words) if soon else missing(f"{words}: more than a minute, and more than enough")
