"""``python -m evals VERB``: run, report, compare, gate, import, export, from-feedback,
bench, chaos, expressions, fuzz, load, retrieval. Exit code 0: all well; 1: something fell below;
2: wrong use or bad data.
"""

from __future__ import annotations

import argparse
import importlib
import sys
from collections.abc import Callable, Sequence

from evals.commands import (
    compare_command,
    export_command,
    feedback_command,
    gate_command,
    import_command,
    report_command,
    run_command,
)
from evals.items import SetError
from evals.systems import UnknownSystem, Unreachable

SYSTEMS = (
    "ours (default), http:URL, openai:URL, bm25, dense, langchain, decline, titles; "
    "give it again for more systems on the same items"
)
PASSED_ON = ("bench", "chaos", "expressions", "fuzz", "load", "retrieval")


def parser() -> argparse.ArgumentParser:
    """All verbs with their options."""
    root = argparse.ArgumentParser(prog="python -m evals", description=__doc__)
    verbs = root.add_subparsers(dest="verb", required=True)

    def verb(
        name: str, about: str, command: Callable[[argparse.Namespace], int]
    ) -> argparse.ArgumentParser:
        made = verbs.add_parser(name, help=about, description=about)
        made.set_defaults(command=command)
        return made

    run = verb("run", "ask a system every item of the files", run_command)
    run.add_argument("files", nargs="+", metavar="FILE")
    run.add_argument("--out", required=True, metavar="DIR")
    run.add_argument("--system", action="append", metavar="NAME", help=SYSTEMS)
    run.add_argument("--limit", type=int, metavar="N", help="only the first N items")
    run.add_argument("--resume", action="store_true", help="keep what an interrupted run has")
    run.add_argument("--twice", action="store_true", help="ask everything twice, byte for byte")
    run.add_argument("--held-out", action="store_true", help="run our own held-out files, too")
    report = verb("report", "write the page again from DIR/results.jsonl", report_command)
    report.add_argument("dir", metavar="DIR")
    report.add_argument("files", nargs="*", metavar="FILE", help="default: those of the run")
    compare = verb("compare", "what got better or worse from A to B", compare_command)
    compare.add_argument("first", metavar="A")
    compare.add_argument("second", metavar="B")
    gate = verb("gate", "all our sets against evals/baseline.json", gate_command)
    gate.add_argument("--update", action="store_true", help="write the baseline when it only rises")
    accept = "an item that may newly fail (with --update)"
    gate.add_argument("--accept", action="append", default=[], metavar="ID", help=accept)
    gate.add_argument("--out", metavar="DIR", help="write results and report of the open sets")
    bring = verb("import", "a spreadsheet as a question set", import_command)
    bring.add_argument("sheet", metavar="FILE.csv|xlsx")
    bring.add_argument("--out", metavar="FILE.jsonl", help="default: beside the sheet")
    send = verb("export", "question sets as a spreadsheet", export_command)
    send.add_argument("files", nargs="+", metavar="FILE.jsonl")
    send.add_argument("--out", required=True, metavar="FILE.csv|xlsx")
    draft = verb("from-feedback", "feedback marked wrong as draft items", feedback_command)
    draft.add_argument("feedback", metavar="FEEDBACK.jsonl")
    draft.add_argument("--out", required=True, metavar="FILE.jsonl")
    for name in PASSED_ON:
        verbs.add_parser(name, help=f"see python -m evals {name} --help", add_help=False)
    return root


def main(argv: Sequence[str] | None = None) -> int:
    """Run one verb. Returns the exit code."""
    words = list(sys.argv[1:] if argv is None else argv)
    if words and words[0] in PASSED_ON:
        return int(importlib.import_module(f"evals.{words[0]}").main(words[1:]))
    options = parser().parse_args(words)
    try:
        return int(options.command(options))
    except SetError as error:
        print(*error.faults, sep="\n", file=sys.stderr)
    except (UnknownSystem, Unreachable) as error:
        print(error, file=sys.stderr)
    return 2


if __name__ == "__main__":
    raise SystemExit(main())
