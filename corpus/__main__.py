"""``python -m corpus check | show ID | list | search WORD | stats``: the editor's view."""

from __future__ import annotations

import argparse
import sys
from collections import Counter
from collections.abc import Iterable, Sequence
from pathlib import Path
from statistics import median

from corpus.check import check_corpus
from corpus.load import Corpus, read_corpus
from corpus.messages import say
from corpus.model import Conflict, Document, Section
from corpus.writing import length


def main(argv: Sequence[str] | None = None, root: Path | None = None) -> int:
    """Run one verb; 0 when all is well, 1 for faults or nothing found, 2 for a wrong call."""
    args = _parser().parse_args(argv)
    if args.verb == "check":
        return _check(root)
    corpus, _ = read_corpus(root)
    if args.verb == "show":
        return _show(corpus, args.id)
    if args.verb == "list":
        return _lines(
            section
            for section in corpus.sections
            if args.region in (None, section.region)
            and (args.topic is None or args.topic in section.topics)
        )
    if args.verb == "search":
        return _lines(section for section in corpus.sections if args.word in _words(section))
    print(_stats(corpus))
    return 0


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m corpus", description=say("about"))
    verbs = parser.add_subparsers(dest="verb", required=True)
    verbs.add_parser("check", help=say("help_check"))
    verbs.add_parser("show", help=say("help_show")).add_argument("id", help=say("help_id"))
    listing = verbs.add_parser("list", help=say("help_list"))
    listing.add_argument("--region", help=say("help_region"))
    listing.add_argument("--topic", help=say("help_topic"))
    verbs.add_parser("search", help=say("help_search")).add_argument("word", help=say("help_word"))
    verbs.add_parser("stats", help=say("help_stats"))
    return parser


def _check(root: Path | None) -> int:
    corpus, faults = check_corpus(root)
    for found in faults:
        print(found, file=sys.stdout if found.warning else sys.stderr)
    warnings = sum(found.warning for found in faults)
    errors = len(faults) - warnings
    if errors:
        print(say("faulty", errors=errors, warnings=warnings), file=sys.stderr)
        return 1
    counts = {
        "documents": len(corpus.documents),
        "sections": len(corpus.sections),
        "conflicts": len(corpus.conflicts),
    }
    print(say("clean", warnings=warnings, **counts))
    return 0


def _show(corpus: Corpus, wanted: str) -> int:
    shown = [
        *(_document(found, corpus) for found in corpus.documents if found.id == wanted),
        *(_section(found) for found in corpus.sections if found.id == wanted),
        *(_conflict(found) for found in corpus.conflicts if found.id == wanted),
    ]
    if not shown:
        print(say("unknown", wanted=wanted), file=sys.stderr)
        return 1
    print("\n\n".join(shown))
    return 0


def _lines(sections: Iterable[Section]) -> int:
    found = [f"{section.id}\t{section.title}" for section in sections]
    print("\n".join(found) if found else say("nothing"))
    return 0 if found else 1


def _words(section: Section) -> str:
    return "\n".join((section.title, section.text, *section.questions))


def _document(document: Document, corpus: Corpus) -> str:
    return say(
        "document",
        title=document.title,
        source=document.source,
        publisher=document.publisher,
        published=document.published or say("undated"),
        checked=document.checked,
        authority=document.authority,
        sections="、".join(s.id for s in corpus.sections if document.id in s.documents),
    )


def _section(section: Section) -> str:
    return say(
        "section",
        title=section.title,
        id=section.id,
        documents="、".join(section.documents),
        evidence=section.evidence,
        topics="、".join(section.topics),
        text=section.text,
        questions="；".join(section.questions),
    )


def _conflict(conflict: Conflict) -> str:
    said = conflict.statements
    return say(
        "conflict",
        topic=conflict.topic,
        id=conflict.id,
        statements="\n".join(f"- {one.text}（{'、'.join(one.documents)}）" for one in said),
        prevails=say("none") if conflict.prevails is None else said[conflict.prevails].text,
        why=conflict.why,
    )


def _stats(corpus: Corpus) -> str:
    lengths = [length(section.text) for section in corpus.sections] or [0]
    authority = {document.id: document.authority for document in corpus.documents}
    return say(
        "stats",
        documents=len(corpus.documents),
        sections=len(corpus.sections),
        questions=sum(len(section.questions) for section in corpus.sections),
        conflicts=len(corpus.conflicts),
        shortest=min(lengths),
        median=round(median(lengths)),
        longest=max(lengths),
        evidence=_counted(section.evidence for section in corpus.sections),
        authority=_counted(authority.get(s.documents[0], "") for s in corpus.sections),
        topics=_counted(topic for section in corpus.sections for topic in section.topics),
    )


def _counted(values: Iterable[str]) -> str:
    return "，".join(f"{value} {count}" for value, count in Counter(values).most_common())


if __name__ == "__main__":
    sys.exit(main())
