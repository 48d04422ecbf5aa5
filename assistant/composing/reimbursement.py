"""An amount in words: the answer, what it rests on, the steps, what would change it."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import groupby

from assistant.composing.citations import CitationBook
from assistant.composing.conflicts import told, views
from assistant.composing.facts import short_name, spoken, summary
from assistant.composing.part import Part, fold, options, say
from assistant.text import money_range, percent
from assistant.types import (
    AssumptionView,
    CauseView,
    MoneyRange,
    RatioRange,
    ReasonView,
    ReimbursementView,
    ScenarioView,
    StepView,
)
from corpus import Corpus
from rules.facts import Facts
from rules.outcome import Reimbursement, Scenario, Span, Step
from rules.regions import same_city

EXACT, RANGE, REFERENCE, NOTHING = 0.97, 0.93, 0.85, 0.9


STEPS_IN_SIGHT = 5


def answer(outcome: Reimbursement, facts: Facts, corpus: Corpus, book: CitationBook) -> Part:
    """The amount, what it hangs on and who asks what; the working folds when it is long."""
    shown = [*_lead(outcome, facts, book), *_told(outcome, "rough", book)]
    folded: list[str] = []
    steps = _steps(outcome, facts, book) if outcome.steps else ""
    (shown if len(outcome.steps) <= STEPS_IN_SIGHT else folded).append(steps)
    if outcome.causes:
        causes = [_marked(c.why, c.passage, book) for c in outcome.causes]
        shown.append(listed(say("amount", "causes"), causes))
    shown += _told(outcome, "caveat", book)
    shown += _settlement(outcome, facts, book)
    if outcome.scenarios:
        led = "care_type" if _by_care(outcome) else None
        lines = scenario_lines(tuple(s for s in outcome.scenarios if s.fact != led))
        shown.append(listed(say("amount", "scenarios"), lines) if lines else "")
    shown.append("".join(_told(outcome, "left_out", book)))
    if outcome.assumptions:
        lines = [_marked(a.text, a.passage, book) for a in outcome.assumptions]
        folded.append(listed(say("amount", "assumptions"), lines))
    notes = _told(outcome, "note", book)
    if outcome.fund_pays is None and outcome.ratio is None:  # what is known is all there is
        shown[1:1] = notes
    else:
        folded += notes
    conflicts = views(outcome.conflicts, corpus, book)
    folded += [told(conflicts)] if conflicts else []
    shown.append(fold("steps", [f for f in folded if f]))
    return Part(
        route="reimbursement",
        text="\n\n".join(b for b in shown if b),
        brief=_again(outcome, book),
        confidence=_confidence(outcome),
        reimbursement=view(outcome, book),
        missing=outcome.missing,
        conflicts=conflicts,
        suggestions=tuple(options("suggest", "after_amount")),
        sections=outcome.passages,
    )


def _again(outcome: Reimbursement, book: CitationBook) -> str:
    """The amount or ratio in a line, for a case that is no clearer than before."""
    if outcome.fund_pays is None:
        rate = _rate(outcome.ratio, outcome.prepaid) if outcome.ratio else None
        return say("amount", "again_ratio", ratio=rate) if rate else ""
    name = "again_reference" if outcome.reference else "again"
    fund, own = _money(outcome.fund_pays), _money(outcome.self_pays)
    sources = "".join(book.section(p, _figures(outcome)) for p in outcome.passages[:1])
    return f"{say('amount', name, fund=fund, self=own)} {sources}".strip()


def explained(step: Step, figure: str, outcome: Reimbursement, book: CitationBook) -> Part:
    """Where a figure of the calculation comes from, and what the whole comes to."""
    told = say("amount", "explained", figure=figure, step=step.text)
    lines = [f"{told} {book.section(step.passage, step.text)}" if step.passage else told]
    if outcome.fund_pays is not None:
        fund, own = _money(outcome.fund_pays), _money(outcome.self_pays)
        lines.append(say("amount", "explained_whole", fund=fund, self=own))
    return Part(
        route="reimbursement",
        text="\n\n".join(lines),
        confidence=_confidence(outcome),
        reimbursement=view(outcome, book),
        suggestions=tuple(options("suggest", "after_amount")),
        sections=outcome.passages,
    )


def _told(outcome: Reimbursement, kind: str, book: CitationBook) -> list[str]:
    return [_marked(n.text, n.passage, book) for n in outcome.notes if n.kind == kind]


def _settlement(outcome: Reimbursement, facts: Facts, book: CitationBook) -> list[str]:
    """How it is settled; in the insured province as its own document says, at home not told."""
    if outcome.settlement is None or _at_home(facts):
        return []
    own = [] if outcome.reference else _told(outcome, "inside", book)
    told = any(n.kind == "inside" for n in outcome.notes)
    if _settled_inside(outcome, facts):
        return own if told else [book.resolve(say("amount", "settlement_inside"))]
    emergency = facts.filing_type == "emergency" and outcome.settlement == "direct"
    name = "emergency" if emergency else outcome.settlement
    return [*own, book.resolve(say("amount", f"settlement_{name}"))]


def _settled_inside(outcome: Reimbursement, facts: Facts) -> bool:
    return bool(facts.same_province) and outcome.settlement == "direct"


def _at_home(facts: Facts) -> bool:
    """Treated in the insured city."""
    insured, treated = facts.insured_region, facts.treatment_region
    return insured is not None and treated is not None and same_city(insured, treated)


def _lead(outcome: Reimbursement, facts: Facts, book: CitationBook) -> list[str]:
    fund, own = _money(outcome.fund_pays), _money(outcome.self_pays)
    cited = outcome.passages[: 2 if outcome.prepaid else 1]  # the ratio, and the cut before it
    sources = "".join(book.section(p, _figures(outcome)) for p in cited)
    if outcome.reference:
        return _reference_lead(outcome, facts, book, fund, own, sources)
    if by_care := _by_care(outcome):
        return [f"{by_care} {sources}".strip(), *_not_for(outcome)]
    if outcome.fund_pays is None:
        if outcome.ratio is None:
            return [
                f"{say('amount', 'no_amount', reason=outcome.reason)} {sources}".strip(),
                _ask_there(facts, book),
            ]
        name = "ratio_only" if outcome.ratio.exact else "ratio_span"
        name = "ratio_prepaid" if outcome.prepaid else name
        values = {"ratio": _rate(outcome.ratio, outcome.prepaid)}
    else:
        name = "exact" if outcome.fund_pays.exact else "span"
        name = "zero" if outcome.fund_pays.high == 0 else name
        values = {"fund": fund, "self": own}
    told = say("amount", name, whose=_whose(outcome), **values)
    return [f"{told} {sources}".strip(), *_not_for(outcome)]


def _by_care(outcome: Reimbursement) -> str:
    """A stay and a visit are two answers, not the ends of one."""
    cases = []
    for scenario in outcome.scenarios:
        if scenario.fact == "care_type" and scenario.fund_pays is not None:
            fund, own = _money(scenario.fund_pays), _money(scenario.self_pays)
            cases.append(say("amount", "by_care_case", care=scenario.label, fund=fund, self=own))
        elif scenario.fact == "care_type" and scenario.ratio is not None:
            ratio = _rate(scenario.ratio, scenario.prepaid)
            cases.append(say("amount", "by_care_ratio", care=scenario.label, ratio=ratio))
    return say("amount", "by_care", cases="；".join(cases)) if len(cases) > 1 else ""


WHOSE = ("insurance_type", "person_status", "care_type")
"""Facts of the person: a number that holds for one value only is not told as if for all."""


def _known_for(outcome: Reimbursement) -> Iterator[tuple[str, str, str]]:
    """(fact, values with a number, values without) where the documents know only some of them."""
    for fact, group in groupby(outcome.scenarios, key=lambda s: s.fact):
        labels: dict[bool, list[str]] = {True: [], False: []}
        for scenario in group:
            number = scenario.fund_pays is not None or scenario.ratio is not None
            labels[number].append(scenario.label)
        if all(labels.values()):
            yield fact, "、".join(labels[True]), "、".join(labels[False])


def _whose(outcome: Reimbursement) -> str:
    """退休的话，: whom the number of the first line is for."""
    if any(s.fact == "insurance_type" for s in outcome.scenarios):
        return ""  # of whom the number is depends on more than that
    values = [have for fact, have, _ in _known_for(outcome) if fact in WHOSE]
    return say("amount", "whose", values="".join(values)) if values else ""


def _not_for(outcome: Reimbursement) -> list[str]:
    return [
        say("amount", "only_whose" if fact in WHOSE else "not_for", values=have, others=others)
        for fact, have, others in _known_for(outcome)
    ]


def _ask_there(facts: Facts, book: CitationBook) -> str:
    region = facts.insured_region
    asking = say(
        "amount",
        "no_amount_ask_maternity" if facts.care_type == "maternity" else "no_amount_ask",
        who=short_name(region) if region else say("name", "unnamed_region"),
        insurance=(facts.insurance_type and spoken("insurance_type", facts.insurance_type)) or "",
        care=(facts.care_type and spoken("care_type", facts.care_type)) or "",
    )
    return book.resolve(asking)


def _reference_lead(
    outcome: Reimbursement, facts: Facts, book: CitationBook, fund: str, own: str, sources: str
) -> list[str]:
    region = facts.insured_region
    insurance = spoken("insurance_type", facts.insurance_type) if facts.insurance_type else None
    status: str | None = facts.person_status or next(
        (a.value for a in outcome.assumptions if a.parameter == "person_status"), None
    )
    care = spoken("care_type", facts.care_type) if facts.care_type else None
    where = short_name(region) if region else say("name", "unnamed_region")
    who = f"{where}{spoken('person_status', status) if status else ''}{insurance or ''}{care or ''}"
    certain = say("amount", "reference_certain", cut=_certain_cut(outcome, facts, book))
    lead = (
        say("amount", "reference_lead", who=who)
        if region
        else say("amount", "reference_lead_nowhere")
    )
    lines = [lead, book.resolve(certain)]
    if outcome.fund_pays is not None:
        lines.append(f"{say('amount', 'reference_amount', fund=fund, self=own)} {sources}")
    elif outcome.ratio is not None:
        name = "reference_ratio_cut" if outcome.ratio != outcome.stated_ratio else "reference_ratio"
        name = "reference_ratio_prepaid" if outcome.prepaid else name
        rate, stated = _rate(outcome.ratio, outcome.prepaid), _ratio(outcome.stated_ratio)
        lines.append(f"{say('amount', name, ratio=rate, stated=stated)} {sources}")
    elif outcome.reason:
        lines.append(f"{outcome.reason} {sources}".strip())
    filing = spoken("filing_type", facts.filing_type) if facts.filing_type else None
    near = _at_home(facts) or _settled_inside(outcome, facts)
    asked = "reference_ask_home" if near else "reference_ask"
    asking = say(
        "amount", asked, who=where if region else "", insurance=insurance or "职工或居民",
        filing=filing or "跨省看病",
    )  # fmt: skip
    lines.append(book.resolve(asking))
    return lines


def _certain_cut(outcome: Reimbursement, facts: Facts, book: CitationBook) -> str:
    """What is certain of the cut: the region's own words before the national bound."""
    own = _told(outcome, "own_cut", book)
    if _at_home(facts):
        return say("cut", "home")
    if facts.same_province:
        return "".join([*_told(outcome, "inside", book), *own]) or say("cut", "inside")
    return "".join(own) or say("cut", facts.filing_type or "unknown")


def _steps(outcome: Reimbursement, facts: Facts, book: CitationBook) -> str:
    lines = [say("amount", "basis", facts=summary(facts))]
    both = [s for s in outcome.steps if s.variant is None]
    low = [s for s in outcome.steps if s.variant == "low"]
    high = [s for s in outcome.steps if s.variant == "high"]
    lines += _numbered(both, book)
    for head, steps in (("low", low), ("high", high)):
        if steps:
            lines += ["", say("amount", head), *_numbered(steps, book)]
    return "\n".join(lines)


def _numbered(steps: list[Step], book: CitationBook) -> list[str]:
    return [f"{n}. {_marked(s.text, s.passage, book)}" for n, s in enumerate(steps, 1)]


def scenario_lines(scenarios: tuple[Scenario, ...]) -> list[str]:
    """A line for each result, the values that give it together; none where all give the same."""
    lines: list[str] = []
    for _, group in groupby(scenarios, key=lambda s: s.fact):
        results: dict[str, list[str]] = {}
        for scenario in group:
            results.setdefault(_scenario(scenario), []).append(scenario.label)
        if len(results) > 1:
            lines += [f"{'、'.join(labels)}：{result}" for result, labels in results.items()]
    return lines


def _scenario(scenario: Scenario) -> str:
    if scenario.fund_pays is not None:
        return f"{_money(scenario.fund_pays)} 元"
    if scenario.ratio is not None:
        return _rate(scenario.ratio, scenario.prepaid)
    return scenario.reason or ""


def _confidence(outcome: Reimbursement) -> float:
    if outcome.fund_pays is None:
        return NOTHING
    if outcome.reference:
        return REFERENCE
    return EXACT if outcome.fund_pays.exact else RANGE


def _figures(outcome: Reimbursement) -> str:
    return " ".join(s.text for s in outcome.steps) or _ratio(outcome.ratio)


def _marked(text: str, passage: str | None, book: CitationBook) -> str:
    return f"{text} {book.section(passage, text)}" if passage else text


def listed(head: str, lines: list[str]) -> str:
    return "\n".join([head, *(f"- {line}" for line in lines)])


def _money(span: Span | None) -> str:
    return "" if span is None else money_range(span.low, span.high)


def _ratio(span: Span | None) -> str:
    if span is None:
        return ""
    return percent(span.low) if span.exact else f"{percent(span.low)}–{percent(span.high)}"


def _rate(ratio: Span, prepaid: Span | None) -> str:
    """The ratio, with the share that is paid first where a region cuts so."""
    if prepaid is None:
        return _ratio(ratio)
    return say("amount", "prepaid", prepaid=_ratio(prepaid), ratio=_ratio(ratio))


def view(outcome: Reimbursement, book: CitationBook) -> ReimbursementView:
    """The outcome as the contract's object, passages turned into markers."""
    return ReimbursementView(
        pack=outcome.pack,
        settlement=outcome.settlement,
        fund_pays=_range(outcome.fund_pays),
        self_pays=_range(outcome.self_pays),
        ratio=_ratio_range(outcome.ratio),
        reason=outcome.reason,
        steps=[
            StepView(
                text=s.text, result=s.result, variant=s.variant,
                marker=book.first(s.passage, s.text),
            )
            for s in outcome.steps
        ],
        causes=[
            CauseView(
                parameter=c.parameter, readings=list(c.readings), unit=c.unit, why=c.why,
                marker=book.first(c.passage, c.why),
            )
            for c in outcome.causes
        ],
        assumptions=[
            AssumptionView(
                parameter=a.parameter, value=a.value, text=a.text,
                marker=book.first(a.passage, a.text),
            )
            for a in outcome.assumptions
        ],
        scenarios=[scenario_view(s) for s in outcome.scenarios],
        notes=[
            ReasonView(text=n.text, marker=book.first(n.passage, n.text)) for n in outcome.notes
        ],
    )  # fmt: skip


def scenario_view(scenario: Scenario) -> ScenarioView:
    """The scenario as the contract's object."""
    return ScenarioView(
        fact=scenario.fact,
        value=scenario.value,
        label=scenario.label,
        fund_pays=_range(scenario.fund_pays),
        self_pays=_range(scenario.self_pays),
        ratio=_ratio_range(scenario.ratio),
        settlement=scenario.settlement,
        reason=scenario.reason,
    )


def _ratio_range(span: Span | None) -> RatioRange | None:
    if span is None:
        return None
    return RatioRange(low=f"{span.low.normalize():f}", high=f"{span.high.normalize():f}")


def _range(span: Span | None) -> MoneyRange | None:
    return None if span is None else MoneyRange(low=f"{span.low:.2f}", high=f"{span.high:.2f}")
