"""Does an answer hold what an item expects? The contract's semantics, nothing else.

``answer`` is the JSON of an Answer (from any system: a missing field counts as empty).
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from typing import Any, NamedTuple

from evals.items import Expect, Item
from evals.normal import normal, number, same
from evals.texts import text

Answer = Mapping[str, Any]
LEAD_LINES = 2


class Why(NamedTuple):
    """One broken expectation. ``grave``: the answer says something wrong, not merely too little."""

    key: str
    text: str
    grave: bool = False


def check(item: Item, answer: Answer) -> list[Why]:
    """Every expectation of ``item`` that ``answer`` breaks; empty when it passes."""
    expect = item.expect
    broken = [why for rule in _RULES for why in rule(expect, answer)]
    lead = "\n".join(_lines(str(answer.get("text") or ""))[:LEAD_LINES])
    return broken + list(_groups("lead", item.lead, lead))


def _lines(body: str) -> list[str]:
    return [line for line in body.splitlines() if line.strip()]


def _text(answer: Answer) -> str:
    return normal(str(answer.get("text") or ""))


def _list(answer: Answer, key: str) -> list[Any]:
    return list(answer.get(key) or [])


def _groups(key: str, groups: Iterable[list[str]], body: str) -> Iterable[Why]:
    held = normal(body)
    for group in groups:
        if not any(normal(choice) in held for choice in group):
            yield Why(key, text(f"why.{key}", wanted=" / ".join(group)))


def _routes(expect: Expect, answer: Answer) -> Iterable[Why]:
    actual = _list(answer, "routes")
    got = "+".join(actual) or "-"
    for route in expect.routes:
        if route not in actual:
            yield Why("routes", text("why.routes", wanted=route, got=got))
    for route in expect.routes_not:
        if route in actual:
            yield Why("routes_not", text("why.routes_not", wanted=route, got=got))


def _contents(expect: Expect, answer: Answer) -> Iterable[Why]:
    body = str(answer.get("text") or "")
    yield from _groups("all_of", expect.all_of, body)
    held = normal(body)
    for phrase in expect.none_of:
        if normal(phrase) in held:
            yield Why("none_of", text("why.none_of", wanted=phrase), grave=True)
    if expect.before is not None:
        first, second = (held.find(normal(part)) for part in expect.before)
        if min(first, second) < 0 or first >= second:
            left, right = expect.before
            yield Why("before", text("why.before", first=left, second=right))


def _cites(expect: Expect, answer: Answer) -> Iterable[Why]:
    if not expect.cites:
        return
    sources = [str(citation.get("source")) for citation in _list(answer, "citations")]
    if not set(sources) & set(expect.cites):
        wanted, got = " / ".join(expect.cites), "、".join(dict.fromkeys(sources)) or "-"
        yield Why("cites", text("why.cites", wanted=wanted, got=got))


def _validity(expect: Expect, answer: Answer) -> Iterable[Why]:
    if not expect.given("validity"):
        return
    actual = answer.get("validity") or {}
    if expect.validity is None:
        if actual:
            yield Why("validity", text("why.validity_null", got=actual.get("status")), grave=True)
        return
    for key, value in expect.validity.items():
        if not same(value, actual.get(key)):
            wrong = bool(actual) and key in ("status", "settlement", "certain_until")
            got = actual.get(key)
            yield Why("validity", text("why.field", name=key, wanted=value, got=got), grave=wrong)


def _reimbursement(expect: Expect, answer: Answer) -> Iterable[Why]:
    if not expect.given("reimbursement"):
        return
    actual = answer.get("reimbursement") or {}
    share = actual.get("fund_pays") or {}
    if expect.reimbursement is None:
        if share:
            got = f"{share.get('low')}–{share.get('high')}"
            yield Why("reimbursement", text("why.amount_null", got=got), grave=True)
        return
    for key, value in expect.reimbursement.items():
        is_amount = key in ("low", "high")
        found = share.get(key) if is_amount else actual.get(key)
        if not same(value, found):
            wrong = is_amount and number(found) is not None
            label = f"fund_pays.{key}" if is_amount else key
            line = text("why.field", name=label, wanted=value, got=found)
            yield Why("reimbursement", line, grave=wrong)


def _materials(expect: Expect, answer: Answer) -> Iterable[Why]:
    if not expect.given("materials"):
        return
    items = (answer.get("materials") or {}).get("items") or []
    if expect.materials is None:
        if items:
            yield Why("materials", text("why.materials_null", got=len(items)))
        return
    names = [normal(str(entry.get("name") or "")) for entry in items]
    for group in expect.materials:
        if not any(normal(choice) in name for choice in group for name in names):
            yield Why("materials", text("why.materials", wanted=" / ".join(group)))


def _facts(expect: Expect, answer: Answer) -> Iterable[Why]:
    actual = answer.get("facts") or {}
    for key, value in expect.facts.items():
        if not same(value, actual.get(key)):
            got = actual.get(key)
            shown = got.get("name", got) if isinstance(got, dict) else got
            yield Why("facts", text("why.field", name=key, wanted=value, got=shown))


def _missing(expect: Expect, answer: Answer) -> Iterable[Why]:
    actual = _list(answer, "missing")
    if expect.missing_any and not set(actual) & set(expect.missing_any):
        wanted, got = " / ".join(expect.missing_any), "、".join(actual) or "-"
        yield Why("missing_any", text("why.missing_any", wanted=wanted, got=got))


def _conflicts(expect: Expect, answer: Answer) -> Iterable[Why]:
    got = len(_list(answer, "conflicts"))
    if got < expect.conflicts_min:
        yield Why("conflicts", text("why.conflicts", wanted=expect.conflicts_min, got=got))


_RULES: tuple[Callable[[Expect, Answer], Iterable[Why]], ...] = (
    _routes,
    _contents,
    _cites,
    _validity,
    _reimbursement,
    _materials,
    _facts,
    _missing,
    _conflicts,
)
