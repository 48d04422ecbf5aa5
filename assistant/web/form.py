"""A form over the same facts as the conversation: any spoken form will do, empty means not said."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

import gradio as gr

from assistant.data import read_toml
from assistant.dialogue import merge
from assistant.text import chinese_date
from assistant.web.card import read_fact
from assistant.web.dates import day_field
from assistant.web.texts import page_texts, say
from rules.facts import CostItems, Facts, Region
from rules.texts import fact_name

_DAY = "_on"
"""The names of facts that are days end so."""
FEW = 4
"""Up to so many choices are shown side by side, more in a list."""


@dataclass(frozen=True)
class Filled:
    """What a form holds. ``faults``: a sentence for each field that could not be read."""

    facts: Facts
    faults: tuple[str, ...]


class FactForm:
    """Fields for some facts, made in the current Blocks context; in ``more`` behind a fold."""

    def __init__(self, facts: Sequence[str], more: Sequence[str] = ()) -> None:
        self.facts = (*facts, *more)
        self.fields: list[Any] = [_field(fact) for fact in facts]
        if more:
            with gr.Accordion(say("form.more"), open=False):
                self.fields += [_field(fact) for fact in more]

    def read(self, values: Sequence[str | None], known: Facts, today: date) -> Filled:
        """``known`` with this form's facts replaced by what its fields say."""
        items: dict[str, Decimal] = {}
        patch: dict[str, object] = {}
        faults: list[str] = []
        for fact, text in zip(self.facts, values, strict=True):
            said = (text or "").strip()
            if not said or said == say("form.unsaid"):
                continue
            value = read_fact(fact, said, Facts(), today)
            if value is None:
                faults.append(say("form.unread", fact=fact_name(fact), text=said))
            elif fact in CostItems.model_fields and isinstance(value, Decimal):
                items[fact] = value
            else:
                patch[fact] = value
        blank = {f: None for f in self.facts if f in Facts.model_fields}
        if "filing_type" in self.facts:
            blank["filed"] = None
        base = known.model_copy(update=blank)
        if any(f in CostItems.model_fields for f in self.facts):
            patch["items"] = CostItems(**items)
            base = base.model_copy(update={"items": CostItems()})
        return Filled(merge(base, patch), tuple(faults))

    def fill(self, facts: Facts) -> list[Any]:
        """An update for every field, so that it says what ``facts`` hold."""
        return [gr.update(value=_words(fact, facts)) for fact in self.facts]

    @property
    def days(self) -> list[gr.HTML]:
        """The fields of days."""
        return [f for f, fact in zip(self.fields, self.facts, strict=True) if fact.endswith(_DAY)]

    def read_days(self, facts: Facts) -> list[Any]:
        """An update for each of :attr:`days`: the day its words were taken for."""
        known = [getattr(facts, fact) for fact in self.facts if fact.endswith(_DAY)]
        return [gr.skip() if day is None else gr.update(value=chinese_date(day)) for day in known]

    def on_change(self, fn: Any, inputs: Sequence[Any], outputs: Sequence[Any]) -> None:
        """``fn`` whenever a choice is made or a text is finished, the latest state winning."""
        events = []
        for field in self.fields:
            if isinstance(field, gr.Textbox | gr.HTML):
                events += [field.blur, field.submit]
            else:
                events.append(field.input)
        gr.on(
            events,
            fn,
            [*self.fields, *inputs],
            list(outputs),
            show_progress="hidden",
            trigger_mode="always_last",
            api_visibility="private",
        )


def _field(fact: str) -> Any:
    name, options = fact_name(fact), _options(fact)
    if not options:
        hint = page_texts()["hint"].get(fact, "")
        if fact.endswith(_DAY):
            return day_field(name, hint)
        return gr.Textbox(label=name, placeholder=hint, max_lines=1, elem_classes="yd-field")
    choices = [say("form.unsaid"), *options]
    if len(options) <= FEW:
        return gr.Radio(choices, value=choices[0], label=name, elem_classes="yd-field")
    return gr.Dropdown(
        choices, value=choices[0], label=name, filterable=False, elem_classes="yd-field"
    )


def _options(fact: str) -> list[str]:
    named: dict[str, str] = read_toml("replies.toml")["value"].get(fact, {})
    return list(named.values())


def _words(fact: str, facts: Facts) -> str:
    """What the field of ``fact`` says; choices by their label, everything else as typed."""
    source = facts.items if fact in CostItems.model_fields else facts
    value = getattr(source, fact)
    named: dict[str, str] = read_toml("replies.toml")["value"].get(fact, {})
    if value is None:
        return say("form.unsaid") if named else ""
    key = str(value).lower() if isinstance(value, bool) else str(value)
    if named:
        return named.get(key, say("form.unsaid"))
    if isinstance(value, date):
        return chinese_date(value)
    if isinstance(value, Region):
        return value.name if value.name == value.province else f"{value.province}{value.name}"
    return f"{value.normalize():f}" if isinstance(value, Decimal) else str(value)
