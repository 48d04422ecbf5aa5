"""Answers without evidence: small talk, refusals, and the one question asked back."""

from __future__ import annotations

from assistant.composing.citations import CitationBook
from assistant.composing.facts import summary
from assistant.composing.part import Part, options, say
from assistant.data import read_toml
from rules.facts import Facts

SURE = 0.97


def chat(name: str) -> Part:
    return Part("chat", say("chat", name), SURE, suggestions=tuple(options("suggest", "start")))


def recap(facts: Facts) -> Part:
    """What is understood of the case, to be corrected."""
    said = summary(facts)
    text = say("chat", "summary", facts=said) if said else say("chat", "summary_empty")
    return Part("chat", text, SURE, suggestions=tuple(options("suggest", "after_amount")))


def noted(facts: Facts) -> Part:
    """Facts without a question: repeated, and the choice of what to do with them."""
    wanted = say("chat", "facts_noted", facts=summary(facts))
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


def emergency(book: CitationBook, *, asked: bool) -> Part:
    """120 first; that emergency care counts as filed, unless the question is answered anyway."""
    lines = [say("emergency", "first")]
    if not asked:
        lines.append(book.resolve(say("emergency", "then")))
    return Part("procedure", "\n\n".join(lines), SURE, head=True)


def question_for(fact: str) -> str | None:
    """The question that asks for ``fact``, or None when it is never asked."""
    asked = read_toml("replies.toml")["ask"].get(fact)
    return None if asked is None else str(asked["text"])


def quick_replies(fact: str) -> tuple[str, ...]:
    asked = read_toml("replies.toml")["ask"].get(fact)
    return tuple(asked["options"]) if asked else ()
