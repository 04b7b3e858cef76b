"""What an operator says to everybody: what it denies, which cause it states, and until when it promises the end.

Denials and causes are read here; the promised end was read by INGEST and comes with the post.
"""

from collections.abc import Iterable

from pipeline.records.inner.signals import OfficialPost
from pipeline.records.inner.talk import BLAME, CLAIM
from pipeline.records.vocabulary import TELL_OF_A_STATE
from pipeline.respond.config import RespondRules
from pipeline.respond.official_terms import OfficialTerms
from pipeline.respond.people.around import add_counts, add_message
from pipeline.respond.people.blaming import at_fault
from pipeline.respond.people.causing import stated_cause, with_stated_cause
from pipeline.respond.people.denying import denied_claims, denies_others
from pipeline.respond.state import IncidentCase


def hear_officials(case: IncidentCase, posts: Iterable[OfficialPost], rules: RespondRules) -> bool:
    """Take in what the operators of a case said; an answer to one person is no word to everybody.

    Args:
        case: What it remembers of people changes in place.
        posts: In the order of time.
        rules: Words of each language, names of operators.

    Returns:
        Was there anything for everybody, or a count of what people did about it?
    """
    given = list(posts)
    heard = [post for post in given if post.is_for_all]
    for post in heard:
        add_message(case.people, post)
        if post.promised_end_at is not None:
            case.people.promised_end_at = int(post.promised_end_at)
        for terms in _terms_of(post, case, rules):
            _read(case, post, terms, rules)
    counted = [add_counts(case.people, post) for post in given if post.counts]
    return bool(heard) or any(counted)


def _terms_of(post: OfficialPost, case: IncidentCase, rules: RespondRules) -> list[OfficialTerms]:
    """Words of the post's language; of all the market's languages if it says none that we know."""
    own = rules.official.get(post.lang[:2])
    languages = rules.languages_of(case.incident.market)
    return [own] if own else [rules.official[code] for code in languages if code in rules.official]


def _read(case: IncidentCase, post: OfficialPost, terms: OfficialTerms, rules: RespondRules) -> None:
    memory, at = case.people, int(post.at)
    for kind in denied_claims(post.text, terms):
        memory.denied_at.setdefault(f"{CLAIM}{kind}", at)
    begin = f"{BLAME}:"
    blamed = {subject.removeprefix(begin) for subject in memory.posts if subject.startswith(begin)}
    names = [rules.operator_name(operator) for operator in sorted(blamed - {post.operator})]
    if denies_others(post.text, names, terms):
        memory.denied_at.setdefault(BLAME, at)
    is_own = post.operator in at_fault(case.incident)
    if post.kind in TELL_OF_A_STATE and is_own and (kind := stated_cause(post.text, terms)):
        memory.stated_cause = [kind, post.operator]
        case.incident = with_stated_cause(case.incident, memory)
