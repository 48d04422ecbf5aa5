"""What of a question is looked up: it completed, its asking clause alone, the places it names.

Reads words only; what is found for them is for :mod:`assistant.gathering`.
"""

from __future__ import annotations

import re

from assistant.data import read_toml
from assistant.routing import asks, questions_in, subject_of
from rules.facts import Facts
from rules.regions import scan

WHOLE = 60
"""Characters of a message that is looked up as one question, too."""
CLAUSE = 6
"""Characters of a clause long enough to be looked up without those around it."""


def completed(text: str, sentence: str, query: str) -> list[str]:
    """One of several questions of a message with what it may leave to the others: what the message
    tells, its first question, the whole of it."""
    parts = questions_in(text)
    if len(parts) < 2 or sentence not in parts:
        return []
    telling = [c for p in parts for c in re.split(r"[,，]", p) if not asks(c) and c not in sentence]
    first = next((p for p in parts if asks(p)), sentence)
    wider = [f"{'，'.join(telling)} {query}"] if telling else []
    wider += [f"{subject} {query}"] if (subject := subject_of(text, sentence)) else []
    wider += [f"{first} {query}"] if first != sentence else []
    return [*wider, text] if len(text) <= WHOLE else wider


def asking_clause(query: str) -> str | None:
    """The last clause that asks, when others around it only tell; None for what is no more."""
    clauses = re.split(r"[,，。;；\s]+", query)
    asking = [c for c in clauses if asks(c)]
    return asking[-1] if len(clauses) > 1 and asking and len(asking[-1]) >= CLAUSE else None


def asks_of_place(query: str) -> bool:
    """A figure that each place sets for itself is asked for."""
    return re.search("|".join(read_toml("scope.toml")["of_place"]), query) is not None


def used_there(sentence: str) -> bool:
    """It is asked whether the insurance of one place is used in another."""
    words = read_toml("scope.toml")["usable_there"]["words"]
    return re.search("|".join(words), sentence) is not None


def regions_of(query: str, facts: Facts) -> frozenset[str]:
    """Codes of the regions that the question names, and of the one the person is insured in."""
    named = {r.code for mention in scan(query) for r in mention.candidates}
    return frozenset(named | ({facts.insured_region.code} if facts.insured_region else set()))
