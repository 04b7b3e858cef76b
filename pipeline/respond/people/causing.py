"""The cause that an operator states to everybody, read word by word as its denials are.

A sentence states a cause if it has a word of `because` ("reason", "due to"), names one thing that can be a cause, and
neither negates it nor leaves it open ("possibly", "is being looked into"). Of a sentence that names two, and of a
post whose sentences name different ones, nothing is taken: a cause that nobody stated would be told as a fact.
"""

from msgspec import structs

from pipeline.records.published.incident_parts import Cause
from pipeline.records.published.incidents import CAUSES_MAX, Incident
from pipeline.respond.official_terms import OfficialTerms
from pipeline.respond.people.denying import Utterance, sentences_of
from pipeline.respond.remembered.people import PeopleMemory


def stated_cause(text: str, terms: OfficialTerms) -> str:
    """Kind of the cause that a text states; '' if it states none, or more than one.

    Args:
        text: What the operator wrote.
        terms: Words of its language.
    """
    found = {kind for sentence in sentences_of(text) for kind in _named(sentence, terms)}
    return found.pop() if len(found) == 1 else ""


def _named(sentence: Utterance, terms: OfficialTerms) -> set[str]:
    size = len(sentence.words)
    stated = any(True for _ in sentence.finds(terms.because, 0, size))
    open_words = (*terms.left_open, *terms.no, *terms.not_ruled_out, *terms.ruled_out)
    if not stated or any(True for _ in sentence.finds(open_words, 0, size)):
        return set()
    return {kind for kind, phrases in terms.causes.items() if any(True for _ in sentence.finds(phrases, 0, size))}


def with_stated_cause(incident: Incident, memory: PeopleMemory) -> Incident:
    """A revision with the cause that its operator stated last; one that CORRELATE knows stays first.

    Args:
        incident: As CORRELATE wrote it.
        memory: What is remembered of the operator's words.
    """
    known = incident.causes or ()
    if not memory.stated_cause or any(cause.stated_by for cause in known):
        return incident
    kind, operator = memory.stated_cause
    from_operator = Cause(kind=kind, stated_by=operator)  # type: ignore[arg-type]  # of the closed list, by the loader
    return structs.replace(incident, causes=(from_operator, *known)[:CAUSES_MAX])
