"""Countries: which other ones a text names, apart from lists in which one where it may have been written stands too.

"112 down in Austria and Germany" tells a German reader of Germany. A list is what a joining word closes: a comma
alone may as well set two against each other ("not in Austria, in Germany it works").
"""

from collections.abc import Container, Iterable, Mapping
from typing import Final

from pipeline.ingest.text.folding import fold_words
from pipeline.ingest.text.matching import Hit, Matcher, gathered, longest_of

_JOINING: Final = frozenset({"and", "und", "et", "en"})
_ARTICLES: Final = ("the", "der", "die", "den", "la", "le", "de", "het")

_Ids = tuple[str, ...]


class CountryReader:
    """Finds countries.

    Args:
        countries: "In a country", by its id.
    """

    def __init__(self, countries: Mapping[str, Iterable[str]]) -> None:
        rows = [(name, id_) for id_, names in sorted(countries.items()) for name in names]
        self._told: Matcher[_Ids] = Matcher(gathered(rows))
        self._bare: Matcher[_Ids] = Matcher(gathered((bare, id_) for name, id_ in rows for bare in bare_names(name)))

    def abroad(self, words: str, tokens: list[str], homes: Container[str]) -> list[tuple[int, int]]:
        """Where other countries are named, as start and end, but for those in a list with a home.

        Args:
            words: Folded words.
            tokens: The same one by one.
            homes: Ids of countries where the text may have been written.
        """
        told = {hit.start: hit for hit in longest_of(self._told.spans_of(tokens))}
        if not told:
            return []
        bare = {hit.start: hit for hit in longest_of(self._bare.spans_of(tokens))}
        found: list[tuple[int, int]] = []
        read = 0
        for start, hit in told.items():
            if start >= read:
                listed = _list_from(hit, words, told, bare)
                read = listed[-1].end
                if not any(id_ in homes for other in listed for id_ in other.payload):
                    found += [(other.start, other.end) for other in listed]
        return found


def bare_names(name: str) -> tuple[str, ...]:
    """How a country stands in a list whose first has the word before it.

    >>> bare_names("in germany")[:2]
    ('germany', 'the germany')
    """
    bare = fold_words(name.partition(" ")[2]).strip()
    return (bare, *(f"{article} {bare}" for article in _ARTICLES))


def _list_from(
    first: Hit[_Ids], words: str, told: Mapping[int, Hit[_Ids]], bare: Mapping[int, Hit[_Ids]]
) -> list[Hit[_Ids]]:
    """A country and those that are listed with it, up to the last that a joining word adds."""
    chain, closed = [first], 1
    while True:
        at, joined = _behind_joint(words, chain[-1].end + 1, told)
        after = (told.get(at) or bare.get(at)) if at > chain[-1].end + 1 else None
        if after is None:
            return chain[:closed]
        chain.append(after)
        if joined:
            closed = len(chain)


def _behind_joint(words: str, at: int, told: Container[int]) -> tuple[int, bool]:
    """Where what a comma, a joining word or both add begins, and whether there is such a word; `at` = nothing does.

    French "en" before a country is none: it begins what is told.
    """
    if words.startswith(", ", at):
        at += 2
    word = words[at : words.find(" ", at)]
    joined = at not in told and word in _JOINING
    return (at + len(word) + 1 if joined else at), joined
