"""The path of one question: guard, routing, dialogue, evidence, composing: the order is here."""

from __future__ import annotations

import logging
import time
from dataclasses import replace
from datetime import date

from assistant import evidence as ev
from assistant.bills import open_account, open_costs, with_costs
from assistant.composing import (
    CitationBook,
    Part,
    checklist,
    compose,
    edges,
    procedure,
    reimbursement,
    several,
    together,
    verdict,
)
from assistant.dialogue import CASE_WANTS, State, follow_up_query, known_for
from assistant.disputes import Disputes
from assistant.english import to_chinese
from assistant.evidence import Turn
from assistant.gathering import SHORT, SURE, Gatherer
from assistant.hearing import unsaid
from assistant.llm import Complete, completer, rephrased, restated
from assistant.memory import remember, told
from assistant.narrower import narrower
from assistant.people import Told, cases_in, for_everybody
from assistant.retrieval import Retriever, SearchContext
from assistant.routing import DEFAULT, Router, Routing, Wish
from assistant.scope import Scope, Signs
from assistant.settings import Settings, settings, today_in_shanghai
from assistant.slots import Reading, normalise
from assistant.store import MemoryStore, Slot, Store
from assistant.telling import diseases_of, lists_of, telling
from assistant.text import mask_personal, printable
from assistant.types import Answer
from assistant.wishes import is_personal, settle, tells_case
from assistant.worth import helps, is_told, is_touched, only_tells, told_in_full
from corpus import Corpus, Section, load_corpus
from rules.facts import Facts

_log = logging.getLogger(__name__)


class Assistant:
    """Answers questions; safe to share between threads. See :meth:`ask`."""

    def __init__(
        self,
        corpus: Corpus,
        retriever: Retriever,
        config: Settings,
        store: Store,
        complete: Complete | None = None,
    ) -> None:
        self._complete = complete
        self._corpus = corpus
        self._config = config
        self._store = store
        self._router = Router.load()
        self._scope = Scope.shipped()
        self._retriever = retriever
        disputes = Disputes.load(corpus, retriever.index.encoder)
        self._gatherer = Gatherer(retriever, disputes, corpus)

    @classmethod
    def load(cls, config: Settings | None = None, store: Store | None = None) -> Assistant:
        """Everything opened and ready: corpus, index (built when missing or stale), rules."""
        config = config or settings()
        corpus = load_corpus()
        retriever = Retriever.load(config, corpus)
        kept = store or MemoryStore(config.max_threads)
        return cls(corpus, retriever, config, kept, completer(config))

    def ask(self, question: str, thread: str | None = None, today: date | None = None) -> Answer:
        """The answer to ``question``; never raises on anything a person can type.

        ``thread`` continues a conversation, None is a one-off. ``today`` resolves relative dates
        (default: today in Asia/Shanghai).
        """
        started = time.perf_counter()
        today = today or today_in_shanghai()
        text = self._guard(question)
        if thread is None:
            answer = self._phrased(text, Slot(State()), today)
        else:
            with self._store.turn(thread) as slot:
                answer = self._phrased(text, slot, today)
        elapsed = (time.perf_counter() - started) * 1000
        return answer.model_copy(update={"elapsed_ms": round(elapsed, 2)})

    def _phrased(self, text: str, slot: Slot, today: date) -> Answer:
        """The answer, by a configured model better understood and better said."""
        before = slot.state
        try:
            answer = self._answer(text, slot, today)
        except Exception:  # noqa: BLE001 - a defect of ours must not leave a person without an answer
            _log.exception("no answer could be made")
            slot.state = before
            return compose([edges.clarify("failed")], text, before.facts, self._book())[0]
        if self._complete is None:
            return answer
        if answer.routes == ["clarify"] or answer.routes == ["decline"]:
            clearer = restated(text, self._complete)
            if clearer is None:
                return answer
            slot.state = before
            answer = self._answer(clearer, slot, today).model_copy(update={"question": text})
        return answer.model_copy(update={"text": rephrased(answer.text, self._complete)})

    def _book(self) -> CitationBook:
        return CitationBook(self._corpus)

    def _guard(self, question: str) -> str:
        """Printable, masked, and no longer than the limit: the middle of a long story goes."""
        text = mask_personal(printable(question)).strip()
        limit = self._config.max_question_chars
        if len(text) > limit:
            text = text[: limit // 2] + "\n" + text[-limit // 2 :]
        return text

    def _answer(self, text: str, slot: Slot, today: date) -> Answer:
        book = self._book()
        english = to_chinese(text)
        clean = with_costs(normalise(english or text).text, slot.state.costs)
        cases = cases_in(clean, today, slot.state.people)
        if not (cases and self._asks_of_each(clean)):
            cases = for_everybody(clean, slot.state.people) if slot.state.case_wants else ()
        if cases:
            return self._answer_each(cases, text, slot, today, book)
        return self._answer_one(clean, text, slot, today, book, english=english is not None)

    def _asks_of_each(self, text: str) -> bool:
        """What is asked has an answer of its own for every person told of."""
        wants = {w.want for w in self._router.route(text, has_facts=True, open_case=False).wishes}
        return not wants or bool(wants & CASE_WANTS)

    def _answer_each(
        self, cases: tuple[Told, ...], text: str, slot: Slot, today: date, book: CitationBook
    ) -> Answer:
        answers = [
            (c.person, self._answer_one(c.text, text, slot, today, book, person=c.person))
            for c in cases
        ]
        return together(answers, text, book)

    def _answer_one(
        self,
        clean: str,
        text: str,
        slot: Slot,
        today: date,
        book: CitationBook,
        *,
        english: bool = False,
        person: str | None = None,
    ) -> Answer:
        """The answer to the message ``text``, understood as ``clean``; ``person``: whose case."""
        state = slot.state
        person, known = known_for(state, clean, person)
        asked_about = self._router.figure_asked(clean)
        account = open_account(
            clean, state, known, today, same=person == state.person, tells=asked_about is None
        )
        known, heard = account.known, account.heard
        reading = unsaid(heard.reading, asked_about) if asked_about else heard.reading
        open_case = state.turns > 0 and bool(state.last_wants or state.facts != Facts())
        routing = self._router.route(
            clean,
            has_facts=bool(heard.reading.facts),
            open_case=open_case,
            likely=lambda part: self._likely(part, today),
            kind=self._scope.kind,
        )
        if state.asked in reading.facts and len(clean) <= SHORT:
            routing = replace(routing, declined=(), chat=None)  # it answers what was asked
        if routing.emergency and not reading.facts.get("emergency"):
            reading = replace(reading, facts={**reading.facts, "emergency": True})
        if routing.wants("reset"):
            slot.state = State()
            rest = self._router.after_reset(clean)
            if rest:
                return self._answer(rest, slot, today).model_copy(update={"question": text})
            return compose([edges.chat("reset")], text, Facts(), book)[0]
        switched = person != state.person and bool(state.people)
        wishes = settle(routing, state, clean, reading, switched=switched)
        if heard.unknown:
            wishes = tuple(Wish(want, clean, 0.8) for want in state.case_wants[:1])
        new, facts = told(state, person, known, clean, reading, wishes, routing)
        turn = Turn(
            text=clean,
            facts=facts,
            said=frozenset(reading.facts),
            today=today,
            open_case=open_case,
            query=lambda sentence: follow_up_query(state, sentence, reading),
            personal=is_personal(clean),
            tells_case=tells_case(reading),
            bills=account.with_facts(facts),
        )
        hints = [edges.hint(heard.unknown, book)] if heard.unknown else []
        parts = self._parts(routing, wishes, turn, reading, book)
        if heard.unknown:
            new = new.model_copy(update={"unknown": (*new.unknown, heard.unknown)})
            parts = [*hints, *(replace(p, text=p.brief) for p in parts if p.brief)]
        shown = facts if new.facts == Facts() else new.facts
        english = english or routing.foreign
        answer, asked = compose(parts, text, shown, book, english=english, unknown=new.unknown)
        kept = remember(new, wishes, asked or heard.asked, turn.query, reading)
        update = {"pending": heard.pending, "partial": heard.partial, "place": heard.place}
        slot.state = account.kept(kept, state).model_copy(
            update={**update, "costs": open_costs(reading)}
        )
        return answer

    def _likely(self, text: str, today: date) -> float:
        """Probability that the message is about the subject."""
        found = self._retriever.search(text, SearchContext(on=today))
        vector = self._retriever.index.encoder.encode([text])[0]
        return self._scope.probability(text, Signs(vector, found, *self._router.signs(text)))

    def _parts(
        self,
        routing: Routing,
        wishes: tuple[Wish, ...],
        turn: Turn,
        reading: Reading,
        book: CitationBook,
    ) -> list[Part]:
        if routing.garbage:
            return [_blocked(reading, ()) or edges.clarify("nothing")]
        parts: list[Part] = []
        told: set[str] = set()
        answered: set[str] = set()
        noted: set[str] = set()
        if routing.emergency:
            parts.append(edges.emergency(book))
            told.update(parts[0].sections)
        if routing.chat:
            return [*parts, edges.chat(routing.chat)]
        known = routing.domain_words or turn.open_case or reading.facts
        ours = bool(wishes or (known and not routing.declined))
        if ours and (blocked := _blocked(reading, wishes)):
            return [*parts, blocked]
        for wish in wishes:
            if wish.want == "summary":
                parts.append(edges.recap(turn.facts, turn.bills))
                continue
            judged: tuple[str, ...] = ()
            for found in self._gatherer.gather(turn, wish):
                if routing.emergency and not helps(found, told):
                    continue
                if is_told(found, answered) or is_touched(found, noted):
                    continue
                if only_tells(found, wish, reading):
                    parts.append(edges.noted(turn.facts))
                    continue
                part = self._part(found, turn, told, book)
                told.update(part.sections)
                if isinstance(found, ev.Listed):
                    noted.update(n.passage for n in found.checklist.notes if n.passage)
                answered.update(part.sections if isinstance(found, ev.Found) else ())
                judged += told_in_full(found)
                parts.append(part)
            answered.update(judged)
        declined = [d for d in routing.declined if not (d == "inject" and wishes)]
        parts += [edges.decline(name) for name in declined[: 1 if wishes else 2]]
        return parts or [self._without_wish(routing, turn, reading, book)]

    def _without_wish(
        self, routing: Routing, turn: Turn, reading: Reading, book: CitationBook
    ) -> Part:
        """A message that asks nothing: what a passage surely says of it, else what was noted.

        An emergency is never only noted.
        """
        least = ev.ALARMED if reading.facts.get("emergency") else ev.LIKELY
        if routing.domain_words and len(turn.text) > SHORT and not turn.open_case:
            for found in self._gatherer.gather(turn, Wish("lookup", turn.text, 0.3)):
                if isinstance(found, ev.Found) and found.result.confidence >= least:
                    return self._looked_up(found, turn, set(), book)
        if reading.facts:
            return edges.noted(turn.facts)
        if routing.in_scope == 0 and len(turn.text) >= 6 and not turn.open_case:
            return edges.decline(self._scope.kind(turn.text) or DEFAULT)
        return edges.clarify("nothing")

    def _part(self, found: ev.Evidence, turn: Turn, told: set[str], book: CitationBook) -> Part:
        match found:
            case ev.Computed(outcome):
                return reimbursement.answer(outcome, turn.facts, self._corpus, book)
            case ev.Billed(told_of):
                return several.answer(told_of, self._corpus, book)
            case ev.Explained(step, figure, outcome):
                return reimbursement.explained(step, figure, outcome, book)
            case ev.Judged(result):
                return verdict.answer(result, turn.facts, self._corpus, book)
            case ev.Listed(listed, told=True):
                return checklist.beside(listed)
            case ev.Listed(listed):
                return checklist.answer(listed, book)
            case ev.Window(window):
                return verdict.window(window, book)
            case ev.Unknown(reply, missing):
                return edges.clarify(reply, missing)
            case ev.Refused(message):
                return edges.clarify("bad_input", message=message)
            case ev.Found():
                return self._looked_up(found, turn, told, book)

    def _looked_up(self, found: ev.Found, turn: Turn, told: set[str], book: CitationBook) -> Part:
        query, result, dispute = found.query, found.result, found.dispute
        region = turn.facts.insured_region
        if region and procedure.asks_detail(query) and not ev.of_region(result, region.code):
            return procedure.silent(query, (), turn.facts, 1 - result.confidence, book)
        fresh = [h for h in result.hits if h.section.id not in told]
        hits = list(result.hits) if result.confidence >= SURE else fresh or list(result.hits)
        sure = result.answerable and hits and result.confidence >= SURE
        if result.answerable and hits and dispute is not None and not found.claimed:
            sections: tuple[Section, ...] = telling(hits, turn)[: 1 if told else 2]
        elif sure and dispute is not None and hits[0].section.id in dispute.sections:
            sections = (hits[0].section,)
        elif dispute is not None and dispute.sections:
            leading = self._corpus.section(dispute.sections[0])
            sections = (narrower(leading, turn.facts, self._corpus, ev.day_of(turn)),)
        elif result.answerable and hits:
            sections = telling(hits, turn)[: 1 if told else 2]
        else:
            near = [h.section for h in hits[:2] if h.dense >= BESIDE]
            named, unsure = bool(hits) and hits[0].dense >= NEAR, 1 - result.confidence
            return procedure.silent(query, near, turn.facts, unsure, book, named=named)
        confidence = max(result.confidence, DISPUTED) if dispute else result.confidence
        part = procedure.answer(
            sections,
            query,
            turn.facts,
            confidence,
            self._corpus,
            book,
            ev.day_of(turn),
            dispute,
            leads=found.claimed,
            general=found.general,
        )
        if "disease" in turn.said and sections[0].id in lists_of(turn):
            lead = "".join(
                book.resolve(procedure.listing(ev.list_of(disease), disease))
                for disease in diseases_of(turn)
            )
            part = replace(part, text=f"{lead}\n\n{part.text}")
        return part


NEAR, BESIDE = 0.62, 0.4
"""Cosines from which a passage that does not answer is of the question's own subject, and from
which a national bound may be of it."""
DISPUTED = 0.8
_ALWAYS_ASKED = frozenset({"impossible_date", "malformed_number"})
_ASKED_FOR_FIGURES = frozenset(
    {"amount_role", "date_role", "shared_region", "several_values", "age_range", "amount_range"}
)


def _blocked(reading: Reading, wishes: tuple[Wish, ...]) -> Part | None:
    """The question back when a figure or a place may be two things and the answer hangs on it."""
    figures = not wishes or any(w.want in ("amount", "verdict", "when_usable") for w in wishes)
    amount = not wishes or any(w.want == "amount" for w in wishes)
    if amount and (costs := open_costs(reading)):
        return edges.ask_costs(costs)
    for unclear in reading.unclear:
        asked = amount if unclear.kind == "several_values" else figures
        if unclear.kind == "date_role" and not wishes and "question" in reading.flags:
            continue  # 卡丢了，明天怎么办: what is asked has a subject of its own
        if unclear.kind in _ALWAYS_ASKED or (asked and unclear.kind in _ASKED_FOR_FIGURES):
            return edges.ask_which(unclear.kind, unclear.surface, unclear.candidates)
        # A filing cancelled on an unknown day must not be judged as if it still held.
        cancelled = unclear.kind == "day_missing" and unclear.fact == "cancelled_on"
        if figures and cancelled and "cancelled_on" not in reading.facts:
            return edges.ask_which(unclear.kind, unclear.surface, ())
    return None
