"""``python -m evals fuzz``: strangers' input by the thousand; no 5xx, no crash, no endless answer.

``api``: schemathesis makes requests from the OpenAPI schema to a service on either store.
``parsers``: atheris changes texts and bodies, led by what of the code they reach
(:mod:`evals.fuzz_parsers`). Needs the extra ``fuzz``. What broke something stays in ``--keep``.
"""

from __future__ import annotations

import argparse
import json
import re
import subprocess
import sys
import tempfile
from collections import Counter
from pathlib import Path
from typing import Any

from assistant.settings import ROOT
from evals.items import load_sets, own_files
from evals.postgres import Postgres
from evals.service import Service, keep, run_apart

_OUT = Path(__file__).parent / "results" / "fuzz.json"
_CHECKS = (
    "not_a_server_error",
    "status_code_conformance",
    "content_type_conformance",
    "response_schema_conformance",
)
_LAST = re.compile(r"cov: (\d+) ft: (\d+) corp: (\d+)")
_DONE = re.compile(r"Done (\d+) runs in (\d+) second")
_WORD = re.compile(r"[\u4e00-\u9fff]{1,4}|[A-Za-z]{2,12}|[\d.,/-]{1,10}")
_WORDS, _LONGEST = 600, 2048


def main(argv: list[str]) -> int:
    """Exit code 0 when nothing broke; 1 else."""
    parser = argparse.ArgumentParser(prog="python -m evals fuzz", description=__doc__)
    parser.add_argument("--requests", type=int, default=10_000, help="at least, to each store")
    parser.add_argument("--minutes", type=float, default=30.0, help="of fuzzing the parsers")
    parser.add_argument("--part", choices=("api", "parsers", "both"), default="both")
    parser.add_argument("--store", action="append", choices=("sqlite", "postgresql"))
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--keep", type=Path, default=ROOT / "var" / "fuzz")
    parser.add_argument("--out", type=Path, default=_OUT)
    options = parser.parse_args(argv)
    options.keep.mkdir(parents=True, exist_ok=True)
    figures: dict[str, Any] = {}
    if options.part != "parsers":
        for store in options.store or ("sqlite", "postgresql"):
            figures[f"api_{store}"] = api(store, options)
    if options.part != "api":
        figures["parsers"] = parsers(options.minutes, options.seed, options.keep)
    keep(options.out, "fuzz", figures)
    print(json.dumps(figures, ensure_ascii=False, indent=2))
    return 0 if all(part["passed"] for part in figures.values()) else 1


def api(store: str, options: argparse.Namespace) -> dict[str, Any]:
    """Requests of all doors of the schema, right ones and wrong ones, alone and in sequences."""
    with tempfile.TemporaryDirectory() as folder:
        server = Postgres() if store == "postgresql" else None
        url = server.new_url() if server else f"sqlite:///{folder}/state.db"
        service = Service(url, YIDI_PAGE="false", YIDI_KEEP_TRANSCRIPTS="true")
        service.start()
        try:
            return _requests(service, store, options)
        finally:
            service.stop()
            if server is not None:
                server.close()


def _requests(service: Service, store: str, options: argparse.Namespace) -> dict[str, Any]:
    report = options.keep / f"schemathesis-{store}.json"
    doors = len(_schema_doors(service))
    words = [
        *("run", f"http://127.0.0.1:{service.port}/openapi.json"),
        *("--checks", ",".join(_CHECKS)),
        *("--max-examples", str(max(1, -(-options.requests // doors)))),
        *("--seed", str(options.seed), "--workers", "2", "--continue-on-failure"),
        *("--suppress-health-check", "all", "--no-color"),
        *("--report", "json", "--report-json-path", str(report)),
    ]
    log = options.keep / f"schemathesis-{store}.log"
    with log.open("w") as file:
        command = [str(Path(sys.executable).with_name("schemathesis")), *words]
        ended = subprocess.run(command, cwd=options.keep, stdout=file, stderr=file, check=False)
    told = json.loads(report.read_text(encoding="utf-8"))
    faults = Counter({f["title"]: f["count"] for f in told["failures"]})
    made = told["test_cases"]["generated"]
    return {
        "doors": doors,
        "requests": made,
        "seconds": round(told["running_time"]),
        "faults": dict(faults),
        "passed": ended.returncode == 0 and not faults and made >= options.requests,
    }


def _schema_doors(service: Service) -> list[str]:
    schema = run_apart(service.send("GET", "/openapi.json")).json()
    return [f"{method} {path}" for path, door in schema["paths"].items() for method in door]


def parsers(minutes: float, seed: int, kept: Path) -> dict[str, Any]:
    """Our own questions to begin with, our own words to change them by."""
    from evals.fuzz_parsers import TEXTS  # brings atheris, which is not made for every machine

    found = kept / "corpus"
    found.mkdir(exist_ok=True)  # what a run found, the next one begins with
    with tempfile.TemporaryDirectory() as name:
        seeds, words = Path(name) / "seeds", Path(name) / "words.dict"
        seeds.mkdir()
        texts = [turn for item in load_sets(own_files(held_out=False)) for turn in item.turns]
        _seeds(seeds, texts, len(TEXTS))
        _dictionary(words, texts)
        command = [
            *(sys.executable, "-m", "evals.fuzz_parsers"),
            *(f"-max_total_time={max(1, round(minutes * 60))}", f"-seed={seed}", "-timeout=10"),
            *(f"-max_len={_LONGEST}", f"-dict={words}", f"-artifact_prefix={kept}/"),
            *("-rss_limit_mb=4096", "-print_final_stats=1", *(str(found), str(seeds))),
        ]
        ended = subprocess.run(
            command, cwd=ROOT, check=False, stdout=subprocess.PIPE, stderr=subprocess.STDOUT
        )
    log = ended.stdout.decode("utf-8", "replace")
    (kept / "parsers.log").write_text(log, encoding="utf-8")
    done, last = _DONE.search(log), (_LAST.findall(log) or [("0", "0", "0")])[-1]
    return {
        "parsers": [*(text.__name__ for text in TEXTS), "bodies"],
        "seeds": len(texts),
        "inputs": int(done[1]) if done else 0,
        "seconds": int(done[2]) if done else 0,
        "edges_covered": int(last[0]),
        "inputs_kept": int(last[2]),
        "passed": ended.returncode == 0 and done is not None,
    }


def _seeds(folder: Path, texts: list[str], count: int) -> None:
    """One file a text for one of the parsers in turn, and bodies of requests."""
    for number, text in enumerate(texts):
        (folder / f"t{number}").write_bytes(bytes([number % count]) + text.encode())
    message = {"role": "user", "content": texts[0]}
    facts = {"insured_region": "茂名市", "total_cost": "8900", "filed_on": "2025-01-10"}
    bodies: list[dict[str, Any]] = [
        {"question": texts[0], "thread": "a", "today": "2025-08-01"},
        {"query": texts[0], "limit": 3},
        {"facts": facts, "scenario": "filing_referral"},
        {"turns": [texts[0]], "verdict": "wrong", "comment": "x", "answer": {}},
        {"messages": [message, {**message, "content": [{"type": "text", "text": "x"}]}]},
    ]
    for number, body in enumerate(bodies):
        raw = json.dumps(body, ensure_ascii=False).encode()
        (folder / f"b{number}").write_bytes(bytes([count]) + raw)


def _dictionary(path: Path, texts: list[str]) -> None:
    """The commonest words of the texts, as libFuzzer wants them."""
    found = Counter(word for text in texts for word in _WORD.findall(text))
    lines = (
        '"' + "".join(f"\\x{byte:02X}" for byte in word.encode()) + '"'
        for word, _ in found.most_common(_WORDS)
    )
    path.write_text("\n".join(lines) + "\n", encoding="ascii")
