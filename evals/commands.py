"""The verbs of ``python -m evals``: read, run, score, print. No scoring of their own."""

from __future__ import annotations

import json
from argparse import Namespace
from collections.abc import Sequence
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn

from evals.compare import compare
from evals.feedback import drafts, read_feedback, write_items
from evals.gate import BASELINE, gate, raised, read_baseline, write_baseline
from evals.items import Item, SetError, is_held_out, load_sets, own_files
from evals.library import library
from evals.report import write_report
from evals.results import Result, read_results
from evals.runner import run_items
from evals.scores import summary
from evals.sheets import export_sheet, import_sheet
from evals.systems import System, make_system
from evals.tables import print_side_by_side, print_summary
from evals.texts import text

_FILES = "files.json"


def _console(*, errors: bool = False) -> Console:
    console = Console(stderr=errors, highlight=False, markup=False)
    if not console.is_terminal:
        console.width = 160
    return console


def _run(system: System, items: Sequence[Item], folder: Path, options: Namespace) -> list[Result]:
    columns = (
        TextColumn("{task.description}"),
        BarColumn(),
        MofNCompleteColumn(),
        TimeRemainingColumn(),
    )
    with Progress(*columns, console=_console(errors=True), transient=True) as progress:
        task = progress.add_task(text("run.asking", system=system.name), total=len(items))
        return run_items(
            system,
            items,
            folder,
            library=library() if system.on_corpus else None,
            twice=bool(getattr(options, "twice", False)),
            resume=bool(getattr(options, "resume", False)),
            tick=lambda: progress.advance(task),
        )


def run_command(options: Namespace) -> int:
    """Run the files; several systems answer the same items, the first one's results lie in DIR."""
    paths = [Path(name) for name in options.files]
    kept_back = [path for path in paths if is_held_out(path)]
    if kept_back and not options.held_out:
        raise SetError([text("sets.held_out", path=path) for path in kept_back])
    items = load_sets(paths)[: options.limit]
    if not items:
        raise SetError([text("run.nothing")])
    out, console = Path(options.out), _console()
    summaries: list[dict[str, Any]] = []
    shown: list[Result] = []
    for number, word in enumerate(options.system or ["ours"]):
        system = make_system(word)
        folder = out if number == 0 else out / _folder_name(word)
        results = _run(system, items, folder, options)
        summaries.append(summary(items, results))
        shown = shown or results
        print_summary(console, summaries[-1])
        if options.twice:
            _print_determinism(console, results)
    if len(summaries) > 1:
        print_side_by_side(console, summaries)
    (out / _FILES).write_text(json.dumps([str(path.resolve()) for path in paths]), encoding="utf-8")
    page = write_report(out, items, shown, summaries[0], summaries[1:])
    console.print(text("run.written", path=page))
    return 0


def _folder_name(word: str) -> str:
    return "".join(c if c.isalnum() else "-" for c in word)


def _print_determinism(console: Console, results: Sequence[Result]) -> None:
    different = [r.id for r in results if not r.same]
    right = len(results) - len(different)
    console.print(text("run.same_bytes", right=right, items=len(results)))
    if different:
        console.print(text("run.different_bytes", ids=" ".join(different)))


def report_command(options: Namespace) -> int:
    """Write the report of an earlier run again."""
    folder = Path(options.dir)
    results = read_results(folder)
    if not results:
        raise SetError([text("sets.no_file", path=folder / "results.jsonl")])
    names = options.files or _run_files(folder)
    items = {item.id: item for item in load_sets(Path(name) for name in names)}
    held = [result for result in results if result.id in items]
    asked = [items[result.id] for result in held]
    page = write_report(folder, asked, held, summary(asked, held))
    _console().print(text("run.written", path=page))
    return 0


def _run_files(folder: Path) -> list[str]:
    path = folder / _FILES
    if not path.is_file():
        raise SetError([text("sets.no_file", path=path)])
    return [str(name) for name in json.loads(path.read_text(encoding="utf-8"))]


def compare_command(options: Namespace) -> int:
    """Print what changed between two runs; 1 when something got worse."""
    runs = []
    for name in (options.first, options.second):
        results = read_results(Path(name))
        if not results:
            raise SetError([text("sets.no_file", path=Path(name) / "results.jsonl")])
        runs.append(results)
    found, after = compare(*runs), {result.id: result for result in runs[1]}
    console = _console()
    for key in ("better", "worse", "changed", "only_first", "only_second"):
        ids: tuple[str, ...] = getattr(found, key)
        console.print(f"{text(f'compare.{key}')} {len(ids)}")
        for id in ids:
            why = "；".join(after[id].why) if key == "worse" else ""
            console.print(f"  {id} {why}".rstrip())
    console.print(f"{text('compare.same')} {found.same}")
    better, worse = len(found.better), len(found.worse)
    console.print(text("compare.p", p=f"{found.p:.4g}", better=better, worse=worse))
    return 1 if found.worse else 0


def gate_command(options: Namespace) -> int:
    """Run all our sets, held-out ones too, against the baseline."""
    system, console = make_system("ours"), _console()
    out = Path(options.out) if options.out else Path("var") / "evals" / "gate"
    runs: dict[bool, dict[str, list[Result]]] = {False: {}, True: {}}
    asked: list[Item] = []
    for held_out in (False, True):
        for path in own_files(held_out=held_out):
            items = load_sets([path])
            with TemporaryDirectory() as nowhere:  # what held-out items got is not kept
                folder = Path(nowhere) if held_out else out / path.stem
                runs[held_out][path.name] = _run(system, items, folder, options)
            asked += [] if held_out else items
    open_results = [result for results in runs[False].values() for result in results]
    if open_results:
        scores = summary(asked, open_results)
        print_summary(console, scores)
        write_report(out, asked, open_results, scores)
    baseline = read_baseline()
    if options.update:
        new, refused = raised(baseline, runs[False], runs[True], options.accept)
        if not refused:
            write_baseline(new)
            console.print(text("gate.updated", path=BASELINE.name))
        return _verdict(console, refused, "gate.refused", runs, len(new.known_failures))
    faults = gate(baseline, runs[False], runs[True])
    return _verdict(console, faults, "gate.closed", runs, len(baseline.known_failures))


def _verdict(
    console: Console,
    faults: Sequence[str],
    heading: str,
    runs: dict[bool, dict[str, list[Result]]],
    known: int,
) -> int:
    if faults:
        console.print(text(heading, count=len(faults)))
        for fault in faults:
            console.print(f"  {fault}")
        return 1
    results = [r for sets in runs.values() for held in sets.values() for r in held]
    passed = sum(result.passed for result in results)
    console.print(text("gate.opened", passed=passed, items=len(results), known=known))
    return 0


def import_command(options: Namespace) -> int:
    """A spreadsheet becomes a question set."""
    sheet = Path(options.sheet)
    path = Path(options.out) if options.out else sheet.with_suffix(".jsonl")
    write_items(import_sheet(sheet), path)
    _console().print(text("run.written", path=path))
    return 0


def export_command(options: Namespace) -> int:
    """Question sets become a spreadsheet."""
    path = Path(options.out)
    export_sheet(load_sets(Path(name) for name in options.files), path)
    _console().print(text("run.written", path=path))
    return 0


def feedback_command(options: Namespace) -> int:
    """Feedback marked wrong becomes drafts for a reviewer."""
    made, path = drafts(read_feedback(Path(options.feedback))), Path(options.out)
    write_items(made, path)
    _console().print(text("feedback.made", count=len(made), path=path))
    return 0
