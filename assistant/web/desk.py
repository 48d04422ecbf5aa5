"""The tab 工作台 for window and hotline staff: look up, compare, copy out, next citizen."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from typing import Any

import gradio as gr
from markupsafe import Markup

from assistant.data import read_toml
from assistant.settings import today_in_shanghai
from assistant.web.card import read_fact
from assistant.web.cases import RESULT_JS
from assistant.web.chat import Chat, ChatTab, toast
from assistant.web.dates import day_field
from assistant.web.library import MOST, Filters, matrix, pack_regions, pack_table, search
from assistant.web.markdown import answer_html, table_html
from assistant.web.render import render
from assistant.web.service import Service
from assistant.web.texts import page_texts, say
from corpus import load_corpus
from rules.facts import Facts, Region

HIDDEN: dict[str, Any] = {"show_progress": "hidden", "api_visibility": "private"}


def build_desk(service: Service, chat: ChatTab) -> None:
    """The components and their events, in the current Blocks context."""
    admitted = gr.State(service.admit is None)
    with gr.Column(visible=service.admit is not None, elem_classes="yd-form yd-login") as door:
        gr.HTML(
            str(render("head.html", title=say("desk.login"), lead="")),
            js_on_load=None,
            apply_default_css=False,
        )
        user = gr.Textbox(label=say("desk.user"), max_lines=1, elem_classes="yd-field")
        password = gr.Textbox(
            label=say("desk.password"), type="password", max_lines=1, elem_classes="yd-field"
        )
        enter = gr.Button(say("desk.enter"), variant="primary", elem_classes="yd-go")
    with gr.Column(visible=service.admit is None, elem_classes="yd-desk") as inside:
        following = gr.Button(say("desk.next"), variant="primary", elem_classes="yd-nextone")
        with gr.Tabs(overflow_behavior="wrap", elem_classes="yd-tabs yd-subtabs"):
            with gr.Tab(say("desk.find")):
                search_parts = _build_search(admitted)
            with gr.Tab(say("desk.matrix_tab")) as tab:
                _shown(tab, lambda: render("matrix.html", tables=_matrices()), admitted)
            with gr.Tab(say("desk.conflicts")) as tab:
                _shown(tab, lambda: render("conflicts.html", conflicts=_conflicts()), admitted)
            with gr.Tab(say("desk.packs")) as tab:
                _build_packs(tab, admitted)

    def log_in(name: str, word: str) -> tuple[Any, ...]:
        allowed = service.admit is None or service.admit(name, word)
        if not allowed:
            gr.Warning(say("desk.refused"))
        return allowed, gr.update(visible=not allowed), gr.update(visible=allowed), ""

    gr.on(
        [enter.click, password.submit],
        log_in,
        [user, password],
        [admitted, door, inside, password],
        **HIDDEN,
    )
    restarted = Chat(service).restarted
    following.click(
        restarted, [chat.conversation], [chat.log, chat.card, chat.box, chat.conversation], **HIDDEN
    ).then(lambda: toast(say("desk.next_done")), None, [chat.log], **HIDDEN)
    blank = [""] * (len(search_parts) - 1)
    following.click(lambda: [*blank, _nothing()], None, search_parts, **HIDDEN)


def _build_search(admitted: gr.State) -> list[Any]:
    """The fields, and last the place of what was found."""
    insurances = read_toml("replies.toml")["value"]["insurance_type"]
    authorities = page_texts()["authority"]
    with gr.Row(elem_classes="yd-case"):
        with gr.Column(elem_classes="yd-form yd-search"):
            query = _text("query")
            region = _text("region")
            on = day_field(say("desk.on"), say("desk.on_hint"))
            insurance = _choice("insurance", insurances)
            authority = _choice("authority", authorities)
            go = gr.Button(say("desk.search"), variant="primary", elem_classes="yd-go")
        with gr.Column(elem_classes="yd-outcome"):
            found = gr.HTML(_nothing(), js_on_load=RESULT_JS, apply_default_css=False)
    fields = [query, region, on, insurance, authority]
    asked = [go.click, query.submit, region.submit, on.submit]
    gr.on(asked, _search, [*fields, admitted], [found], **HIDDEN)
    return [*fields, found]


def _nothing() -> str:
    """What stands where sections will be found."""
    return str(render("result.html", lead=None, faults=(), empty=say("desk.empty")))


def _search(
    query: str, place: str, day: str, insurance: str, authority: str, admitted: bool
) -> str:
    if not admitted:
        return ""
    today, faults = today_in_shanghai(), []
    region = read_fact("insured_region", place, Facts(), today) if place else None
    on = read_fact("admitted_on", day, Facts(), today) if day else None
    faults += [say("card.unread", text=place)] if place and region is None else []
    faults += [say("card.unread", text=day)] if day and on is None else []
    filters = Filters(
        region=region if isinstance(region, Region) else None,
        insurance=insurance or None,
        authority=authority or None,
        on=on if isinstance(on, date) else None,
    )
    query = query or ""
    found = [] if faults else search(query, filters, today)
    key = "desk.none" if not found else "desk.found"
    if found and query.strip():
        key = "desk.nearest"
    elif len(found) > MOST:
        key = "desk.found_more"
    head = say(key, count=len(found), most=min(MOST, len(found)))
    return str(render("found.html", faults=faults, head=head, found=found[:MOST], text=answer_html))


def _build_packs(tab: gr.Tab, admitted: gr.State) -> None:
    with gr.Column(elem_classes="yd-form yd-narrow"):
        which = gr.Dropdown([], label=say("desk.pack"), filterable=False, elem_classes="yd-field")
    shown = gr.HTML("", js_on_load=RESULT_JS, apply_default_css=False)

    def opened(code: str | None, allowed: bool) -> tuple[Any, str]:
        return gr.update(choices=pack_regions(), value=code or ""), table(code, allowed)

    def table(code: str | None, allowed: bool) -> str:
        text = table_html(pack_table(code or "")) if allowed else None
        return str(render("pack.html", text=text)) if text else ""

    tab.select(opened, [which, admitted], [which, shown], **HIDDEN)
    which.input(table, [which, admitted], [shown], **HIDDEN)


def _shown(tab: gr.Tab, make: Callable[[], Markup], admitted: gr.State) -> None:
    """Something that staff see, made when its tab is opened."""
    html = gr.HTML("", js_on_load=RESULT_JS, apply_default_css=False)
    tab.select(lambda allowed: str(make()) if allowed else "", [admitted], [html], **HIDDEN)


def _matrices() -> list[tuple[str, Any]]:
    return [
        (say("desk.matrix_filing"), matrix("filing")),
        (say("desk.matrix_manual"), matrix("manual")),
    ]


def _conflicts() -> list[tuple[Any, list[list[Any]]]]:
    """Every conflict with the documents of each side."""
    corpus = load_corpus()
    return [
        (c, [[corpus.document(d) for d in s.documents] for s in c.statements])
        for c in corpus.conflicts
    ]


def _text(name: str) -> gr.Textbox:
    hint = say(f"desk.{name}_hint")
    return gr.Textbox(
        label=say(f"desk.{name}"), placeholder=hint, max_lines=1, elem_classes="yd-field"
    )


def _choice(name: str, named: dict[str, str]) -> gr.Dropdown:
    choices = [(say("desk.any"), ""), *((words, key) for key, words in named.items())]
    label = say(f"desk.{name}")
    return gr.Dropdown(choices, value="", label=label, filterable=False, elem_classes="yd-field")
