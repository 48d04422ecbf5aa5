"""The path of one question: guard, routing, dialogue, evidence, composing: the order is here."""

from __future__ import annotations

import re
import time
from datetime import date
from functools import cache

from assistant import evidence as ev
from assistant.composing import (
    CitationBook,
    Part,
    checklist,
    compose,
    edges,
    procedure,
    reimbursement,
    verdict,
)
from assistant.data import read_toml
from assistant.dialogue import (
    CASE_WANTS,
    State,
    advance,
    follow_up_query,
    is_elliptic,
    known_for,
)
from assistant.english import to_chinese
from assistant.evidence import Gatherer, Turn
from assistant.retrieval import Retriever, SearchResult
from assistant.routing import Router, Routing, Want, Wish
from assistant.settings import Settings, settings, today_in_shanghai
from assistant.slots import Reading, normalise, read
from assistant.store import MemoryStore, Slot, Store
from assistant.text import mask_personal, printable
from assistant.types import Answer
from corpus import Corpus, load_corpus
from rules.facts import Facts

LOOKUPS_AT_MOST = 3
_GENERAL = frozenset({"filing_type", "care_type", "same_province", "emergency", "disease", "filed"})
"""Facts that a question about the subject names as well as a person's story does."""


class Assistant:
    """Answers questions; safe to share between threads. See :meth:`ask`."""

    def __init__(
        self, corpus: Corpus, retriever: Retriever, config: Settings, store: Store
    ) -> None:
        self._corpus = corpus
        self._config = config
        self._store = store
        self._router = Router.load()
        self._gatherer = Gatherer(retriever)

    @classmethod
    def load(cls, config: Settings | None = None, store: Store | None = None) -> Assistant:
        """Everything opened and ready: corpus, index (built when missing or stale), rules."""
        config = config or settings()
        corpus = load_corpus()
        retriever = Retriever.load(config, corpus)
        return cls(corpus, retriever, config, store or MemoryStore(config.max_threads))

    def ask(self, question: str, thread: str | None = None, today: date | None = None) -> Answer:
        """The answer to ``question``; never raises on anything a person can type.

        ``thread`` continues a conversation, None is a one-off. ``today`` resolves relative dates
        (default: today in Asia/Shanghai).
        """
        started = time.perf_counter()
        today = today or today_in_shanghai()
        text = self._guard(question)
        if thread is None:
            answer = self._answer(text, Slot(State()), today)
        else:
            with self._store.turn(thread) as slot:
                answer = self._answer(text, slot, today)
        elapsed = (time.perf_counter() - started) * 1000
        return answer.model_copy(update={"elapsed_ms": round(elapsed, 2)})

    def _guard(self, question: str) -> str:
        """Printable, masked, and no longer than the limit: the middle of a long story goes."""
        text = mask_personal(printable(question)).strip()
        limit = self._config.max_question_chars
        if len(text) > limit:
            text = text[: limit // 2] + "\n" + text[-limit // 2 :]
        return text

    def _answer(self, text: str, slot: Slot, today: date) -> Answer:
        state, book = slot.state, CitationBook(self._corpus)
        english = to_chinese(text)
        clean = normalise(english or text).text
        person, known = known_for(state, clean)
        reading = read(clean, today, known=known, expecting=state.asked)
        open_case = state.turns > 0 and bool(state.last_wants or state.facts != Facts())
        routing = self._router.route(clean, has_facts=bool(reading.facts), open_case=open_case)
        if routing.wants("reset"):
            slot.state = State()
            return compose([edges.chat("reset")], text, Facts(), book)[0]
        touched = not (routing.chat or routing.garbage)
        new = advance(state, person, known, clean, reading) if touched else state
        wishes = _complete(routing, new, clean, reading)
        turn = Turn(
            text=clean,
            facts=new.facts,
            said=frozenset(reading.facts),
            today=today,
            open_case=open_case,
            query=lambda sentence: follow_up_query(state, sentence, reading),
            personal=re.search(_personal(), clean) is not None,
        )
        parts = self._parts(routing, wishes, turn, reading, book)
        answer, asked = compose(parts, text, new.facts, book, english=english is not None)
        slot.state = _remember(new, wishes, asked, turn, reading)
        return answer

    def _parts(
        self,
        routing: Routing,
        wishes: tuple[Wish, ...],
        turn: Turn,
        reading: Reading,
        book: CitationBook,
    ) -> list[Part]:
        if routing.garbage:
            return [edges.clarify("nothing")]
        parts: list[Part] = []
        if routing.emergency:
            parts.append(edges.emergency(book, asked=bool(wishes)))
        if routing.chat:
            return [*parts, edges.chat(routing.chat)]
        if reading.unclear and not (reading.facts and wishes):
            return [*parts, _unclear(reading)]
        told: set[str] = set()
        for wish in wishes:
            if wish.want == "summary":
                parts.append(edges.recap(turn.facts))
                continue
            for found in self._gatherer.gather(turn, wish):
                part = self._part(found, turn, told, book)
                told.update(part.sections)
                parts.append(part)
        parts += [edges.decline(name) for name in routing.declined[: 1 if wishes else 2]]
        if not parts:
            parts = [_without_wish(routing, turn, reading)]
        return parts

    def _part(self, found: ev.Evidence, turn: Turn, told: set[str], book: CitationBook) -> Part:
        match found:
            case ev.Computed(outcome):
                return reimbursement.answer(outcome, turn.facts, book)
            case ev.Judged(result):
                return verdict.answer(result, turn.facts, book)
            case ev.Listed(listed):
                return checklist.answer(listed, book)
            case ev.Window(window):
                return verdict.window(window, book)
            case ev.Unknown(reply, missing):
                return edges.clarify(reply, missing)
            case ev.Refused(message):
                return edges.clarify("bad_input", message=message)
            case ev.Found(query, result):
                return self._looked_up(query, result, turn, told, book)

    def _looked_up(
        self, query: str, result: SearchResult, turn: Turn, told: set[str], book: CitationBook
    ) -> Part:
        hits = [h for h in result.hits if h.section.id not in told] or list(result.hits)
        if not result.answerable or not hits:
            near = hits[0].section if hits else None
            return procedure.silent(query, near, turn.facts, 1 - result.confidence, book)
        first = hits[0]
        close = [
            h
            for h in hits[1:3]
            if h.score > 0.9 * first.score and set(h.section.topics) & set(first.section.topics)
        ]
        sections = (first.section, *(h.section for h in close[:1]))
        return procedure.answer(sections, query, turn.facts, result.confidence, self._corpus, book)


def _complete(routing: Routing, state: State, text: str, reading: Reading) -> tuple[Wish, ...]:
    """The wishes of the message; new facts or an ellipsis alone repeat what was asked before."""
    wishes = list(routing.wishes)
    explicit = [w for w in wishes if w.want != "lookup"]
    if not explicit and (again := _again(routing, state, text, reading)):
        return tuple(Wish(want, text, 0.8) for want in again)
    lookups = [w for w in wishes if w.want == "lookup"]
    if explicit and len(lookups) and reading.facts:
        # A story around one question: sentences that only tell are no questions of their own.
        wishes = [w for w in wishes if w.want != "lookup" or _asks(w.sentence)]
    if not wishes and not routing.declined and not routing.chat:
        wishes = _implied(routing, reading, text)
    kept = [w for w in wishes if w.want == "lookup"][:LOOKUPS_AT_MOST]
    return tuple(w for w in wishes if w.want != "lookup" or w in kept)


def _again(routing: Routing, state: State, text: str, reading: Reading) -> tuple[Want, ...]:
    """What was asked before and is asked again by new facts or an ellipsis alone."""
    elliptic = is_elliptic(text)
    if elliptic and set(state.last_wants) == {"lookup"}:
        named = {m.fact for m in reading.mentions}
        if named & state.last_surfaces.keys() or not routing.wishes:
            return ("lookup",)
    if reading.facts and (elliptic or not routing.domain_words or not routing.wishes):
        return state.case_wants
    return state.last_wants if elliptic and not routing.wishes else ()


def _asks(sentence: str) -> bool:
    return (
        re.search(r"[?？]|吗|怎么|如何|什么|哪|多久|多少|能不能|可不可以|要不要", sentence)
        is not None
    )


def _implied(routing: Routing, reading: Reading, text: str) -> list[Wish]:
    """What a message without a question is taken to ask: of its case, or of its subject."""
    facts = reading.facts
    if facts.get("total_cost") is not None:
        return [Wish("amount", text, 0.6)]
    if facts.get("filed_on") is not None or facts.get("stay") is not None:
        return [Wish("verdict", text, 0.6)]
    if routing.domain_words and not set(facts) - _GENERAL:
        return [Wish("lookup", text, 0.5)]
    return []


def _unclear(reading: Reading) -> Part:
    first = reading.unclear[0]
    if first.kind == "impossible_date":
        return edges.clarify("impossible_date", surface=first.surface)
    choices = "、".join(str(c) for c in first.candidates)
    name = "region_unclear" if first.kind == "region" else "number_unclear"
    return edges.clarify(name, surface=first.surface, options=choices)


def _without_wish(routing: Routing, turn: Turn, reading: Reading) -> Part:
    if reading.facts:
        return edges.noted(turn.facts)
    if routing.in_scope == 0 and len(turn.text) >= 6:
        return edges.decline("default")
    return edges.clarify("nothing")


def _remember(
    state: State, wishes: tuple[Wish, ...], asked: str | None, turn: Turn, reading: Reading
) -> State:
    wants = tuple(w.want for w in wishes if w.want not in ("summary", "reset"))
    if not wants:
        return state.model_copy(update={"asked": asked or state.asked})
    update: dict[str, object] = {"asked": asked, "last_wants": wants}
    case = tuple(w for w in wants if w in CASE_WANTS)
    if case:
        update["case_wants"] = case
    lookups = [w for w in wishes if w.want in ("lookup", "when_usable", "verdict", "materials")]
    if lookups:
        update["last_query"] = turn.query(lookups[0].sentence)
        update["last_surfaces"] = {m.fact: m.surface for m in reading.mentions}
    return state.model_copy(update=update)


@cache
def _personal() -> str:
    return "|".join(read_toml("scope.toml")["personal"])
