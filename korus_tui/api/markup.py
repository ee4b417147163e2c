"""The issuers' HTML descriptions as readable text (docs/api.md, Ticketing)."""

from __future__ import annotations

import re
from html.parser import HTMLParser

MOST = 40_000
"""Characters of HTML that are read at all: the parser of the standard library is slow on hostile input."""
_LOOKS_LIKE_HTML = re.compile(r"</[a-z]|<(?:p|br|ul|ol|li|div|span|strong|b|i|em|a|h[1-6])\b[^<]*>|<!|&#?\w+;", re.I)
_NEVER_CLOSED = re.compile(r"<(?=[^<>]*(?:<|\Z))")
_DECLARATION = re.compile(r"<[!?][^>]*>")
_SKIPPED = {"script", "style", "head", "title", "template"}
_PARAGRAPHS = {"p", "div", "ul", "ol", "table", "section", "article", "blockquote", *(f"h{n}" for n in range(1, 7))}
_LINES = {"br", "tr", "dt", "dd", "hr"}


def looks_like_html(text: str) -> bool:
    """Whether `text` has tags or entities: the tutorial's descriptions are plain text, the newest are HTML."""
    return _LOOKS_LIKE_HTML.search(text[:MOST]) is not None


def words_of(html: str) -> str:
    """The words of `html`, uncleaned: entities read, paragraphs apart, list items on their own lines, no scripts."""
    parser = _Words()
    parser.feed(_closed(html[:MOST]))
    parser.close()
    return _tidy("".join(parser.parts))


def _closed(html: str) -> str:
    """`html` without comments and declarations, and with every `<` that no `>` closes as a letter.

    The parser is slow on the latter, and raises AssertionError on some declarations.
    """
    pieces = []
    while (start := html.find("<!--")) >= 0 and (end := html.find("-->", start + 4)) >= 0:
        pieces.append(html[:start])
        html = html[end + 3 :]
    plain = "".join([*pieces, html]).replace("<![CDATA[", "").replace("]]>", "")
    return _DECLARATION.sub("", _NEVER_CLOSED.sub("&lt;", plain))


def _tidy(text: str) -> str:
    lines = [re.sub(r" +", " ", line).strip(" ") for line in text.split("\n")]
    return re.sub(r"\n{3,}", "\n\n", "\n".join(lines)).strip("\n ")


class _Words(HTMLParser):
    """Collects the words; keeps counters in place of a stack, so that depth costs nothing."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.parts: list[str] = []
        self._skipping = 0

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Open a block or a list item, or begin to skip."""
        if tag in _SKIPPED:
            self._skipping += 1
        elif tag == "li":
            self.parts.append("\n• ")
        elif tag in _LINES:
            self.parts.append("\n")
        elif tag in _PARAGRAPHS:
            self.parts.append("\n\n")
        elif tag in {"td", "th"}:
            self.parts.append(" ")

    def handle_endtag(self, tag: str) -> None:
        """Close a block, or stop skipping."""
        if tag in _SKIPPED:
            self._skipping = max(0, self._skipping - 1)
        elif tag in _PARAGRAPHS:
            self.parts.append("\n\n")

    def handle_data(self, data: str) -> None:
        """Keep words; a line break in the source is only a space."""
        if not self._skipping:
            self.parts.append(re.sub(r"[\t\n\r\f ]+", " ", data))
