"""What the speed measurements search through and ask, and how a run of calls is timed.

Passages beyond the corpus are its own sentences drawn and joined anew, the same ones every time:
the words are those of the subject, and the postings of every character grow as the corpus would.
"""

from __future__ import annotations

import random
import re
import time
from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass, replace
from functools import cache, partial
from typing import Any

from corpus.load import Corpus, load_corpus
from corpus.model import Section
from evals.items import load_sets, own_files
from evals.service import percentile

SEED = 20250801
_SENTENCES = (3, 6)
_TITLE = 18
_END = re.compile(r"(?<=[。；])")


@cache
def enlarged(size: int) -> Corpus:
    """The corpus with ``size`` sections: its own first, then recombined ones without questions.

    Raises ValueError when ``size`` is below the number of its own sections: the questions that
    they are known to answer would have no home.
    """
    corpus = load_corpus()
    own = corpus.sections
    if size < len(own):
        raise ValueError(f"{size} sections asked for, the corpus has {len(own)}")
    sentences = [s.strip() for o in own for s in _END.split(o.text) if s.strip()]
    draw = random.Random(SEED)
    made = [_recombined(own[n % len(own)], n, sentences, draw) for n in range(size - len(own))]
    return replace(corpus, sections=(*own, *made))


def _recombined(base: Section, n: int, sentences: Sequence[str], draw: random.Random) -> Section:
    """A section of ``base``'s region, insurance and topics with a text and title of its own."""
    drawn = draw.sample(sentences, draw.randint(*_SENTENCES) + 1)
    text, title = "".join(drawn[1:]), drawn[0][:_TITLE]
    return replace(base, id=f"bench/{n}", title=title, text=text, questions=(), follow_up=())


def asked(count: int) -> list[str]:
    """``count`` opening messages of the open question sets, spread evenly over all of them."""
    messages = [item.turns[0] for item in load_sets(own_files(held_out=False))]
    count = min(count, len(messages))
    return [messages[n * len(messages) // count] for n in range(count)]


@dataclass(frozen=True)
class Spread:
    """How long calls took by the clock, and the processor time of a mean call. Milliseconds."""

    calls: int
    p50_ms: float
    p95_ms: float
    p99_ms: float
    cpu_ms: float

    @classmethod
    def of(cls, wall: Sequence[float], cpu: float) -> Spread:
        """``wall``: seconds of each call; ``cpu``: seconds of all of them, every thread."""
        ms = [s * 1000 for s in wall]
        p50, p95, p99 = (round(percentile(ms, share), 2) for share in (0.5, 0.95, 0.99))
        return cls(len(ms), p50, p95, p99, round(cpu * 1000 / max(len(ms), 1), 2))

    def figures(self) -> dict[str, Any]:
        return asdict(self)


class Watch:
    """Collects the times of calls."""

    def __init__(self) -> None:
        self._wall: list[float] = []
        self._cpu = 0.0

    def time(self, call: Callable[[], object]) -> None:
        cpu, wall = time.process_time(), time.perf_counter()
        call()
        self._wall.append(time.perf_counter() - wall)
        self._cpu += time.process_time() - cpu

    @property
    def spread(self) -> Spread:
        return Spread.of(self._wall, self._cpu)


def race(
    runners: Sequence[Callable[[str], object]], questions: Sequence[str], lap: int = 15
) -> list[Spread]:
    """Times every runner on all questions, in turns of ``lap``: what else the machine does falls
    on all alike. The first questions are asked once before, untimed."""
    watches = [Watch() for _ in runners]
    for run in runners:
        for question in questions[:3]:
            run(question)
    for start in range(0, len(questions), lap):
        for run, watch in zip(runners, watches, strict=True):
            for question in questions[start : start + lap]:
                watch.time(partial(run, question))
    return [watch.spread for watch in watches]
