"""Understanding of one text: relevance, service, symptom, emergency, place, operators.

Everything is compiled once from reference data; a call asks no clock and remembers nothing, so the same text gives the
same answer in every process. Language is taken from the platform if there is a lexicon of it: short posts mislead every
detector of languages. Else function words are counted, those of the languages that customers of a known market write;
of equal counts the language wins that the market names first.
"""

from collections.abc import Callable, Iterable, Mapping
from typing import Final

from msgspec.structs import replace

from pipeline.ingest.text.alarm.claiming import ClaimParts
from pipeline.ingest.text.alarm.dialled import Dialled
from pipeline.ingest.text.alarm.emergency import AlarmReading
from pipeline.ingest.text.folding import Folded, Folder
from pipeline.ingest.text.languages import LanguageRules, language_rules, likeliest_language
from pipeline.ingest.text.meaning.asking import ReadEncoder
from pipeline.ingest.text.mood.judging import MoodClass, MoodPart
from pipeline.ingest.text.odds.weighing import EVIDENCE_MAX, Contribution, Weighed
from pipeline.ingest.text.official.cues import CueReader
from pipeline.ingest.text.official.ends import EndReader
from pipeline.ingest.text.official.reading import OfficialReading, OfficialReasons, PostedWhen
from pipeline.ingest.text.operators.who import AliasRow, OperatorAlias, OperatorReader, failing_row, handles_as_words
from pipeline.ingest.text.relevance import NOTHING, Relevance, how_often, service_of, told_of, words_of
from pipeline.ingest.text.told.channels import ChannelReader, channel_row
from pipeline.ingest.text.told.labels import ReadText
from pipeline.ingest.text.traits import AGAIN, BACK, NUMBER, OPERATOR, halves_of
from pipeline.ingest.text.understood import Understood
from pipeline.ingest.text.where import PlaceReader
from pipeline.ingest.text.words import NO_WORDS, Word, WordsSum
from pipeline.reference.dialling import Diallings
from pipeline.reference.operators import Market
from pipeline.reference.places import PlaceName
from pipeline.reference.words import Lexicon

__all__ = ["OperatorAlias", "PlaceName", "TextRules", "Understood"]

_CLAIM = Weighed(999, 999, EVIDENCE_MAX, EVIDENCE_MAX)
"""What a claim that no help can be called comes to: its own rules are surer than any sum of words."""

NEARLY_PERMILLE: Final = 300
"""A text that is so likely a report among many others is asked since when, and who has it."""

_NOWHERE: Final = ["en"]
"""Language of a text that says nothing of its own, from a market that nobody knows."""

Keep = Callable[[str, Callable[[], LanguageRules]], LanguageRules]
"""Gets a language and what compiles its rules; answers the rules, wherever they are from."""


def _made(_language: str, make: Callable[[], LanguageRules]) -> LanguageRules:
    return make()


class TextRules:
    """The compiled rules; make them with `compile`."""

    def __init__(
        self,
        lexicon: Lexicon,
        names: Iterable[PlaceName],
        operators: Iterable[AliasRow],
        *,
        markets: Iterable[Market],
        homes: Mapping[str, frozenset[str]] | None = None,
        encoder: ReadEncoder | None = None,
    ) -> None:
        languages = lexicon.languages
        known = list(markets)
        channels = (channel_row(lexicon.channels),)
        self._lexicon: Lexicon | None = lexicon
        self._read_lexicon: Callable[[], Lexicon] | None = None
        aliases = tuple(operators)
        self._more = {code: (*channels, failing_row(aliases, words.brands)) for code, words in languages.items()}
        self._compiled: dict[str, LanguageRules] = {}
        self._keep: Keep = _made
        self._encoder = encoder
        rows = [*channels, *lexicon.common.row, *(row for words in languages.values() for row in words.row)]
        vocabulary, often = words_of(rows), how_often(rows)
        self._function_words = {code: frozenset(words.function_words) for code, words in languages.items()}
        for function_words in self._function_words.values():
            often.update(dict.fromkeys(function_words, len(vocabulary)))
        self._often = often
        self._who = OperatorReader(aliases, {code: words.brands for code, words in languages.items()}, often)
        self._where = PlaceReader(
            names,
            {code: words.places for code, words in languages.items()},
            vocabulary | self._who.words,
            {market.id: market.never_places for market in known},
            often,
            homes or {},
        )
        self._channels = ChannelReader(lexicon.channels)
        self._folder = Folder(lexicon.common.signs, lexicon.common.hashtag_endings, vocabulary)
        self._last = ReadText("", "", self._folder.fold(""), NO_WORDS, NOTHING)
        numbers = Diallings(known, lexicon.common.dialling)
        self._dialled = Dialled(numbers, {code: words.alarm.spoken for code, words in languages.items()})
        self._zones = {market.id: market.time_zone for market in known}
        self._spoken_in = {market.id: [code for code in market.languages if code in languages] for market in known}
        self._markets = {code: [m for m, spoken in self._spoken_in.items() if code in spoken] for code in languages}
        self._languages = [code for code in languages if self._markets[code]] or list(languages)

    @classmethod
    def compile(
        cls,
        lexicon: Lexicon,
        names: Iterable[PlaceName],
        operators: Iterable[AliasRow],
        *,
        markets: Iterable[Market],
        homes: Mapping[str, frozenset[str]] | None = None,
        encoder: ReadEncoder | None = None,
    ) -> "TextRules":
        """Compile the rules: a few seconds for 100,000 names.

        Args:
            lexicon: From `pipeline.reference.words.lexicon_of`.
            names: Names of places, alternates and postcodes.
            operators: Ways to write operators' names: `OperatorAlias` or what `reference.operators` gives.
            markets: Their languages and emergency numbers.
            homes: Operator id to the regions ("DE/NW") where it has customers; one that is missing has them everywhere.
            encoder: Reads the encoder of sentences; None = words alone are asked what a text means.

        Returns:
            Rules that hold no reference to the arguments' iterators.
        """
        return cls(lexicon, names, operators, markets=markets, homes=homes, encoder=encoder)

    @property
    def markets(self) -> tuple[str, ...]:
        """Ids of the markets whose texts are understood, as they were given."""
        return tuple(self._spoken_in)

    def understand(
        self, text: str, *, lang: str | None = None, market: str | None = None, operator: str | None = None
    ) -> Understood:
        """Understand one text. Linear in its length; never raises for any content.

        Args:
            text: As posted; the first 5,000 characters, or 1,200 words, are read.
            lang: The platform's word for its language ("de", "en-GB").
            market: Where it was posted, if known: limits places, operators and channels.
            operator: Id of the operator whose search found the text: it stands in when the text names none.

        Returns:
            What it says.
        """
        folded = self._folder.fold(text)
        code = self._language(folded, lang, market)
        market = market or self._only_market(code)
        rules = self._language_rules(code)
        words = rules.scales.words(folded)
        reading = rules.relevance.read(folded.tokens, words.known)
        self._last = read = ReadText(text, code, folded, words, reading)
        named = self._who.read(folded, code, market, words.traits, words.known, operator)
        if folded.handles and named.tell_of_several(operator):
            named = self._who.read_with_handles(self._folder.fold(handles_as_words(text)), code, market, operator)
        named = named.unless_all_are_well(complains=bool(reading.complaints) and operator is None)
        meant = (operator,) if operator and operator not in named.at_ease else ()
        operators = named.operators or meant
        area, sure = self._where.place(folded, code, market, words, operators)
        claim = 0
        if not folded.repost and rules.alarm.may_claim(words, complains=bool(reading.complaints)):
            alarm = self._alarm(folded, reading, words, code, market)
            claim = 0 if alarm is None else rules.claims.permille(folded, alarm, reading)
        emergency = claim >= rules.claims.sure
        weighed = _CLAIM if emergency else rules.scales.weigh(folded, reading, words)
        relevant = emergency or rules.scales.are_tipped(weighed)
        services = rules.services.told(read) if relevant else ()
        if relevant and not services and self._channels.programme(folded.words, market):
            services = ("tv",)
        service = services[0] if services else None if relevant else service_of(reading)
        item, symptom = told_of(rules.relevance, reading, service, relevant=relevant)
        if emergency:
            services = ("emergency",)
            service, item, symptom = "emergency", None, "emergency_unreachable"
        elif service == "tv":
            item = self._channels.read(folded.words, market, reading) or item
        doubtful = rules.claims.doubtful <= claim < rules.claims.sure
        nearly = relevant or weighed.in_context_permille >= NEARLY_PERMILLE
        beside = rules.telling.read(folded, text, words, relevant=relevant, nearly=nearly)
        since, spread, back, _, overdue = rules.topics.add(beside, read, relevant=relevant)
        what = Understood(relevant, *weighed, code, service, item, symptom, emergency, area, operators, claim, doubtful)
        if not (named.at_ease or services or nearly or back or sure):
            return what
        more = {"since": since, "spread": spread, "back": back, "area_permille": sure, "overdue": overdue}
        return replace(what, at_ease=named.at_ease, services=services, **more)

    def official(
        self,
        text: str,
        *,
        lang: str | None = None,
        market: str | None = None,
        operator: str | None = None,
        at: int = 0,
        answers: bool = False,
    ) -> OfficialReading:
        """Find out what a post of an operator about itself says.

        Args:
            text: As posted.
            lang: The platform's word for its language.
            market: Where it was posted: its places are read, and its clocks.
            operator: Id of the operator.
            at: When it was posted, ms: an end is told from then on.
            answers: The platform says that it answers another post; if not, its words may tell.

        Returns:
            What it says.
        """
        folded = self._folder.fold(text)
        code = self._language(folded, lang, market)
        rules = self._language_rules(code)
        words = rules.scales.words(folded)
        area, _ = self._where.place(folded, code, market, words, (operator,) if operator else ())
        posted = PostedWhen(at, self._zones.get(market or "", "UTC"), answers)
        reading = rules.relevance.read(folded.tokens, words.known)
        return rules.official.read(folded, text, reading, area=area, posted=posted)

    def official_reasons(
        self, text: str, *, lang: str | None = None, market: str | None = None, answers: bool = False
    ) -> OfficialReasons:
        """Why a post of an operator about itself is of its kind.

        Args:
            text: As posted.
            lang: The platform's word for its language.
            market: Where it was posted.
            answers: The platform says that it answers another post.
        """
        folded = self._folder.fold(text)
        rules = self._language_rules(self._language(folded, lang, market))
        return rules.official.reasons(folded, text, answers=answers)

    def cues(self, code: str) -> CueReader:
        """What finds the cues of operators' own posts of a language; what training learns from."""
        return self._language_rules(code).official.cues

    def ends(self, code: str) -> EndReader | None:
        """What reads promised ends in a language, if there are words for it; what a measure asks."""
        return self._language_rules(code).official.ends

    def read(self, text: str, code: str) -> tuple[Folded, Relevance]:
        """Fold a text of a language, and find what the lexicon has of it; what training learns from.

        Args:
            text: As posted.
            code: Its language, one that has a lexicon.
        """
        read = self._read(text, code)
        return read.folded, read.reading

    def _read(self, text: str, code: str) -> ReadText:
        folded, rules = self._folder.fold(text), self._language_rules(code)
        words = rules.scales.words(folded)
        return ReadText(text, code, folded, words, rules.relevance.read(folded.tokens, words.known))

    def read_claim(self, text: str, code: str, market: str | None = None) -> ClaimParts | None:
        """What a text has that speaks for a claim that help cannot be called, or against it; what training learns from.

        Args:
            text: As posted.
            code: Its language, one that has a lexicon.
            market: Where it was posted, if known: its emergency numbers count.

        Returns:
            None for a text about something else.
        """
        _, _, folded, words, reading = self._read(text, code)
        alarm = self._alarm(folded, reading, words, code, market)
        return None if alarm is None else ClaimParts(folded, alarm, reading)

    def claim_parts(self, text: str, code: str, market: str | None = None) -> list[tuple[str, int]]:
        """What speaks for a claim that help cannot be called, or against it, in centi-nats; heaviest first.

        Args:
            text: As posted.
            code: Its language, as `understand` found it.
            market: Where it was posted, if known.
        """
        parts = self.read_claim(text, code, market)
        return [] if parts is None else self._language_rules(code).claims.parts(*parts)

    def _alarm(
        self, folded: Folded, reading: Relevance, words: WordsSum, code: str, market: str | None
    ) -> AlarmReading | None:
        marked = self._dialled.marked(folded, code, market)
        homes = (market,) if market else self._markets[code]
        return self._language_rules(code).alarm.read(marked, words, complains=bool(reading.complaints), homes=homes)

    def parts(self, text: str, *, lang: str | None = None, market: str | None = None) -> list[Contribution]:
        """What a text has that speaks for a present fault or against it, heaviest first; the reasons for `understand`.

        Args:
            text: As posted.
            lang: The platform's word for its language.
            market: Where it was posted, if known.
        """
        code = self._language(self._folder.fold(text), lang, market)
        return self._language_rules(code).scales.parts(*self.read(text, code))

    def topics(self, text: str, *, lang: str | None = None, market: str | None = None) -> tuple[str, ...]:
        """What a text talks of beside the trouble; apart from `understand`, since most texts are never asked.

        Args:
            text: As posted.
            lang: The platform's word for its language.
            market: Where it was posted, if known.

        Returns:
            Sorted: prices, compensation, blame, professionals, device, thanks, leaving, rumour, planned.
        """
        read = self._last
        code = self._language(read.folded if read.text is text else self._folder.fold(text), lang, market)
        if read.text is not text or read.code != code:
            read = self._read(text, code)
        return self._language_rules(code).topics.topics(read)

    def mood(self, text: str, code: str) -> MoodClass | None:
        """How a text feels; apart from `understand` like `topics`. None in a language without weights of mood.

        Args:
            text: As posted.
            code: Its language, as `understand` found it.
        """
        reader = self._language_rules(code).mood
        return None if reader is None else reader.mood(text)

    def mood_parts(self, text: str, code: str) -> list[MoodPart]:
        """What a text has that speaks for a mood, what parts the classes most first."""
        reader = self._language_rules(code).mood
        return [] if reader is None else reader.parts(text)

    def prepare(self) -> None:
        """Compile the rules of all languages now: where records wait, a second in the middle of a batch is long."""
        for code in self._markets:
            self._language_rules(code)

    def without_words(self) -> "TextRules":
        """The same rules without the lexicon, as they are kept: it is as large as all else that is kept of them."""
        self._lexicon = None
        return self

    def kept_by(self, keep: Keep, lexicon: Callable[[], Lexicon]) -> "TextRules":
        """The same rules, whose languages are fetched by somebody else where they are kept.

        Args:
            keep: Gets a language and what compiles it, and answers what that would.
            lexicon: Reads the lexicon that the rules are of, if a language must be compiled.
        """
        self._keep, self._read_lexicon = keep, lexicon
        return self

    def _language_rules(self, code: str) -> LanguageRules:
        """Rules of a language, compiled when its first text comes: most who run this read one or two."""
        rules = self._compiled.get(code)
        if rules is None:
            rules = self._compiled[code] = self._keep(code, lambda: self._compile_language(code))
            rules.scales.ask(self._tell_in(code, rules))
        return rules

    def _tell_in(self, code: str, rules: LanguageRules) -> Callable[[Word], None]:
        """What notes of a word of a language what it may be part of."""
        pairs = self._dialled.telling(code, self._often)
        traits = dict.fromkeys((first for first, then in pairs if first == then), NUMBER)
        told = ((self._who.telling, OPERATOR), (rules.telling.telling, BACK), (rules.topics.cues, AGAIN))
        for words, trait in told:
            traits.update({word: traits.get(word, 0) | trait for word in words})
        halves = halves_of(pair for pair in pairs if pair[0] != pair[1])
        alarm, where = rules.alarm, self._where

        def tell(word: Word) -> None:
            word.traits, word.halves = traits.get(word.text, 0), halves.get(word.text, 0)
            alarm.tell(word)
            where.tell(word)

        return tell

    def _compile_language(self, code: str) -> LanguageRules:
        lexicon = self._lexicon
        if lexicon is None:
            assert self._read_lexicon is not None, "rules without words are told who reads the lexicon"
            lexicon = self._read_lexicon()
        return language_rules(code, lexicon, self._more[code], self._often, self._encoder)

    def _language(self, folded: Folded, lang: str | None, market: str | None) -> str:
        given = lang[:2].lower() if lang else ""
        if given in self._markets:
            return given
        home = self._spoken_in.get(market or "", _NOWHERE)
        return likeliest_language(folded.tokens, self._languages, self._function_words, home)

    def _only_market(self, code: str) -> str | None:
        """The market of a language that the customers of only one write."""
        markets = self._markets[code]
        return markets[0] if len(markets) == 1 else None
