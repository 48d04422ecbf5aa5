"""The text of an answer as HTML: citation marks become buttons, nothing typed becomes markup."""

from __future__ import annotations

import re
from collections.abc import Iterable
from functools import cache

from markdown_it import MarkdownIt
from markupsafe import Markup, escape

from assistant.types import Citation
from assistant.web.texts import say

_FOLD = re.compile(r"<details><summary>([^<]*)</summary>\n\n(.*?)\n\n</details>", re.DOTALL)
_MARK = re.compile(r"\s*\[(\d{1,3})\]")


@cache
def _parser() -> MarkdownIt:
    """Paragraphs, lists, emphasis and tables; HTML, links and pictures stay text."""
    parser = MarkdownIt("commonmark", {"html": False, "breaks": True}).enable("table")
    return parser.disable(
        ["link", "image", "autolink", "html_inline", "html_block", "reference", "heading",
         "lheading", "code", "fence", "hr", "entity"]
    )  # fmt: skip


def answer_html(text: str, citations: Iterable[Citation] = ()) -> Markup:
    """``text`` as HTML; ``[n]`` of a known citation opens it; folded parts stay folded."""
    return Markup("").join(answer_blocks(text, citations))


def answer_blocks(text: str, citations: Iterable[Citation] = ()) -> list[Markup]:
    """Like :func:`answer_html`, a piece for each paragraph, list, table or fold."""
    titles = {c.marker: c.title for c in citations}
    pieces: list[Markup] = []
    done = 0
    for fold in _FOLD.finditer(text):
        pieces += _blocks(text[done : fold.start()], titles)
        inner = Markup("").join(_blocks(fold[2], titles))
        if inner.strip():
            pieces.append(
                Markup("<details class='yd-fold'><summary>{}</summary>{}</details>").format(
                    fold[1], inner
                )
            )
        done = fold.end()
    return pieces + _blocks(text[done:], titles)


def unfolded(text: str) -> str:
    """``text`` without what is folded."""
    return _FOLD.sub("", text)


def table_html(text: str) -> Markup:
    """Markdown without citations and with headings (the tables of packs) as HTML."""
    parser = MarkdownIt("commonmark", {"html": False}).enable("table")
    return Markup(parser.disable(["link", "image", "autolink"]).render(text))


def _blocks(text: str, titles: dict[int, str]) -> list[Markup]:
    parser, pieces, block = _parser(), [], []
    for token in parser.parse(text):
        block.append(token)
        if token.level == 0 and token.nesting <= 0:
            html = parser.renderer.render(block, parser.options, {})
            pieces.append(Markup(_MARK.sub(lambda m: _button(int(m[1]), titles) or m[0], html)))
            block = []
    return pieces


def _button(marker: int, titles: dict[int, str]) -> str:
    if marker not in titles:
        return ""
    label = escape(say("chat.cite", n=marker, title=titles[marker]))
    return (
        f'<button type="button" class="yd-cite" data-cite="{marker}" '
        f'aria-label="{label}" title="{label}">{marker}</button>'
    )
