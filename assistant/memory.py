"""What a message leaves in the conversation: the facts it told and what it asked."""

from __future__ import annotations

from collections.abc import Callable

from assistant.dialogue import CASE_WANTS, State, advance, is_elliptic, merge
from assistant.routing import Routing, Wish
from assistant.slots import Reading
from assistant.wishes import told_in_general
from rules.facts import Facts

_OF_A_CASE = {"amount", "verdict"}


def told(
    state: State,
    person: str,
    known: Facts,
    text: str,
    reading: Reading,
    wishes: tuple[Wish, ...],
    routing: Routing,
) -> tuple[State, Facts]:
    """The state after the message and the facts its answer goes by.

    A question in general leaves the case alone: what it is about is kept as the topic.
    """
    aside = bool(routing.declined) and not wishes and not reading.facts
    if routing.chat or routing.garbage or aside:
        return state, state.facts
    if told_in_general(wishes, text, reading):
        topic = merge(Facts(), dict(reading.facts))
        turned = state.model_copy(update={"topic": topic, "turns": state.turns + 1})
        return turned, merge(known, dict(reading.facts))
    new = advance(state, person, known, text, reading)
    if state.topic != Facts() and is_elliptic(text) and not {w.want for w in wishes} & _OF_A_CASE:
        return new, merge(_overlaid(new.facts, state.topic), dict(reading.facts))
    return new.model_copy(update={"topic": Facts()}), new.facts


def _overlaid(facts: Facts, topic: Facts) -> Facts:
    """The case with the topic's facts where the case is silent."""
    gaps = {
        name: getattr(topic, name)
        for name in Facts.model_fields
        if getattr(facts, name) is None and getattr(topic, name) is not None
    }
    return facts.model_copy(update=gaps)


def remember(
    state: State,
    wishes: tuple[Wish, ...],
    asked: str | None,
    query: Callable[[str], str],
    reading: Reading,
) -> State:
    """``state`` with what was asked and answered; ``query`` completes an elliptic sentence."""
    wants = tuple(w.want for w in wishes if w.want not in ("summary", "reset", "why"))
    surfaces = {m.fact: m.surface for m in reading.mentions}
    if not wants:
        dated = {**state.last_surfaces, **surfaces}
        return state.model_copy(update={"asked": asked or state.asked, "last_surfaces": dated})
    update: dict[str, object] = {"asked": asked, "last_wants": wants}
    case = tuple(w for w in wants if w in CASE_WANTS)
    update["case_wants"] = tuple(dict.fromkeys((*case, *state.case_wants)))
    lookups = [w for w in wishes if w.want in ("lookup", "when_usable", "verdict", "materials")]
    if lookups:
        update["last_query"] = query(lookups[0].sentence)
    if lookups or surfaces:
        update["last_surfaces"] = surfaces
    return state.model_copy(update=update)
