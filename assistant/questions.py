"""Questions that people ask, each with the section that answers it: JSON Lines under the corpus.

One object a line: ``section``, ``voice``, ``question``; for questions that the corpus cannot answer
``section`` is null. Used to train the encoder, to widen the index and to measure both.
"""

from __future__ import annotations

import json
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

import corpus

FOLDER = Path(str(corpus.__file__)).parent / "questions"
_KEYS = {"section", "voice", "question"}
NEAR = "near_"
"""How voices begin whose questions ask for a detail that the section beside it does not tell."""


@dataclass(frozen=True)
class Question:
    """``section``: id of the section that answers it; None: no section does, and ``voice`` is
    what kind of thing the documents are silent on."""

    section: str | None
    voice: str
    question: str


class QuestionsError(Exception):
    """Lines that are not questions, or name no section; the message lists all of them."""


def training_questions(
    folder: Path = FOLDER, known: Iterable[str] | None = None
) -> tuple[Question, ...]:
    """Those of every ``train*.jsonl``, in the order of the files' names."""
    sections = None if known is None else set(known)
    paths = sorted(folder.glob("train*.jsonl"))
    return tuple(q for path in paths for q in read_questions(path, sections))


def unanswerable_questions(folder: Path = FOLDER) -> tuple[Question, ...]:
    """Questions within the subject that no section answers."""
    return read_questions(folder / "unanswerable.jsonl")


def disputed_questions(folder: Path = FOLDER) -> tuple[Question, ...]:
    """Questions that touch a contradiction of the sources; what is known of a conflict's is a kind
    of its own."""
    path = folder / "conflicts.jsonl"
    lines = path.read_text(encoding="utf-8").splitlines() if path.is_file() else []
    rows = [json.loads(line) for line in lines if line]
    return tuple(Question(None, row["conflict"], row["question"]) for row in rows)


def read_questions(path: Path, known: Iterable[str] | None = None) -> tuple[Question, ...]:
    """The questions of ``path``; none when there is no such file.

    ``known``: ids of the sections that exist. Raises :class:`QuestionsError` with every fault.
    """
    if not path.is_file():
        return ()
    sections = None if known is None else {*known, None}
    found: list[Question] = []
    faults: list[str] = []
    for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), start=1):
        if not line.strip():
            continue
        try:
            raw = json.loads(line)
        except ValueError:
            raw = None
        where = f"{path.name}:{number}"
        if not isinstance(raw, dict) or set(raw) != _KEYS:
            faults.append(f"{where}: expected an object with section, voice, question")
        elif not isinstance(raw["question"], str) or not raw["question"].strip():
            faults.append(f"{where}: the question is empty")
        elif sections is not None and raw["section"] not in sections:
            faults.append(f"{where}: no section {raw['section']!r}")
        else:
            found.append(Question(raw["section"], str(raw["voice"]), raw["question"]))
    if faults:
        raise QuestionsError("\n".join(faults))
    return tuple(found)
