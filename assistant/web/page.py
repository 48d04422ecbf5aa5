"""The whole page: header, five tabs, footer; what Gradio needs to show it without the network."""

from __future__ import annotations

import json
from typing import Any

import gradio as gr

from assistant.settings import settings
from assistant.web.bill import build_bill
from assistant.web.chat import build_chat
from assistant.web.conversation import Conversation
from assistant.web.desk import build_desk
from assistant.web.papers import build_papers
from assistant.web.render import render
from assistant.web.service import Service
from assistant.web.style import script, style_sheet
from assistant.web.texts import page_texts, say
from assistant.web.validity import build_validity

_FONTS = ["system-ui", "PingFang SC", "Microsoft YaHei", "Noto Sans CJK SC", "sans-serif"]


def build(service: Service | None = None) -> gr.Blocks:
    """The page over ``service``. Mount it with :func:`options`."""
    service = service or Service()
    page = gr.Blocks(title=say("page.title"), analytics_enabled=False, fill_width=True)
    with page:
        conversation = gr.State(lambda: Conversation())  # a class itself would be taken for data
        # Made on first use; made again on load, it would undo what a shared link has just told.
        conversation.load_event_to_attach = None
        gr.HTML(
            str(render("header.html", notice=settings().notice)),
            js_on_load="yd.header()",
            apply_default_css=False,
        )
        with gr.Tabs(overflow_behavior="wrap", elem_classes="yd-tabs"):
            with gr.Tab(say("tab.chat"), id="chat"):
                chat = build_chat(service, conversation)
            with gr.Tab(say("tab.bill"), id="bill", elem_id="yd-tab-bill") as tab:
                build_bill().connect(service, tab, conversation, chat.card)
            with gr.Tab(say("tab.validity"), id="validity", elem_id="yd-tab-validity") as tab:
                build_validity().connect(service, tab, conversation, chat.card)
            with gr.Tab(say("tab.papers"), id="papers", elem_id="yd-tab-papers") as tab:
                build_papers(service, tab, conversation, chat.card)
            with gr.Tab(say("tab.desk"), id="desk", elem_id="yd-tab-desk"):
                build_desk(service, chat)
        gr.HTML(str(render("footer.html")), js_on_load=None, apply_default_css=False)
    page.queue(default_concurrency_limit=16, max_size=256, api_open=False)
    return page


def options() -> dict[str, Any]:
    """Arguments of ``launch`` and ``mount_gradio_app`` alike."""
    return {
        "theme": _theme(),
        "head": _head(),
        "footer_links": [],
        "ssr_mode": False,
        "run_history": False,
        "enable_monitoring": False,
    }


def _theme() -> gr.themes.Base:
    """Gradio's plain theme with the system's own fonts: nothing is fetched."""
    return gr.themes.Base(
        primary_hue=gr.themes.colors.sky,
        neutral_hue=gr.themes.colors.slate,
        text_size=gr.themes.sizes.text_lg,
        radius_size=gr.themes.sizes.radius_md,
        font=_FONTS,
        font_mono=["ui-monospace", "monospace"],
    )


def _head() -> str:
    """The page's own style, script and texts, inline."""
    texts = json.dumps(page_texts(), ensure_ascii=False).replace("<", "\\u003c")
    own = f"window.ydTexts = {texts};\n{script()}"
    return f"<style>{style_sheet()}</style><script>{own}</script>"
