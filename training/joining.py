"""Joining: all that judges claims, learnt one after the other, each on what those before it say of unseen writers.

Leads open the gate, words weigh what passes, a net hears what sentences mean, and four numbers put both together.
"""

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Final, NamedTuple

import msgspec

from pipeline.adapters.reference.folder import load_operators
from pipeline.adapters.reference.language import read_words
from pipeline.ingest.text.understand import TextRules
from pipeline.reference.learnt.alarm_weights import AlarmWeights
from training.claims import (
    ClaimSet,
    ClaimText,
    claim_set,
    held_out_claims,
    labels_of,
    leads_of_claims,
    line_of_claims,
    meaning_of,
    unnamed_of,
)
from training.fitting import Floats
from training.meaning import encoded
from training.measuring import Line
from training.net import Joined, Net

LEXICON: Final = Path(__file__).resolve().parents[1] / "deploy" / "reference" / "lexicon"


class JudgedClaims(NamedTuple):
    """What was learnt of claims beside the weights of words, and how held-out texts come out.

    Attributes:
        found: The texts.
        leads: Weights that hold the leads, by language.
        line: What makes the words right.
        net: Hears what sentences mean.
        joined: How words and meaning count.
        log_odds: Of each text, by judges who have seen nothing of its writer.
    """

    found: ClaimSet
    leads: Mapping[str, AlarmWeights]
    line: Line
    net: Net
    joined: Joined
    log_odds: Floats


def judged_claims(texts: Sequence[ClaimText]) -> JudgedClaims:
    """Learn and judge.

    Args:
        texts: From `training.claims.read_claim_texts`.
    """
    bare = text_rules()
    leads = leads_of_claims(texts, bare)
    found = claim_set(texts, text_rules(leads.weights), bare, leads.led)
    held = held_out_claims(found)
    net, meant = meaning_of(found, encoded(tuple(found.plain)))
    unnamed = unnamed_of(found)
    joined = Joined.of(held, meant, unnamed, labels_of(found))
    log_odds = joined.log_odds(held, meant, unnamed)
    return JudgedClaims(found, leads.weights, line_of_claims(found, held), net, joined, log_odds)


def text_rules(leads: Mapping[str, AlarmWeights] | None = None) -> TextRules:
    """What reads texts: the lexicon's words without weights, but for leads.

    Args:
        leads: Weights that hold leads, by language.
    """
    lexicon = msgspec.structs.replace(read_words(LEXICON), claim_weights=leads or {})
    return TextRules.compile(lexicon, (), (), markets=load_operators().markets.values())
