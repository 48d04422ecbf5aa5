"""Question sets: one JSON object a line, in the contract's format, read and checked.

Unknown keys inside ``expect`` are refused (an expectation that nobody checks is a defect); keys
beside it are kept in ``more`` and do not disturb. All faults are reported at once.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Sequence
from datetime import date
from pathlib import Path
from typing import Annotated, Any

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from evals.texts import text

Group = Annotated[list[str], Field(min_length=1)]
QUESTIONS = Path(__file__).parent / "questions"
HELD_OUT = "heldout-"


class SetError(Exception):
    """A question set that cannot be used; ``faults`` name file, line and what was expected."""

    def __init__(self, faults: Sequence[str]) -> None:
        super().__init__("\n".join(faults))
        self.faults = tuple(faults)


class Expect(BaseModel):
    """What must hold for the last turn's answer; a key that is absent is not checked."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    routes: list[str] = []
    routes_not: list[str] = []
    all_of: list[Group] = []
    none_of: list[str] = []
    before: Annotated[list[str], Field(min_length=2, max_length=2)] | None = None
    cites: list[str] = []
    validity: dict[str, Any] | None = None
    reimbursement: dict[str, Any] | None = None
    materials: list[Group] | None = None
    facts: dict[str, Any] = {}
    missing_any: list[str] = []
    conflicts_min: int = 0

    def given(self, key: str) -> bool:
        """True when the set names ``key``, be it with null."""
        return key in self.model_fields_set


class Item(BaseModel):
    """One question or conversation with its expectations.

    ``lead``: groups that must be met by the first two lines of the text alone. ``pair``: name of
    the clean/noisy pair (tags ``clean``, ``noisy``). ``sections``: corpus sections that answer it.
    ``review``: role and date of the second reader. ``note``: how the gold value was worked out.
    """

    model_config = ConfigDict(extra="allow", frozen=True)

    id: Annotated[str, Field(min_length=1)]
    turns: Annotated[list[str], Field(min_length=1)]
    today: date | None = None
    tags: list[str] = []
    expect: Expect = Expect()
    lead: list[Group] = []
    pair: str | None = None
    sections: list[str] = []
    note: str | None = None
    review: dict[str, str] | None = None

    @property
    def fingerprint(self) -> str:
        """Changes when anything that is asked or expected changes."""
        body = self.model_dump(mode="json", exclude={"note", "review", "tags"}, exclude_unset=True)
        return hashlib.sha256(json.dumps(body, sort_keys=True).encode()).hexdigest()[:12]


def load_sets(paths: Iterable[Path]) -> list[Item]:
    """All items of the files, in order. Raises SetError with every fault of every file."""
    items: list[Item] = []
    faults: list[str] = []
    places: dict[str, str] = {}
    for path in paths:
        if not path.is_file():
            faults.append(text("sets.no_file", path=path))
            continue
        for line, raw in enumerate(path.read_text(encoding="utf-8-sig").split("\n"), start=1):
            if not raw.strip():
                continue
            place = f"{path}:{line}"
            item = _read(raw, place, faults)
            if item is None:
                continue
            if item.id in places:
                faults.append(text("sets.twice", place=place, id=item.id, other=places[item.id]))
            places[item.id] = place
            items.append(item)
    if faults:
        raise SetError(faults)
    return items


def _read(raw: str, place: str, faults: list[str]) -> Item | None:
    try:
        return Item.model_validate(json.loads(raw))
    except json.JSONDecodeError as error:
        faults.append(text("sets.not_json", place=place, column=error.colno, what=error.msg))
    except ValidationError as error:
        for fault in error.errors():
            where = ".".join(str(part) for part in fault["loc"]) or "-"
            faults.append(text("sets.bad", place=place, where=where, what=fault["msg"]))
    return None


def is_held_out(path: Path) -> bool:
    """True for the project's own held-out files: only the gate runs them."""
    return path.name.startswith(HELD_OUT) and path.resolve().parent == QUESTIONS.resolve()


def own_files(*, held_out: bool) -> list[Path]:
    """The project's question files, sorted by name."""
    files = sorted(QUESTIONS.glob("*.jsonl"))
    return [path for path in files if is_held_out(path) == held_out]
