"""What the tabs with a form share: form, result, the case they have in common with the chat."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from typing import Any

import gradio as gr
from markupsafe import Markup

from assistant.settings import today_in_shanghai
from assistant.text import plain
from assistant.types import Citation, ConflictView
from assistant.web.card import card_html
from assistant.web.conversation import Conversation
from assistant.web.form import FactForm
from assistant.web.markdown import answer_html
from assistant.web.passages import passage_html
from assistant.web.render import render
from assistant.web.service import Service
from assistant.web.texts import say
from assistant.web.turns import conflicts_html, lead_and_rest, without_conflicts
from rules.errors import InputError
from rules.facts import Facts

RESULT_JS = "yd.result(element, props, trigger, watch)"


@dataclass(frozen=True)
class Told:
    """A result: ``text`` as in an answer, pictures under its first lines, ``after`` at the end."""

    text: str
    citations: list[Citation]
    conflicts: tuple[ConflictView, ...] = ()
    figures: Sequence[Markup | None] = ()
    sharpen: list[str] = field(default_factory=list)
    after: Markup | None = None


@dataclass(frozen=True)
class CaseTab:
    """A form, its result, and ``tell``, which makes the one from the other."""

    form: FactForm
    result: gr.HTML
    go: gr.Button
    empty: str
    tell: Callable[[Facts, date], Told | None]

    @classmethod
    def build(
        cls,
        *,
        title: str,
        lead: str,
        go: str,
        empty: str,
        form: Callable[[], FactForm],
        tell: Callable[[Facts, date], Told | None],
    ) -> CaseTab:
        """The components, in the current Blocks context."""
        with gr.Row(elem_classes="yd-case"):
            with gr.Column(elem_classes="yd-form"):
                gr.HTML(
                    str(render("head.html", title=title, lead=lead)),
                    js_on_load=None,
                    apply_default_css=False,
                )
                fields = form()
                button = gr.Button(go, variant="primary", elem_classes="yd-go")
            with gr.Column(elem_classes="yd-outcome"):
                result = gr.HTML(
                    result_html(None, (), empty), js_on_load=RESULT_JS, apply_default_css=False
                )
        return cls(fields, result, button, empty, tell)

    def connect(self, service: Service, tab: gr.Tab, conversation: gr.State, card: gr.HTML) -> None:
        """Result on every change; the tab opens with what the conversation knows."""

        held = gr.State(Facts())
        """The facts that the form shows: it is filled anew only when the case is another."""

        def compute(*values: Any) -> tuple[Any, ...]:
            *said, talk = values
            today = today_in_shanghai()
            known = service.state(talk.thread).facts
            filled = self.form.read(said, known, today)
            html = self._shown(filled.facts, filled.faults, today)
            days = self.form.read_days(filled.facts)
            if filled.faults or filled.facts == known:
                return html, gr.skip(), talk, known, *days
            service.amend(talk.thread, filled.facts)
            talk = replace(talk, amended=filled.facts)
            return html, str(card_html(filled.facts, [])), talk, filled.facts, *days

        def opened(shown: Facts, talk: Conversation) -> list[Any]:
            facts = service.state(talk.thread).facts
            if facts == shown:
                return [gr.skip()] * (len(self.form.fields) + 2)
            html = self._shown(facts, (), today_in_shanghai())
            return [*self.form.fill(facts), html, facts]

        outputs = [self.result, card, conversation, held, *self.form.days]
        hidden: dict[str, Any] = {"show_progress": "hidden", "api_visibility": "private"}
        self.form.on_change(compute, [conversation], outputs)
        self.go.click(compute, [*self.form.fields, conversation], outputs, **hidden)
        shown = [*self.form.fields, self.result, held]
        tab.select(opened, [held, conversation], shown, **hidden)

    def _shown(self, facts: Facts, faults: Sequence[str], today: date) -> str:
        if faults:
            return result_html(None, faults, self.empty)
        try:
            return result_html(self.tell(facts, today), (), self.empty)
        except InputError as error:
            return result_html(None, (error.message,), self.empty)


def result_html(told: Told | None, faults: Sequence[str], empty: str) -> str:
    """The result, what is wrong with the input, or what to do to get one."""
    if told is None:
        return str(render("result.html", lead=None, faults=faults, empty=empty))
    lead, rest = lead_and_rest(without_conflicts(told.text, told.conflicts))
    return str(
        render(
            "result.html",
            faults=faults,
            lead=answer_html(lead, told.citations),
            rest=answer_html(rest, told.citations),
            figures=[figure for figure in told.figures if figure is not None],
            conflicts=conflicts_html(told.text, told.conflicts, told.citations),
            sharpen=told.sharpen,
            after=told.after,
            citations=told.citations,
            passage=passage_html,
            plain=f"{plain(told.text)}\n\n{say('page.caution')}",
        )
    )
