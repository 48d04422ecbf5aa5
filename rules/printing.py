"""Outcomes as readable lines for the command line. Texts come from ``texts.toml``."""

from __future__ import annotations

from collections.abc import Iterator

from rules.dates import written
from rules.money import HUNDRED, percent, to_cents, yuan
from rules.outcome import (
    MaterialItem,
    Materials,
    Reimbursement,
    ReviewWindow,
    Scenario,
    Settlement,
    Span,
    Validity,
)
from rules.texts import fact_name, label, say
from rules.whatif import Effect


def reimbursement_lines(result: Reimbursement) -> Iterator[str]:
    """The answer, then how it comes about."""
    if result.fund_pays is not None and result.self_pays is not None:
        fund, own = _money(result.fund_pays), _money(result.self_pays)
        yield say("door.fund_pays", fund=fund, self=own)
    elif result.fund_pays is not None:
        yield say("door.fund_only", fund=_money(result.fund_pays))
    else:
        yield say("door.no_amount", reason=result.reason or "")
    if result.ratio is not None:
        yield say("door.ratio", ratio=_percent(result.ratio))
    if result.settlement is not None:
        yield say("door.settlement", way=_way(result.settlement))
    if result.pack_label is not None:
        yield say("door.pack", pack=result.pack_label)
    steps = [
        _cited(say(f"door.{step.variant}", text=step.text) if step.variant else step.text, step)
        for step in result.steps
    ]
    yield from _block("steps", steps)
    yield from _block("causes", [_cited(cause.why, cause) for cause in result.causes])
    yield from _block("assumptions", [_cited(each.text, each) for each in result.assumptions])
    yield from _block("scenarios", [scenario_line(line) for line in result.scenarios])
    yield from _block("notes", [_cited(note.text, note) for note in result.notes])
    if result.missing:
        yield say("door.missing", facts="、".join(map(fact_name, result.missing)))


def scenario_line(line: Scenario) -> str:
    """One what-if."""
    way = _way(line.settlement)
    if line.fund_pays is not None:
        fund = _money(line.fund_pays)
        return say("door.scenario_line", label=line.label, fund=fund, way=way)
    if line.ratio is not None:
        return say("door.scenario_ratio", label=line.label, ratio=_percent(line.ratio), way=way)
    return say("door.scenario_none", label=line.label, reason=line.reason or "")


def validity_lines(verdict: Validity) -> Iterator[str]:
    """The verdict's reasons, then its days."""
    for reason in verdict.reasons:
        yield _cited(reason.text, reason)
    if verdict.certain_until is not None:
        yield say("door.certain", day=verdict.certain_until)
    if verdict.possible_until is not None:
        yield say("door.possible", day=verdict.possible_until)
    if verdict.settlement is not None:
        yield say("door.settlement", way=_way(verdict.settlement))
    if verdict.missing:
        yield say("door.missing", facts="、".join(map(fact_name, verdict.missing)))


def material_lines(result: Materials) -> Iterator[str]:
    """The list, alternatives on one line."""
    yield say("door.items", title=result.title)
    done: set[str] = set()
    for item in result.items:
        if item.one_of is None:
            yield say("door.line", text=_cited(_paper(item), item))
        elif item.one_of not in done:
            done.add(item.one_of)
            group = [other for other in result.items if other.one_of == item.one_of]
            names = say("words.or").join(map(_paper, group))
            yield say("door.line", text=_cited(names, item))
    for note in result.notes:
        yield _cited(note.text, note)


def window_lines(window: ReviewWindow) -> Iterator[str]:
    """When a filing handed in can be used."""
    days = {n: written(getattr(window, n)) for n in ("submitted", "earliest", "latest")}
    yield say("door.window_days", **days)
    for reason in window.reasons:
        yield _cited(reason.text, reason)


def effect_lines(effects: tuple[Effect, ...]) -> Iterator[str]:
    """What to say next, largest effect first."""
    for effect in effects:
        name = fact_name(effect.fact)
        if effect.removes:
            amount = say(f"door.{effect.unit}", amount=yuan(to_cents(effect.removes)))
            yield say("door.needed", fact=name, amount=amount)
        else:
            yield say("door.needed_other", fact=name)
    if not effects:
        yield say("door.need_nothing")


def _block(title: str, lines: list[str]) -> Iterator[str]:
    if lines:
        yield ""
        yield say(f"door.{title}")
        yield from (say("door.line", text=line) for line in lines)


def _cited(text: str, source: object) -> str:
    passage = getattr(source, "passage", None)
    return say("door.cited", text=text, passage=passage) if passage else text


def _paper(item: MaterialItem) -> str:
    more = "，".join(part for part in (item.copies, item.condition) if part)
    return say("words.paper", name=item.name, more=more) if more else item.name


def _money(span: Span) -> str:
    low, high = yuan(span.low), yuan(span.high)
    return say("door.yuan", amount=low if span.exact else say("door.to", low=low, high=high))


def _percent(span: Span) -> str:
    low, high = percent(span.low * HUNDRED), percent(span.high * HUNDRED)
    return low if span.exact else say("door.to", low=low, high=high)


def _way(settlement: Settlement | None) -> str:
    return label("settlement", settlement) if settlement else say("door.way_unknown")
