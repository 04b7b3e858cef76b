"""Text out of HTML: what a reader of a post sees, without tags and entities.

Mastodon, help desks and mail exports give HTML. Rules of texts would read tag
names as words, and examples would be published with markup in them. A text is
taken for HTML if it has a tag that HTML has, or an entity: `x < 5` and `<o2>`
are neither.
"""

import html
import re
from html.parser import HTMLParser
from typing import Final

AUTO: Final = "auto"
MARKUPS: Final = (AUTO, "html", "plain")

SOURCE_CHARS_MAX: Final = 128_000
"""Longest HTML that is read, sixteen times the longest text; what stands behind it is cut."""

_TAG: Final = re.compile(
    r"<(?:/?(?:p|br|a|span|div|b|i|u|s|em|strong|small|ul|ol|li|blockquote|h[1-6]|table|tbody|thead|tr|td|th|font|"
    r"html|body|head|img|hr|pre|code|style|script|center|title|meta|label)(?=[\s/>])|!DOCTYPE|!--)",
    re.IGNORECASE,
)
_ENTITY: Final = re.compile(
    r"&(?:#\d{1,7}|#[xX][0-9a-fA-F]{1,6}|amp|lt|gt|quot|apos|nbsp|[aeiouyAEIOUY]uml|szlig|"
    r"[aeiouAEIOU](?:acute|grave|circ)|[cC]cedil|euro|hellip|rsquo|lsquo|ldquo|rdquo|ndash|mdash);"
)
_BLOCKS: Final = frozenset(
    {"p", "br", "div", "li", "tr", "h1", "h2", "h3", "h4", "h5", "h6", "blockquote", "hr", "pre", "ul", "ol", "table"}
)
_HIDDEN: Final = frozenset({"script", "style", "head", "title"})
_BLANKS: Final = re.compile(r"[ \t\r\f\v\xa0]+")


def is_markup(text: str) -> bool:
    """Whether a text is HTML.

    >>> is_markup("<p>kein Netz</p>"), is_markup("d&#39;internet"), is_markup("ping < 5 & <o2> down")
    (True, True, False)
    """
    return ("<" in text and _TAG.search(text) is not None) or ("&" in text and _ENTITY.search(text) is not None)


def text_of(markup: str) -> str:
    r"""What a reader sees of HTML.

    Args:
        markup: HTML, whole or a piece of it, well formed or not.

    Returns:
        Its text; paragraphs and line breaks are line ends.

    >>> text_of("<p>Plus d&#39;internet<br>&agrave; Rennes</p><p>@<span>orange</span></p>")
    "Plus d'internet\nà Rennes\n@orange"
    """
    markup = markup[:SOURCE_CHARS_MAX]
    if _TAG.search(markup) is None:
        return html.unescape(markup)
    reader = _Reader()
    reader.feed(closed(markup))
    reader.close()
    lines = (_BLANKS.sub(" ", line).strip() for line in "".join(reader.parts).split("\n"))
    return "\n".join(line for line in lines if line)


def closed(markup: str) -> str:
    """Markup without comments, in which every tag is closed: the parser's time is quadratic in tags that are not."""
    parts = []
    rest = markup
    while rest:
        before, comment, rest = rest.partition("<!--")
        parts.append(before)
        if comment:
            rest = rest.partition("-->")[2]
    first, *pieces = "".join(parts).split("<")
    return first + "".join(_opened(piece) for piece in pieces)


def _opened(piece: str) -> str:
    """What follows a `<`, with it: as a tag, as a sign, or without a declaration, over which the parser may stumble."""
    if ">" not in piece:
        return f"&lt;{piece}"
    return piece.partition(">")[2] if piece.startswith(("!", "?")) else f"<{piece}"


class _Reader(HTMLParser):
    """Collects text; knows of blocks, line breaks, pictures that stand for a sign, and what nobody sees."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.parts: list[str] = []
        self._hidden = 0

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag in _HIDDEN:
            self._hidden += 1
        if tag in _BLOCKS:
            self.parts.append("\n")
        elif tag in {"td", "th"}:
            self.parts.append(" ")
        elif tag == "img":
            self.parts.append(dict(attrs).get("alt") or "")

    def handle_endtag(self, tag: str) -> None:
        if tag in _HIDDEN:
            self._hidden = max(0, self._hidden - 1)
        elif tag in _BLOCKS:
            self.parts.append("\n")

    def handle_data(self, data: str) -> None:
        if not self._hidden:
            self.parts.append(data.replace("\n", " "))
