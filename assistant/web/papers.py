"""The tab 材料清单: any list of papers for this person, to print, to save, to hand over."""

from __future__ import annotations

import base64
from collections.abc import Callable
from dataclasses import replace
from typing import Any

import gradio as gr
from markupsafe import Markup

from assistant.settings import today_in_shanghai
from assistant.web.card import card_html
from assistant.web.cases import RESULT_JS
from assistant.web.conversation import Conversation
from assistant.web.form import FactForm
from assistant.web.markdown import answer_html
from assistant.web.passages import passage_html
from assistant.web.render import render
from assistant.web.service import Service
from assistant.web.sheet import (
    Sheet,
    csv_bytes,
    docx_bytes,
    make_sheet,
    plain_sheet,
    sheet_pdf,
    source_lines,
)
from assistant.web.texts import say
from rules.errors import InputError
from rules.facts import Facts
from rules.materials import materials, scenarios

SAVER_JS = "watch('value', () => yd.save(props.value))"
PICKER_JS = "yd.picker(element, props, trigger)"
_FILES: dict[str, tuple[str, Callable[[Sheet], bytes]]] = {
    "docx": (
        "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
        docx_bytes,
    ),
    "pdf": ("application/pdf", sheet_pdf),
    "csv": ("text/csv;charset=utf-8", csv_bytes),
}
"""What a list can be saved as: the type of the file and what writes it."""
_REGION = "insured_region"


def build_papers(service: Service, tab: gr.Tab, conversation: gr.State, card: gr.HTML) -> None:
    """The components and their events, in the current Blocks context."""
    first = scenarios()[0][0]
    chosen = gr.State(first)
    held = gr.State(None)
    """What the tab shows: the list is chosen anew only after another turn or another case."""
    with gr.Row(elem_classes="yd-case"):
        with gr.Column(elem_classes="yd-form"):
            gr.HTML(
                str(render("head.html", title=say("papers.title"), lead=say("papers.lead"))),
                js_on_load=None,
                apply_default_css=False,
            )
            picker = gr.HTML(_picker(first), js_on_load=PICKER_JS, apply_default_css=False)
            form = FactForm([_REGION])
        with gr.Column(elem_classes="yd-outcome"):
            shown = gr.HTML("", js_on_load=RESULT_JS, apply_default_css=False)
    saver = gr.HTML(None, html_template="", js_on_load=SAVER_JS, visible="hidden")

    def placed(region: str, scenario: str, talk: Conversation) -> tuple[Any, ...]:
        known = service.state(talk.thread).facts
        filled = form.read([region], known, today_in_shanghai())
        if filled.faults:
            return sheet_html(None, filled.faults[0]), gr.skip(), talk
        if filled.facts != known:
            service.amend(talk.thread, filled.facts)
            talk = replace(talk, amended=filled.facts)
        return _sheet(filled.facts, scenario), str(card_html(filled.facts, [])), talk

    def picked(region: str, talk: Conversation, event: gr.EventData) -> tuple[Any, ...]:
        scenario = str(event.list)
        return _picker(scenario), scenario, *placed(region, scenario, talk)

    def opened(seen: object, talk: Conversation) -> tuple[Any, ...]:
        facts = service.state(talk.thread).facts
        now = (talk.asked, facts)
        if now == seen:
            return (gr.skip(),) * 5
        scenario = _asked_for(talk) or materials(facts, None, today_in_shanghai()).scenario
        return _picker(scenario), scenario, *form.fill(facts), _sheet(facts, scenario), now

    def save(scenario: str, talk: Conversation, event: gr.EventData) -> dict[str, Any]:
        kind = event.kind if event.kind in _FILES else "pdf"
        sheet = make_sheet(service.state(talk.thread).facts, scenario, today_in_shanghai())
        type, write = _FILES[kind]
        return {
            "name": f"{sheet.title}.{kind}",
            "type": type,
            "data": base64.b64encode(write(sheet)).decode(),
            "serial": f"{talk.thread} {event.serial}",
        }

    hidden: dict[str, Any] = {"show_progress": "hidden", "api_visibility": "private"}
    region = form.fields[0]
    result = [shown, card, conversation]
    picker.select(picked, [region, conversation], [picker, chosen, *result], **hidden)
    form.on_change(placed, [chosen, conversation], result)
    tab.select(opened, [held, conversation], [picker, chosen, region, shown, held], **hidden)
    shown.download(save, [chosen, conversation], [saver], **hidden)


def _picker(chosen: str) -> str:
    """All lists as buttons, narrowed down by typing."""
    return str(render("picker.html", lists=scenarios(), chosen=chosen))


def sheet_html(sheet: Sheet | None, fault: str = "") -> str:
    """The list as a page to print, or what is wrong."""
    if sheet is None:
        return str(render("sheet.html", sheet=None, fault=fault))
    citations = list(sheet.citations)

    def mark(marker: int | None) -> Markup:
        if marker is None:
            return Markup("")
        return answer_html(f"[{marker}]", citations).removeprefix("<p>").removesuffix("</p>\n")

    return str(
        render(
            "sheet.html",
            sheet=sheet,
            fault="",
            mark=mark,
            passage=passage_html,
            plain=plain_sheet(sheet),
            sources=source_lines(sheet),
        )
    )


def _asked_for(talk: Conversation) -> str | None:
    """The list that the last answer told, if it told one that stands by itself."""
    told = talk.turns[-1].answer.materials if talk.turns else None
    known = {id for id, _ in scenarios()}
    return told.scenario if told is not None and told.scenario in known else None


def _sheet(facts: Facts, scenario: str | None) -> str:
    try:
        return sheet_html(make_sheet(facts, scenario, today_in_shanghai()))
    except InputError as error:
        return sheet_html(None, error.message)
