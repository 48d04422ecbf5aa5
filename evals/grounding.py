"""Does the text stand on what it cites? No model: quotes word for word, figures by value.

Checked for every answer, whatever the item expects:

* each quote stands word for word in the passage it names, and the passage belongs to its source;
* each ``[n]`` in the text has its citation;
* each figure of the text stands in a cited passage, in a rule's result, or in what was said; in a
  sentence with markers, in one of the passages marked there.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any, NamedTuple

from evals.figures import Evidence, figures
from evals.library import Library
from evals.normal import normal
from evals.texts import table, text

Answer = Mapping[str, Any]
_MARKER = re.compile(r"\[(\d+)\](?!\()")
_SENTENCE = re.compile(r"[^。！？!?\n]+(?:[。！？!?]+(?:\s*\[\d+\])*)?")
_RESULTS = ("reimbursement", "validity", "materials", "facts")


class Fault(NamedTuple):
    """One thing the answer cannot show; ``kind``: marker, passage, quote, source or figure."""

    kind: str
    text: str


def faults(answer: Answer, library: Library, said: Sequence[str] = ()) -> list[Fault]:
    """Everything in ``answer`` that is not supported. ``said``: the conversation, today's date."""
    cited = list(answer.get("citations") or [])
    return [*_markers(answer, cited), *_citations(cited, library), *_figures(answer, library, said)]


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
    common = Evidence().add(said).add(_strings([answer.get(key) for key in _RESULTS]))
    common.add([str(answer.get("question") or ""), *table("doors").values()])
    by_marker: dict[int, list[str]] = {}
    for citation in answer.get("citations") or []:
        held = library.get(str(citation.get("passage")))
        about = [
            str(citation.get(key) or "") for key in ("title", "source", "publisher", "published")
        ]
        body = [held.text] if held else []
        by_marker.setdefault(int(citation.get("marker", 0)), []).extend([*about, *body])
    for sentence in _SENTENCE.findall(str(answer.get("text") or "")):
        markers = {int(found) for found in _MARKER.findall(sentence)} & set(by_marker)
        where = markers or set(by_marker)
        held_here = Evidence().add(body for marker in where for body in by_marker[marker])
        for figure in figures(sentence):
            if not (common.supports(figure) or held_here.supports(figure)):
                shown = sentence.strip()[:60]
                line = text("fault.figure", figure=figure.surface.strip(), sentence=shown)
                yield Fault("figure", line)


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
