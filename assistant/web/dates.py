"""A day as a field: typed in any words (上个月15号), or picked from the device's own calendar."""

from __future__ import annotations

import gradio as gr

from assistant.web.render import render

DAY_JS = "yd.day(element, props, trigger, watch)"


def day_field(label: str, hint: str) -> gr.HTML:
    """Its value is what stands in it; ``blur`` and ``submit`` tell that it is finished."""
    return gr.HTML(
        "",
        html_template=str(render("day.html", label=label, hint=hint)),
        js_on_load=DAY_JS,
        apply_default_css=False,
        elem_classes="yd-field",
    )
