"""Gathering evidence: one table from kind of wish to function.

A function takes the turn and a wish; it writes no text. Figures come from here and nowhere else.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import TYPE_CHECKING

from assistant.asked import (
    asks_by,
    asks_only,
    has_subject,
    of_emergency_cut,
    of_something,
    passed_on,
)
from assistant.clauses import (
    WHOLE,
    asking_clause,
    asks_of_place,
    completed,
    regions_of,
    used_there,
)
from assistant.data import read_toml
from assistant.disputes import Disputes, doubts, hearsay
from assistant.evidence import (
    LIKELY,
    Billed,
    Computed,
    Evidence,
    Explained,
    Found,
    Judged,
    Listed,
    Refused,
    Turn,
    Unknown,
    Window,
    answers,
    context_of,
    day_of,
    of_region,
    of_settling,
    surely,
)
from assistant.narrower import beyond_filed, elsewhere, narrower
from assistant.papers import circumstances_of, leaves, scenarios_of
from assistant.routing import Want, Wish, asks
from assistant.steps import meaning_of, step_asked
from corpus import Corpus
from rules.bills import reimburse_each
from rules.calendar import Channel, review_window
from rules.errors import InputError
from rules.facts import Facts
from rules.materials import materials, scenario_by_passage
from rules.outcome import Materials
from rules.regions import scan
from rules.reimburse import reimburse
from rules.validity import validity

if TYPE_CHECKING:
    from assistant.retrieval import Hit, Retriever, SearchContext, SearchResult

GENERAL = 0.5
"""Confidence from which a passage that holds everywhere answers a question about a place."""
SHORT = 12
"""Characters of a question that names nothing but the filing itself."""
OWN = 0.7
"""The same where the passage is of one region: a person from there is easily led to it."""
BOUNDED = frozenset({"validity", "ratio", "region_rule"})
"""Topics on which the general text bounds what a region may rule."""
SETTLED = ("not_needed", "can_file_late", "manual_only", "file_first")
"""Verdicts whose own reasons say what to do."""
SURE = 0.85
"""Confidence from which the first passage is taken to answer whatever else is near."""
_FILING = ("filed_on", "filed", "filing_type", "cancelled_on", "filed_region")
_STAY = ("stay", "admitted_on", "discharged_on", "self_paid", "emergency")
_BILL = (
    "total_cost", "insured_region", "facility_level", "insurance_type", "filing_type",
    "admitted_on", "discharged_on", "filed_on", "fee_class", "care_type", "person_status", "age",
)  # fmt: skip


class Gatherer:
    """Holds what is searched; everything else is a pure function of the turn."""

    def __init__(self, retriever: Retriever, disputes: Disputes, corpus: Corpus) -> None:
        self._corpus = corpus
        self._retriever = retriever
        self._disputes = disputes
        self._by_want: dict[Want, Callable[[Turn, Wish], list[Evidence]]] = {
            "amount": self._amount,
            "why": self._why,
            "verdict": self._verdict,
            "materials": self._materials,
            "when_usable": self._when_usable,
            "lookup": self._looked_up,
        }

    def gather(self, turn: Turn, wish: Wish) -> list[Evidence]:
        """The evidence for one wish; bad input comes back as :class:`Refused`, never raised."""
        try:
            return self._by_want[wish.want](turn, wish)
        except InputError as error:
            return [Refused(str(error))]

    def _looked_up(self, turn: Turn, wish: Wish) -> list[Evidence]:
        """The passages, and the list of papers when the first of them is one.

        The message may ask for further lists, which no passage tells.
        """
        found = self._lookup(turn, wish)
        if _settles_there(turn, wish, found):
            return [Judged(validity(turn.facts, turn.today))]
        scenario = _listed_by(found)
        if scenario is None:
            return found
        told = Listed(_papers(turn, scenario), told=True)
        if told.checklist.scenario != scenario:  # the case's own list is another than the passage's
            return [replace(told, told=False)]
        wanted = [_papers(turn, s) for s in scenarios_of(turn.facts, turn.text)]
        others = [m for m in wanted if len(wanted) > 1 and m.scenario != told.checklist.scenario]
        return [*found, told, *(Listed(m) for m in others)]

    def _lookup(self, turn: Turn, wish: Wish) -> list[Evidence]:
        if of_emergency_cut(turn, wish):
            asked = str(read_toml("scope.toml")["emergency_cut"]["question"])
            wish = replace(wish, sentence=asked)
        lasts = asks_only("lasts", wish) and turn.facts.filing_type is None
        whole = str(read_toml("scope.toml")["lasts"]["question"])
        query = turn.query(whole if lasts else wish.sentence)
        ill = "disease" in turn.said or (turn.facts.disease and len(wish.sentence) <= SHORT)
        named = f"{query} 门诊慢特病" if ill else query
        found, general = self._searched(named, turn)
        asked = query
        for whole in completed(turn.text, wish.sentence, named):
            wider, anywhere = self._searched(whole, turn)
            if wider.confidence > found.confidence:
                found, general, asked = wider, anywhere, whole
        clause = asking_clause(query)
        if clause and found.confidence < GENERAL:  # a story around one question
            alone, anywhere = self._searched(clause, turn)
            if alone.confidence >= SURE:
                found, general, asked = alone, anywhere, clause
        found = self._of_the_case(found, turn)
        first = found.hits[0].section.id if found.hits else None
        sure = first if found.confidence >= SURE else None
        lost = found.confidence < GENERAL
        elliptic = len(asked) > len(query)
        about = (asked,) if elliptic else (query, asked)
        regions = regions_of(query, turn.facts)
        told = (
            self._disputes.touched(q, sure, first=first, regions=regions, lost=lost)
            for q in dict.fromkeys(about)
        )
        dispute = next(filter(None, told), None)
        own = _of_the_region(found, context_of(turn))
        if dispute and own and not hearsay(query):  # its own document decides, whatever others say
            dispute = dispute if found.hits[0].section.id in dispute.sections else None
        aside = dispute is not None and found.hits[0].section.id not in dispute.sections
        claimed = doubts(query) or (found.confidence < LIKELY if not aside else sure is None)
        claimed = claimed and not own
        return [Found(query, found, dispute, claimed, general)]

    def _searched(self, query: str, turn: Turn) -> tuple[SearchResult, bool]:
        """What is found; when the place named has nothing of its own, what holds everywhere."""
        context = context_of(turn)
        found = self._retriever.search(query, context)
        kept = elsewhere(found.hits, query, turn.facts)
        if kept != found.hits:
            first = kept[:1] == found.hits[:1]
            found = replace(found, hits=kept, answerable=found.answerable and first)
        if _of_other_care(found, turn):
            return replace(found, answerable=False), False
        if context.insured_region and asks_of_place(query) and _holds_everywhere(found):
            return replace(found, answerable=False), False
        if found.answerable or _of_the_region(found, context):
            return replace(found, answerable=True), False
        mentions = scan(query)
        if not mentions:
            return found, False
        bare = query
        for mention in reversed(mentions):
            bare = bare[: mention.start] + bare[mention.end :]
        anywhere = self._retriever.search(bare, replace(context, insured_region=None))
        if anywhere.confidence < GENERAL or anywhere.hits[0].section.region is not None:
            return found, False
        return replace(anywhere, answerable=True), True

    def _of_the_case(self, found: SearchResult, turn: Turn) -> SearchResult:
        """The same hits, each with the section that speaks to this very case; none twice."""
        on = day_of(turn)
        hits: dict[str, Hit] = {}
        for hit in found.hits:
            section = narrower(hit.section, turn.facts, self._corpus, on)
            hits.setdefault(section.id, replace(hit, section=section))
        return replace(found, hits=tuple(hits.values()))

    def _disputed(self, turn: Turn, wish: Wish) -> list[Evidence]:
        """The passages for a claim put to the test, when it is one the sources differ on."""
        whole = wish if len(turn.text) > WHOLE else replace(wish, sentence=turn.text)
        if not doubts(whole.sentence):
            return []
        return [e for e in self._lookup(turn, whole) if isinstance(e, Found) and e.dispute]

    def _amount(self, turn: Turn, wish: Wish) -> list[Evidence]:
        facts = turn.facts
        known = [f for f in _BILL if getattr(facts, f) is not None]
        if not known and not has_subject(turn.text):
            return [Unknown("amount", ("insured_region", "insurance_type", "total_cost"))]
        own = facts.total_cost is not None or facts.insured_region is not None
        if not own and not turn.open_case and (disputed := self._disputed(turn, wish)):
            return disputed
        if not own and not known:
            return self._lookup(turn, wish)
        if facts.total_cost is None and beyond_filed(facts):
            asked = str(read_toml("scope.toml")["beyond_filed"]["question"])
            return self._lookup(turn, replace(wish, sentence=asked))
        if not own and not turn.open_case and not turn.personal and has_subject(turn.text):
            return self._lookup(turn, wish)
        if turn.bills:
            return [Billed(reimburse_each(turn.bills, turn.today))]
        return [Computed(reimburse(facts, turn.today))]

    def _why(self, turn: Turn, wish: Wish) -> list[Evidence]:
        """The step of the case's amount that has the figure, and what its name means."""
        if turn.facts.total_cost is None:
            return self._lookup(turn, wish)
        bills = reimburse_each(turn.bills or (turn.facts,), turn.today)
        stated = ((step_asked(wish.sentence, b.outcome.steps), b.outcome) for b in bills)
        asked, outcome = next((s for s in stated if s[0] is not None), (None, bills[0].outcome))
        if asked is None:
            return self._lookup(turn, wish)
        figure, step = asked
        meant = self._searched(meaning_of(step), turn)[0]
        found = [Found(wish.sentence, meant)] if meant.confidence >= LIKELY else []
        return [Explained(step, figure, outcome), *found]

    def _verdict(self, turn: Turn, wish: Wish) -> list[Evidence]:
        facts = turn.facts
        if asks_by("not_networked", wish) and answers(found := self._lookup(turn, wish)):
            return found
        told = turn.said if turn.personal or turn.open_case else turn.said - {"filed"}
        still = asks_by("still", wish) or (turn.personal and asks_by("until", wish))
        filed = still and facts.filing_type not in (None, "none")
        open_one = turn.open_case and _is_case(facts, _FILING + _STAY)
        own = turn.tells_case or open_one or filed or _is_case(facts, told)
        both = _of_two_places(facts)
        asked_of_both = both and ("备案" in turn.query(wish.sentence) or used_there(wish.sentence))
        if own and passed_on(turn) and surely(found := self._lookup(turn, wish)):
            return found
        if not own and not asked_of_both:
            known = any(getattr(facts, f) is not None for f in _FILING + _STAY + _BILL)
            general = has_subject(turn.text) or of_something(wish.sentence)
            bare = not (known or turn.open_case or general)
            if not bare and not (still and len(wish.sentence) <= SHORT):
                found = self._lookup(turn, wish)
                if _settles_there(turn, wish, found):
                    return [Judged(validity(facts, turn.today))]
                away = facts.same_province is False and facts.disease is None
                sure = surely(found, SURE) and of_settling(found)
                if away and used_there(wish.sentence) and not sure:
                    whole = str(read_toml("scope.toml")["usable_there"]["question"])
                    return self._lookup(turn, replace(wish, sentence=whole))
                return found
            return [Unknown("verdict", ("filed_on", "filing_type"))]
        verdict = validity(facts, turn.today)
        if verdict.status == "deemed_filed" and of_emergency_cut(turn, wish):
            return [Judged(verdict), *self._lookup(turn, wish)]
        lacking = verdict.certain_until is None and not {"filed_on", "filing_type"}.isdisjoint(
            verdict.missing
        )
        questions = asks(wish.sentence) or asks_by("how", wish)
        if not questions and not lacking:
            return [Judged(verdict)]
        found = [e for e in self._lookup(turn, wish) if answers([e])]
        if not questions:
            return found if surely(found, SURE) else [Judged(verdict)]
        asked = {name for name in ("judging", "still", "how", "of_cut") if asks_by(name, wish)}
        own = still or ("judging" in asked and not (lacking and facts.filed))
        if not own and found and (lacking or ("of_cut" in asked and surely(found))):
            return found
        stayed = facts.filing_type and (facts.admitted_on or facts.stay)
        clear = facts.filed_on or stayed
        if verdict.status in SETTLED or (clear and "how" not in asked) or not surely(found):
            return [Judged(verdict)]
        return [Judged(verdict), *found]

    def _materials(self, turn: Turn, wish: Wish) -> list[Evidence]:
        put_to_test = not turn.open_case and not asks_by("papers_asked", wish)
        if put_to_test and (disputed := self._disputed(turn, wish)):
            return disputed
        named = scenarios_of(turn.facts, turn.query(wish.sentence))
        told = scenarios_of(turn.facts, turn.text)
        settled = turn.open_case and (turn.facts.self_paid or turn.facts.stay == "discharged")
        if not told and settled:  # what was paid is claimed back: the case says which papers
            named = ()
        wanted = told if len(told) > len(named) else named or (None,)
        if leaves(turn.text) and validity(turn.facts, turn.today).settlement != "direct":
            wanted = (*told, "manual")
        listed = [Listed(_papers(turn, name)) for name in wanted]
        if len(listed) > 1:
            return [*listed]
        found = self._lookup(turn, wish)
        if wanted == (None,) and surely(found) and not _on_papers(found):
            return found
        return [*listed, *(e for e in found if _adds_papers(e, listed[0]))]

    def _when_usable(self, turn: Turn, wish: Wish) -> list[Evidence]:
        submitted = turn.facts.filed_on
        if submitted is None or ("filed_on" not in turn.said and not turn.open_case):
            asked = str(read_toml("scope.toml")["usable"]["question"])
            bare = asks_only("usable", wish)
            return self._lookup(turn, replace(wish, sentence=asked) if bare else wish)
        whole = replace(wish, sentence=turn.text)
        by_post: Channel | None = "telephone" if asks_by("by_post", whole) else None
        channel = by_post or turn.facts.filing_channel or "online"
        region, by = turn.facts.insured_region, turn.facts.filed_by
        return [Window(review_window(submitted, channel, region, by))]


def _of_other_care(found: SearchResult, turn: Turn) -> bool:
    """The first passage has figures of other kinds of care than the one asked about."""
    if not found.hits:
        return False
    section, care = found.hits[0].section, turn.facts.care_type
    figures = section.region is None and "ratio" in section.topics and bool(section.care)
    return figures and care in ("chronic_outpatient", "maternity") and care not in section.care


def _holds_everywhere(found: SearchResult) -> bool:
    """The first passage is of no region, and not on what regions rule within national bounds."""
    if not found.hits:
        return False
    section = found.hits[0].section
    return section.region is None and not BOUNDED & set(section.topics)


def _of_the_region(found: SearchResult, context: SearchContext) -> bool:
    """The first passage is the insured region's own, and not a far one."""
    return of_region(found, context.insured_region) and found.confidence >= GENERAL / 2


def _papers(turn: Turn, scenario: str | None) -> Materials:
    return materials(turn.facts, scenario, turn.today, circumstances_of(turn.text))


def _listed_by(evidence: list[Evidence]) -> str | None:
    """The list of papers whose own passage was found first."""
    for found in evidence:
        if isinstance(found, Found) and found.result.answerable and found.dispute is None:
            return scenario_by_passage().get(found.result.hits[0].section.id)
    return None


def _on_papers(found: list[Evidence]) -> bool:
    """The first passage is about papers."""
    hits = [e.result.hits[0] for e in found if isinstance(e, Found) and e.result.hits]
    return bool(hits) and "materials" in hits[0].section.topics


def _adds_papers(found: Evidence, listed: Listed) -> bool:
    """A passage about papers that the list does not rest on: what this very case needs besides.

    It tells no list of its own, and is of the list's subject.
    """
    if not isinstance(found, Found) or not found.result.answerable:
        return False
    section = found.result.hits[0].section
    about = {"materials", listed.checklist.scenario.split("_")[0]} <= set(section.topics)
    return about and section.id not in {*listed.checklist.passages, *scenario_by_passage()}


def _is_case(facts: Facts, named: tuple[str, ...] | frozenset[str]) -> bool:
    """Somebody's filing or stay: a day, a place, a stay, or nothing filed together with a stay."""
    told = {f for f in _FILING + _STAY if f in named and getattr(facts, f) is not None}
    return bool(told - {"filing_type"}) or (
        "filing_type" in told and (facts.filed_on is not None or facts.stay is not None)
    )


def _of_two_places(facts: Facts) -> bool:
    """Insured and treated in places that are known: whether to file can be judged."""
    return facts.insured_region is not None and facts.treatment_region is not None


def _settles_there(turn: Turn, wish: Wish, found: list[Evidence]) -> bool:
    """Asks whether care in a known place settles on the spot, which no passage surely tells."""
    first = [e.result.hits[0] for e in found if isinstance(e, Found) and e.result.hits]
    least = OWN if first and first[0].section.region else LIKELY
    settles = _of_two_places(turn.facts) and asks_by("settles", wish)
    return settles and not surely(found, least)
