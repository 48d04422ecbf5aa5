"""A verdict put into words: the reasons of its block in ``validity.toml``, filled in."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date

from rules.outcome import Reason, Settlement, Validity, ValidityStatus
from rules.periods import DATED, period, written_period
from rules.situation import OUTPATIENT, Situation
from rules.validity_data import CaseTexts, Text, texts

Outcome = tuple[ValidityStatus, Settlement]


@dataclass(frozen=True)
class Verdict:
    """Which block of ``validity.toml`` applies, with what the code knows besides.

    ``latest``: the same verdict for the last day of a period, where only the period was said.
    """

    case: str
    more: tuple[str, ...] = ()
    missing: tuple[str, ...] = ()
    valid_from: date | None = None
    certain_until: date | None = None
    possible_until: date | None = None
    values: dict[str, str] = field(default_factory=dict)
    latest: Verdict | None = None

    @property
    def texts(self) -> CaseTexts:
        return texts().case[self.case]

    @property
    def outcome(self) -> Outcome:
        return self.texts.status, self.texts.settlement


def told(verdict: Verdict, s: Situation) -> Validity:
    """The verdict with its reasons: the verdict itself, why, the place's own word, what to do."""
    data = texts()
    case, latest = verdict.texts, verdict.latest or verdict
    kind = data.kinds.get(s.kind or "unknown", data.kinds["unknown"])
    values = {**_values(verdict, s), **verdict.values, "kind": kind.label}
    own = s.own.says.get(case.topic) if s.own and case.topic else None
    inside = None
    if s.own and s.own.inside == "as_outside" and s.inside and s.own.inside_text:
        inside = Text(text=s.own.inside_text, passage=s.own.inside_passage)
    more = [data.more[name] for name in verdict.more]
    if s.facts.emergency and s.kind != "emergency" and case.settlement != "direct":
        more.append(data.more["emergency_anyway"])
    more += [text for text in data.law if text.since <= (s.settled_on or s.day)]
    do = [text for text in case.do if _bears(text, s)]
    passages = {
        "@length": kind.length,
        "@own": s.own.inside_passage if s.own else None,
        "@own_length": s.own.months_passage if s.own else None,
    }
    reasons = tuple(
        Reason(
            text=text.text.format_map(values),
            passage=passages.get(text.passage or "", text.passage),
        )
        for text in (case.why[0], inside, own, *case.why[1:], *more, *do)
        if text is not None
    )
    disputed = kind.conflicts if case.topic == "window" else ()
    return Validity(
        status=case.status,
        settlement=case.settlement,
        valid_from=verdict.valid_from if verdict.valid_from == latest.valid_from else None,
        certain_until=verdict.certain_until,
        possible_until=latest.possible_until,
        reasons=reasons,
        missing=verdict.missing,
        passages=tuple(dict.fromkeys(r.passage for r in reasons if r.passage is not None)),
        conflicts=(*case.conflicts, *disputed),
    )


def _bears(text: Text, s: Situation) -> bool:
    """Whether an advice fits the stay: open, settled, or both while that is not known."""
    over = s.stay == "discharged"
    if text.stay == "over":
        return over
    known = s.stay is not None and not s.stay_assumed
    return not known or text.stay in (None, "settled" if over else "open")


def _values(verdict: Verdict, s: Situation) -> dict[str, str]:
    """What the texts may name: days written out, lengths, the place's own words."""
    data, facts, latest = texts(), s.facts, verdict.latest or verdict
    visit = facts.care_type in OUTPATIENT
    phrase = "today" if facts.admitted_on is None else "visit" if visit else "stay"
    told = {name: period(facts, name) for name in DATED}
    days = {
        "day": told["admitted"] or (s.day, s.day),
        "filed": told["filed"],
        "cancelled": told["cancelled"],
        "settled": told["discharged"] or (s.settled_on, s.settled_on),
        "certain_first": (verdict.certain_until, verdict.certain_until),
        "certain": (verdict.certain_until, latest.certain_until),
        "possible": (verdict.possible_until, latest.possible_until),
    }
    values = {
        name: written_period(first, last)
        for name, (first, last) in ((n, d) for n, d in days.items() if d is not None)
        if first is not None and last is not None
    }
    values["when"] = data.phrases[phrase].format(day=values["day"])
    values["care"] = data.phrases["care_visit" if visit else "care_stay"]
    values["since"] = data.phrases["since"].format_map(values) if facts.filed_on else ""
    exact = verdict.valid_from == latest.valid_from
    values["counted"] = data.phrases["inclusive" if exact else "by_day"]
    values["floor"] = str(data.lengths["floor"].months)
    values["usual"] = str(data.lengths["usual"].months)
    if s.own:
        values |= {"own": s.own.inside_text or "", "own_region": s.own.name}
    return values
