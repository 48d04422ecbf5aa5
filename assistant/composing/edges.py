"""Answers without evidence: small talk, refusals, and the one question asked back."""

from __future__ import annotations

from assistant.composing.citations import CitationBook
from assistant.composing.facts import summary
from assistant.composing.part import Part, options, say
from assistant.data import read_toml
from rules.facts import Facts, Region

SURE = 0.97


def chat(name: str) -> Part:
    return Part("chat", say("chat", name), SURE, suggestions=tuple(options("suggest", "start")))


def recap(facts: Facts, bills: tuple[Facts, ...] = ()) -> Part:
    """What is understood of the case, and of each of its ``bills``, to be corrected."""
    each = [say("bills", "of", number=n, facts=summary(bill)) for n, bill in enumerate(bills, 1)]
    said = "；".join(each) or summary(facts)
    text = say("chat", "summary", facts=said) if said else say("chat", "summary_empty")
    return Part("chat", text, SURE, suggestions=tuple(options("suggest", "after_amount")))


def noted(facts: Facts) -> Part:
    """Facts without a question: repeated, and the choice of what to do with them."""
    told = summary(facts)
    if not told:
        return clarify("nothing")
    wanted = say("chat", "facts_noted", facts=told)
    return Part("clarify", wanted, 0.9, suggestions=tuple(options("suggest", "after_amount")))


def decline(name: str) -> Part:
    suggestions = tuple(options("suggest", "after_decline"))
    return Part("decline", say("decline", name), SURE, suggestions=suggestions)


def clarify(name: str, missing: tuple[str, ...] = (), **values: object) -> Part:
    return Part(
        "clarify",
        say("clarify", name, **values),
        0.95,
        missing=missing,
        suggestions=quick_replies(missing[0]) if missing else tuple(options("suggest", "start")),
    )


def hint(fact: str, book: CitationBook) -> Part:
    """How to find out ``fact``, which the person does not know."""
    hints = read_toml("replies.toml")["hint"]
    name = fact if fact in hints else hints["alike"].get(fact, "other")
    return Part("procedure", book.resolve(say("hint", name)), 0.9, head=True)


def emergency(book: CitationBook) -> Part:
    """120 first; then that emergency care counts as filed."""
    then = say("emergency", "then")
    text = f"{say('emergency', 'first')}\n\n{book.resolve(then)}"
    return Part("procedure", text, SURE, head=True, sections=("emergency-deemed",))


def ask_which(kind: str, surface: str, candidates: tuple[object, ...]) -> Part:
    """Which of several things was meant; candidates are facts, regions or values."""
    names = [_choice(c) for c in candidates]
    text = say("clarify", kind, surface=surface, options="、".join(names))
    return Part("clarify", text, 0.95, suggestions=tuple(names[:4]))


def ask_costs(costs: tuple[str, ...]) -> Part:
    """Whether several costs are of one bill."""
    text = say("clarify", "amount_totals", costs="、".join(costs))
    return Part("clarify", text, 0.95, suggestions=tuple(options("suggest", "costs")))


def _choice(candidate: object) -> str:
    replies = read_toml("replies.toml")
    if isinstance(candidate, Region):
        same = candidate.name == candidate.province
        return candidate.name if same else f"{candidate.province}{candidate.name}"
    key = str(candidate).removeprefix("items.")
    named = [values[key] for values in replies["value"].values() if key in values]
    return str(replies["choice"].get(key) or (named[0] if named else key))


KIND_OF_FILING = "filing_kind"
"""The question that asks for ``filing_type`` of who said that something was filed."""


def asked_as(fact: str, facts: Facts) -> str:
    """The question that asks for ``fact``: of a filing that was made, only its kind."""
    made = facts.filed or facts.filed_on or facts.filed_region
    return KIND_OF_FILING if fact == "filing_type" and made else fact


def question_for(fact: str) -> str | None:
    """The question that asks for ``fact``, or None when it is never asked."""
    asked = read_toml("replies.toml")["ask"].get(fact)
    return None if asked is None else str(asked["text"])


def quick_replies(fact: str) -> tuple[str, ...]:
    asked = read_toml("replies.toml")["ask"].get(fact)
    return tuple(asked["options"]) if asked else ()
