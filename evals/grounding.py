"""Does the text stand on what it cites? No model: quotes word for word, figures by value.

Checked for every answer, whatever the item expects:

* each quote stands word for word in the passage it names, and the passage belongs to its source;
* each ``[n]`` in the text has its citation;
* each figure of the text stands in a cited passage, in a rule's result, or in what was said
  (``figure``); in a sentence with markers, in one of the passages marked there (``misplaced``). A
  sentence that only weighs a conflict ("以[2]为准") points at sources, and needs any cited one;
* each equation comes out (``sum``).
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any, NamedTuple

from evals.derived import derived
from evals.equations import wrong_equations
from evals.figures import Evidence, figures
from evals.library import Library
from evals.normal import normal
from evals.texts import table, text

Answer = Mapping[str, Any]
_MARKER = re.compile(r"\[(\d+)\](?!\()")
_SENTENCE = re.compile(r"[^。！？!?\n]+(?:[。！？!?]+(?:\s*\[\d+\])*)?")
_ENDS = "。!?"
_ABOUT = ("title", "source", "publisher", "published")
_RESULTS = ("reimbursement", "validity", "materials", "facts")


class Fault(NamedTuple):
    """What the answer cannot show. Kinds: marker passage quote source figure misplaced sum."""

    kind: str
    text: str


def faults(answer: Answer, library: Library, said: Sequence[str] = ()) -> list[Fault]:
    """Everything in ``answer`` that is not supported. ``said``: the conversation, today's date."""
    cited = list(answer.get("citations") or [])
    sums = [Fault("sum", text("fault.sum", sum=wrong)) for wrong in _sums(answer)]
    return [
        *_markers(answer, cited),
        *_citations(cited, library),
        *_figures(answer, library, said),
        *sums,
    ]


def _sums(answer: Answer) -> Iterator[str]:
    steps = (answer.get("reimbursement") or {}).get("steps") or []
    lines = [str(answer.get("text") or ""), *(str(step.get("text") or "") for step in steps)]
    yield from dict.fromkeys(wrong for line in lines for wrong in wrong_equations(line))


def _markers(answer: Answer, cited: Sequence[Answer]) -> Iterator[Fault]:
    known = [int(citation.get("marker", 0)) for citation in cited]
    used = {int(found) for found in _MARKER.findall(str(answer.get("text") or ""))}
    for marker in sorted(used - set(known)):
        yield Fault("marker", text("fault.marker", marker=marker))
    if len(known) != len(set(known)):
        yield Fault("marker", text("fault.marker_twice"))


def _citations(cited: Sequence[Answer], library: Library) -> Iterator[Fault]:
    for citation in cited:
        marker, passage = citation.get("marker"), str(citation.get("passage"))
        held = library.get(passage)
        if held is None:
            yield Fault("passage", text("fault.passage", marker=marker, passage=passage))
            continue
        quote = str(citation.get("quote") or "")
        if not quote.strip() or normal(quote) not in normal(held.text):
            yield Fault("quote", text("fault.quote", marker=marker, quote=quote[:60]))
        if citation.get("source") not in held.sources:
            source = citation.get("source")
            yield Fault("source", text("fault.source", marker=marker, source=source))


def _figures(answer: Answer, library: Library, said: Sequence[str]) -> Iterator[Fault]:
    """Figures of the text, of the conflicts' statements and of their reasons."""
    common = Evidence().add(said).add(_strings([answer.get(key) for key in _RESULTS]))
    common.add([str(answer.get("question") or ""), *table("doors").values()])
    common.add(derived(answer.get("facts") or {}))
    cited = _cited(answer, library)
    everywhere = Evidence().add(body for bodies in cited.values() for body in bodies)
    conflicts = list(answer.get("conflicts") or [])
    lines = [str(answer.get("text") or ""), *(str(c.get("why") or "") for c in conflicts)]
    for conflict in conflicts:
        lines += [f"{s.get('text')}[{s.get('marker')}]" for s in conflict.get("statements") or []]
    whys = normal("".join(str(c.get("why") or "") for c in conflicts))
    for sentence in dict.fromkeys(s for line in lines for s in _SENTENCE.findall(line)):
        markers = {int(found) for found in _MARKER.findall(sentence)} & set(cited)
        weighing = normal(_MARKER.sub("", sentence)).rstrip(_ENDS).split(":")[-1] in whys
        here = Evidence().add(body for marker in markers for body in cited[marker])
        for figure in figures(sentence):
            if common.supports(figure) or here.supports(figure):
                continue
            kind = "misplaced" if everywhere.supports(figure) else "figure"
            if kind == "misplaced" and (not markers or weighing):
                continue
            shown = {"figure": figure.surface.strip(), "sentence": sentence.strip()[:60]}
            yield Fault(kind, text(f"fault.{kind}", **shown))


def _cited(answer: Answer, library: Library) -> dict[int, list[str]]:
    """By marker: all that the citation shows, and the passage it stands for."""
    found: dict[int, list[str]] = {}
    for citation in answer.get("citations") or []:
        held = library.get(str(citation.get("passage")))
        shown = [str(citation.get(key) or "") for key in _ABOUT]
        shown += [held.text] if held else []
        found.setdefault(int(citation.get("marker", 0)), []).extend(shown)
    return found


def _strings(value: Any) -> Iterable[str]:
    """Every string and number inside a JSON value, as text."""
    if isinstance(value, Mapping):
        for part in value.values():
            yield from _strings(part)
    elif isinstance(value, list | tuple):
        for part in value:
            yield from _strings(part)
    elif value is not None and not isinstance(value, bool):
        yield str(value)
