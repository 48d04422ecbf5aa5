"""``python -m assistant "问题"``: one answer with its sources; ``--json`` the whole Answer.

``python -m assistant serve`` runs the service (see :mod:`assistant.serve`).
"""

from __future__ import annotations

import argparse
import sys
from datetime import date

from assistant import settings as _settings  # noqa: F401  (telemetry off before anything else)
from assistant.types import Answer


def main(argv: list[str] | None = None) -> int:
    """Exit code 0; 2 for arguments that cannot be."""
    words = sys.argv[1:] if argv is None else argv
    if words[:1] == ["serve"]:
        from assistant.serve import main as serve

        return serve(words[1:])
    parser = argparse.ArgumentParser(prog="python -m assistant", description=__doc__)
    parser.add_argument("question", nargs="*", help="the question; several are one conversation")
    parser.add_argument("--json", action="store_true", help="print the whole answer as JSON")
    parser.add_argument("--today", type=date.fromisoformat, default=None, metavar="YYYY-MM-DD")
    options = parser.parse_args(words)
    if not options.question:
        parser.print_help()
        return 2
    from assistant.pipeline import Assistant

    assistant = Assistant.load()
    thread = "cli" if len(options.question) > 1 else None
    for question in options.question:
        answer = assistant.ask(question, thread=thread, today=options.today)
        print(answer.model_dump_json(indent=2) if options.json else _readable(answer))
    return 0


def _readable(answer: Answer) -> str:
    lines = [answer.text]
    if answer.citations:
        lines.append("\n出处：")
    for c in answer.citations:
        day = f"，{c.published}" if c.published else ""
        lines.append(f"[{c.marker}] {c.title}（{c.publisher}{day}；{c.source}）\n    {c.quote}")
    return "\n".join(lines)


if __name__ == "__main__":
    sys.exit(main())
