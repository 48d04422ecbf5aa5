"""The tab 问答: a conversation, the case as it is understood, what can be done with an answer."""

from __future__ import annotations

import logging
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import count
from typing import Any

import gradio as gr

from assistant.settings import today_in_shanghai
from assistant.web.card import card_html, changed, read_fact, words_of
from assistant.web.conversation import Conversation, Turn, pack, unpack
from assistant.web.feedback import Feedback
from assistant.web.figures import figure_html
from assistant.web.render import render
from assistant.web.service import Service
from assistant.web.texts import page_texts, say
from assistant.web.turns import Step, failed_html, lead_of, pending_html, turn_steps
from rules.facts import CostItems, Facts

LOG_JS = "yd.log(element, props, trigger, watch)"
CARD_JS = "yd.card(element, props, trigger, watch)"
LOG = logging.getLogger(__name__)
_SERIAL = count(1)
Update = dict[str, Any]


@dataclass(frozen=True)
class ChatTab:
    """The parts that other tabs reach for."""

    conversation: gr.State
    log: gr.HTML
    card: gr.HTML
    box: gr.Textbox


def build_chat(service: Service, conversation: gr.State) -> ChatTab:
    """The components and their events, in the current Blocks context."""
    chat = Chat(service)
    with gr.Row(elem_classes="yd-chat"):
        with gr.Column(elem_classes="yd-talk"):
            log = gr.HTML(
                None,
                html_template=str(render("log.html")),
                js_on_load=LOG_JS,
                apply_default_css=False,
                elem_classes="yd-log-box",
            )
            with gr.Row(elem_classes="yd-composer"):
                box = gr.Textbox(
                    label=say("chat.box"),
                    placeholder=say("chat.placeholder"),
                    lines=1,
                    max_lines=6,
                    submit_btn=say("chat.send"),
                    autofocus=False,
                    elem_classes="yd-box",
                )
        with gr.Column(elem_classes="yd-side"):
            card = gr.HTML(str(card_html(Facts(), [])), js_on_load=CARD_JS, apply_default_css=False)
            restart = gr.Button(say("chat.again"), size="sm", elem_classes="yd-restart")
    outputs = [log, card, box, conversation]
    hidden: dict[str, Any] = {"show_progress": "hidden", "api_visibility": "private"}
    box.submit(chat.typed, [box, conversation], outputs, **hidden)
    log.submit(chat.clicked, [conversation], outputs, **hidden)
    log.select(chat.opened, [conversation], outputs, **hidden)
    log.like(chat.judged, [conversation], [log], **hidden)
    card.apply(chat.corrected, [conversation], outputs, **hidden)
    restart.click(chat.restarted, [conversation], outputs, **hidden)
    return ChatTab(conversation, log, card, box)


class Chat:
    """What happens in the tab; holds nothing of any visitor."""

    def __init__(self, service: Service) -> None:
        self._service = service

    def typed(self, text: str, talk: Conversation) -> Iterator[tuple[Any, ...]]:
        """Enter was pressed."""
        if not text or not text.strip():
            yield gr.skip(), gr.skip(), "", talk
            return
        yield from self._ask(text, talk)

    def clicked(self, talk: Conversation, event: gr.EventData) -> Iterator[tuple[Any, ...]]:
        """A suggestion, an example or a quick reply was pressed."""
        yield from self._ask(str(event.text), talk, focus=True)

    def opened(self, talk: Conversation, event: gr.EventData) -> Iterator[tuple[Any, ...]]:
        """The page was opened by a shared link, or again: the same turns, the last or all shown."""
        shared = unpack(str(event.shared))
        if shared is None or talk.turns:
            yield gr.skip(), gr.skip(), gr.skip(), talk
            return
        shown: list[str] = []
        for turn in shared.turns:
            if turn.amended is not None:
                self._service.amend(talk.thread, turn.amended)
            answer = self._service.ask(turn.question, talk.thread, shared.today)
            talk = talk.with_turn(Turn(turn.question, shared.today, answer, turn.amended))
            shown.append(self._html(talk, answer.question))
        if event.all:
            yield message("turns", html=shown), self._card(talk), "", talk
        else:
            update = message("turn", html=shown[-1], note=say("chat.shared_opened"))
            yield update, self._card(talk), "", talk

    def corrected(self, talk: Conversation, event: gr.EventData) -> Iterator[tuple[Any, ...]]:
        """A fact of the card was put right or taken back: the last question is asked again."""
        fact, words, today = str(event.fact), str(event.text or ""), today_in_shanghai()
        if fact not in {*Facts.model_fields, *CostItems.model_fields}:
            yield gr.skip(), gr.skip(), gr.skip(), talk
            return
        state = self._service.state(talk.thread)
        value = read_fact(fact, words, state.facts, today) if words else None
        if words and value is None:
            yield toast(say("card.unread", text=words)), gr.skip(), gr.skip(), talk
            return
        facts = changed(state.facts, fact, value)
        state = self._service.amend(talk.thread, facts)
        again = next((page_texts()["card"]["ask"].get(w) for w in state.case_wants), None)
        told = (
            say("card.changed", words=words_of(fact, value))
            if value is not None
            else say("card.dropped", words=str(event.was or ""))
        )
        if again is None:
            yield toast(told), str(card_html(facts, [])), gr.skip(), talk
            return
        yield from self._ask(again, talk, shown=f"{told}{again}", amended=facts)

    def judged(self, talk: Conversation, event: gr.EventData) -> Update:
        """有用 or 有问题 was pressed for one answer: kept with the conversation up to it."""
        turns = talk.up_to(int(event.turn))
        if not turns:
            return toast("")
        self._service.keep_feedback(
            Feedback(
                turns=[t.answer.question for t in turns],
                today=turns[-1].today,
                verdict="right" if event.verdict == "right" else "wrong",
                reason=str(event.reason or ""),
                comment=str(event.comment or ""),
                answer=turns[-1].answer.model_dump(mode="json"),
            )
        )
        return toast(say("chat.thanks"))

    def restarted(self, talk: Conversation) -> tuple[Any, ...]:
        """Everything said is forgotten."""
        self._service.forget(talk.thread)
        update = message("clear", say=say("chat.cleared"))
        return update, str(card_html(Facts(), [])), "", Conversation()

    def _ask(
        self,
        text: str,
        talk: Conversation,
        *,
        shown: str | None = None,
        amended: Facts | None = None,
        focus: bool = False,
    ) -> Iterator[tuple[Any, ...]]:
        """First the question, then the answer as it grows; nothing is held back in between.

        When there is none, the person is told and gets the question back to send again.
        """
        today = today_in_shanghai()
        told = say("chat.waiting" if self._service.ready else "page.preparing")
        waiting = pending_html(_id(talk, talk.asked), shown or text, told)
        yield message("turn", html=str(waiting)), gr.skip(), "", talk
        try:
            answer = self._service.ask(text, talk.thread, today)
        except Exception:
            LOG.exception("no answer")
            failed = failed_html(_id(talk, talk.asked), shown or text)
            yield message("turn", html=str(failed), say=say("page.failed")), gr.skip(), text, talk
            return
        talk = talk.with_turn(Turn(text, today, answer, amended or talk.amended))
        for step in self._steps(talk, shown or answer.question):
            update = message("turn", html=str(step.html))
            if not step.whole:
                yield update, gr.skip(), gr.skip(), gr.skip()
        update.update(say=say("chat.answered", lead=lead_of(answer)), focus=focus)
        yield update, self._card(talk), gr.skip(), talk

    def _html(self, talk: Conversation, shown: str) -> str:
        *_, last = self._steps(talk, shown)
        return str(last.html)

    def _steps(self, talk: Conversation, shown: str) -> Iterator[Step]:
        turn, id = talk.turns[-1], _id(talk, talk.asked - 1)
        return turn_steps(
            id,
            shown,
            turn.answer,
            pack(talk.turns),
            lambda: figure_html(turn.answer, turn.today),
        )

    def _card(self, talk: Conversation) -> str:
        state = self._service.state(talk.thread)
        return str(card_html(state.facts, talk.turns[-1].answer.missing, state.person))


def message(do: str, **values: object) -> Update:
    """What the log is told to do; no two messages are equal, so each is carried out."""
    return {"do": do, "serial": next(_SERIAL), **values}


def toast(text: str) -> Update:
    """A short notice, said aloud too."""
    return message("toast", say=text)


def _id(talk: Conversation, number: int) -> str:
    return f"turn-{talk.thread[:8]}-{number}"
