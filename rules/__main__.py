"""The rules' own door: ``python -m rules reimburse --insured-region 茂名 --total-cost 20600 …``.

Exit codes: 0 done, 1 the data have faults, 2 the input cannot be. ``--json`` prints the outcome as
JSON. The clock is read here and nowhere else in the package.
"""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Callable, Iterable, Sequence
from datetime import date, datetime
from zoneinfo import ZoneInfo

from pydantic import BaseModel

from rules import printing
from rules.arguments import add_facts, day_of, facts_of, region_of
from rules.bench import timings
from rules.calendar import review_window
from rules.checklist import load_checklists
from rules.errors import InputError, InvalidData
from rules.materials import materials, scenarios
from rules.packs import load_packs
from rules.reimburse import reimburse
from rules.show import show
from rules.stale import dated, stale
from rules.texts import say
from rules.validity import validity
from rules.validity_data import region_rules, texts
from rules.whatif import effects, filing_table

Lines = Iterable[str]


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one verb; the exit code."""
    options = _parser().parse_args(arguments)
    run: Callable[[argparse.Namespace], int] = options.run
    try:
        return run(options)
    except InputError as error:
        if options.json:
            _print_json({"error": {"field": error.field, "message": error.message}})
        else:
            sys.stderr.write(f"{error.message}\n")
        return 2
    except InvalidData as error:
        sys.stderr.write(f"{error}\n")
        return 1


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser("python -m rules", description=say("door.description"))
    verbs = parser.add_subparsers(required=True, metavar="VERB")
    common = argparse.ArgumentParser(add_help=False)
    common.add_argument("--json", action="store_true", help=say("door.json"))
    common.add_argument("--today", help=say("door.today"))
    facts = argparse.ArgumentParser(add_help=False)
    add_facts(facts)

    def verb(
        name: str, run: Callable[[argparse.Namespace], int], *more: argparse.ArgumentParser
    ) -> argparse.ArgumentParser:
        text = say(f"door.{name}")
        found = verbs.add_parser(name, parents=[common, *more], help=text, description=text)
        found.set_defaults(run=run)
        return found

    verb("reimburse", _reimburse, facts)
    verb("filings", _filings, facts)
    verb("need", _need, facts)
    verb("validity", _validity, facts)
    names = [name for name, _ in scenarios()]
    verb("materials", _materials, facts).add_argument(
        "--scenario", choices=names, help=say("door.scenario")
    )
    window = verb("window", _window)
    window.add_argument("submitted")
    window.add_argument(
        "--channel",
        choices=("online", "telephone", "window"),
        default="online",
        help=say("door.channel"),
    )
    verb("show", _show).add_argument("region", nargs="?", help=say("door.region_name"))
    verb("check", _check)
    verb("stale", _stale)
    verb("bench", _bench)
    return parser


def _today(options: argparse.Namespace) -> date:
    if options.today:
        return day_of("today", options.today)
    return datetime.now(ZoneInfo("Asia/Shanghai")).date()


def _print_json(data: object) -> None:
    sys.stdout.write(json.dumps(data, ensure_ascii=False, indent=2) + "\n")


def _print(options: argparse.Namespace, outcome: BaseModel, lines: Lines) -> int:
    if options.json:
        _print_json(outcome.model_dump(mode="json"))
    else:
        _write(lines)
    return 0


def _write(lines: Lines) -> None:
    sys.stdout.writelines(f"{line}\n" for line in lines)


def _reimburse(options: argparse.Namespace) -> int:
    result = reimburse(facts_of(options), _today(options))
    return _print(options, result, printing.reimbursement_lines(result))


def _filings(options: argparse.Namespace) -> int:
    table = filing_table(facts_of(options), _today(options))
    if options.json:
        _print_json([line.model_dump(mode="json") for line in table])
    else:
        _write(map(printing.scenario_line, table))
    return 0


def _need(options: argparse.Namespace) -> int:
    found = effects(facts_of(options), _today(options))
    if options.json:
        _print_json([{"fact": e.fact, "removes": f"{e.removes:f}", "unit": e.unit} for e in found])
    else:
        _write(printing.effect_lines(found))
    return 0


def _validity(options: argparse.Namespace) -> int:
    verdict = validity(facts_of(options), _today(options))
    return _print(options, verdict, printing.validity_lines(verdict))


def _materials(options: argparse.Namespace) -> int:
    result = materials(facts_of(options), options.scenario, _today(options))
    return _print(options, result, printing.material_lines(result))


def _window(options: argparse.Namespace) -> int:
    window = review_window(day_of("filed_on", options.submitted), options.channel)
    return _print(options, window, printing.window_lines(window))


def _show(options: argparse.Namespace) -> int:
    packs = load_packs()
    region = region_of("insured_region", options.region) if options.region else None
    if options.json:
        files = packs.chain(region) if region is not None else tuple(packs.files.values())
        _print_json([file.model_dump(mode="json", exclude_none=True) for file in files])
    else:
        _write([show(packs, region)])
    return 0


def _check(options: argparse.Namespace) -> int:
    """Load every data file; all faults of all of them are told before it ends."""
    faults: list[str] = []
    for load in (load_packs, texts, region_rules, load_checklists):
        try:
            load()
        except InvalidData as error:
            faults += [str(fault) for fault in error.faults]
    if options.json:
        _print_json({"faults": faults})
    elif faults:
        sys.stderr.writelines(f"{fault}\n" for fault in faults)
    else:
        packs = load_packs()
        numbers = sum(1 for file in packs.files.values() for _ in dated(file))
        lists = sum(len(file.checklist) for file in load_checklists().files.values())
        _write([say("door.good", packs=len(packs.all), numbers=numbers, lists=lists)])
    return 1 if faults else 0


def _stale(options: argparse.Namespace) -> int:
    found = stale(_today(options))
    if options.json:
        _print_json([item._asdict() for item in found])
    else:
        _write([f"{item.where}: {item.text}" for item in found] or [say("stale.nothing")])
    return 0


def _bench(options: argparse.Namespace) -> int:
    found = timings()
    if options.json:
        _print_json([timing._asdict() for timing in found])
    else:
        _write(say("door.timing", name=t.name, ms=t.best, target=t.target) for t in found)
    return 0


if __name__ == "__main__":
    sys.exit(main())
