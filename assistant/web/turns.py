"""One question and its answer as markup: text, conflicts, sources, what to ask next."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from typing import NamedTuple

from markupsafe import Markup

from assistant.composing.conflicts import told
from assistant.composing.edges import quick_replies
from assistant.text import plain
from assistant.types import Answer, Citation, ConflictView
from assistant.web.markdown import answer_blocks, answer_html, unfolded
from assistant.web.passages import passage_html
from assistant.web.render import render
from assistant.web.texts import say

MOST_STEPS = 4
"""The text below the picture comes in at most so many steps."""


class Step(NamedTuple):
    """A turn as far as it is there."""

    html: Markup
    whole: bool


class Side(NamedTuple):
    """One row of a conflict: ``mark`` opens its source."""

    text: str
    mark: Markup
    citation: Citation
    prevails: bool


def pending_html(id: str, question: str, waiting: str) -> Markup:
    """The question while its answer is worked on; ``waiting``: what the person is told."""
    return render(
        "turn.html", id=id, shown=question, answer=None, failed=False, share="", waiting=waiting
    )


def failed_html(id: str, question: str) -> Markup:
    """The question when something broke."""
    return render("turn.html", id=id, shown=question, answer=None, failed=True, share="")


def turn_html(id: str, shown: str, answer: Answer, share: str, figure: Markup | None) -> Markup:
    """``shown``: the question as the person sees it; ``share``: what a link to it carries."""
    *_, last = turn_steps(id, shown, answer, share, lambda: figure)
    return last.html


def turn_steps(
    id: str, shown: str, answer: Answer, share: str, draw: Callable[[], Markup | None]
) -> Iterator[Step]:
    """The turn as it grows: first lines, picture, then paragraphs; the last step is the whole turn.

    A step ends with a block, so that a citation is never half there.
    """
    first, rest = lead_and_rest(without_conflicts(answer.text, answer.conflicts))
    lead, none = answer_html(first, answer.citations), Markup("")
    yield Step(_growing(id, shown, lead, None, none), whole=False)
    figure = draw()
    blocks = answer_blocks(rest, answer.citations)
    step = max(1, -(-len(blocks) // MOST_STEPS))
    for end in range(0 if figure else step, len(blocks), step):
        yield Step(_growing(id, shown, lead, figure, none.join(blocks[:end])), whole=False)
    yield Step(_whole(id, shown, answer, share, lead, figure, none.join(blocks)), whole=True)


def _growing(id: str, shown: str, lead: Markup, figure: Markup | None, rest: Markup) -> Markup:
    return render("growing.html", id=id, shown=shown, lead=lead, figure=figure, rest=rest)


def _whole(
    id: str,
    shown: str,
    answer: Answer,
    share: str,
    lead: Markup,
    figure: Markup | None,
    rest: Markup,
) -> Markup:
    quick, following = _suggestions(answer)
    return render(
        "turn.html",
        id=id,
        shown=shown,
        answer=answer,
        share=share,
        lead=lead,
        rest=rest,
        figure=figure,
        passage=passage_html,
        conflicts=conflicts_html(answer.text, answer.conflicts, answer.citations),
        plain=plain_text(answer),
        go=_tabs(answer),
        quick=quick,
        next=following,
    )


def conflicts_html(
    text: str, conflicts: Iterable[ConflictView], citations: list[Citation]
) -> list[Markup]:
    """The disagreements of an answer as small tables, closed where ``text`` folds them."""
    in_sight = unfolded(text)
    return [_conflict(c, citations, told([c]) in in_sight) for c in conflicts]


def _conflict(conflict: ConflictView, citations: list[Citation], open: bool) -> Markup:
    by_marker = {c.marker: c for c in citations}
    rows = [
        Side(
            text=s.text,
            mark=answer_html(f"[{s.marker}]", citations).removeprefix("<p>").removesuffix("</p>\n"),
            citation=by_marker[s.marker],
            prevails=s.marker == conflict.prevails,
        )
        for s in conflict.statements
    ]
    return render("conflict.html", conflict=conflict, rows=rows, open=open)


def lead_and_rest(text: str) -> tuple[str, str]:
    """The first paragraph, which a picture may follow, and all others."""
    lead, _, rest = text.partition("\n\n")
    return lead, rest


def lead_of(answer: Answer) -> str:
    """The first lines, for a screen reader to say."""
    return plain(answer.text).split("\n\n", 1)[0]


def plain_text(answer: Answer) -> str:
    """The answer to paste into a chat: no marks, its sources below, whose word counts last."""
    lines = [plain(answer.text)]
    if answer.citations:
        titles = dict.fromkeys(_source_line(c) for c in answer.citations)
        lines += ["", say("chat.plain_sources"), *titles]
    return "\n".join([*lines, "", say("page.caution")])


def _source_line(citation: Citation) -> str:
    day = f"，{citation.published}" if citation.published else ""
    return f"- {citation.title}（{citation.publisher}{day}）"


def without_conflicts(text: str, conflicts: Iterable[ConflictView]) -> str:
    """``text`` without the paragraphs that the tables show."""
    for conflict in conflicts:
        text = text.replace(told([conflict]), "")
    return text


def _tabs(answer: Answer) -> list[str]:
    """The tabs that show more of what the answer holds."""
    held = {
        "bill": answer.reimbursement,
        "validity": answer.validity,
        "papers": answer.materials,
    }
    return [tab for tab, value in held.items() if value is not None]


def _suggestions(answer: Answer) -> tuple[list[str], list[str]]:
    """Replies to what was asked back, and questions to go on with."""
    replies = {reply for fact in answer.missing for reply in quick_replies(fact)}
    quick = [s for s in answer.suggestions if s in replies]
    return quick, [s for s in answer.suggestions if s not in replies]
