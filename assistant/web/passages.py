"""A citation opened: the passage with the sentence relied on marked, and what it is worth."""

from __future__ import annotations

from markupsafe import Markup

from assistant.types import Citation
from assistant.web.markdown import answer_html
from assistant.web.render import render
from corpus import UnknownId, load_corpus

_OPEN, _SHUT = "\ue000", "\ue001"


def passage_html(citation: Citation) -> Markup:
    """The inside of the dialog for one citation."""
    note = load_corpus().document(citation.document).note
    return render("passage.html", c=citation, text=_marked(citation), note=note)


def _marked(citation: Citation) -> Markup:
    quote = citation.quote.replace("**", "")
    text = _text(citation.passage).replace("**", "")
    if quote not in text:
        text = quote
    html = str(answer_html(text.replace(quote, f"{_OPEN}{quote}{_SHUT}", 1)))
    return Markup(html.replace(_OPEN, "<mark>").replace(_SHUT, "</mark>"))


def _text(passage: str) -> str:
    """The text of a section; of one side of a conflict, nothing beyond its own words."""
    try:
        return load_corpus().section(passage).text
    except UnknownId:
        return ""
