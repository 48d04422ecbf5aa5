"""``python -m evals load``: how many answers a second, how long, at what cost, and in a rush.

Starts a service of its own on 127.0.0.1 over a new SQLite file. Whole answers: retrieval, rules and
the durable write. wrk makes the steady load where it is installed, a Python client else.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import re
import shutil
import subprocess
import tempfile
import time
from pathlib import Path
from typing import Any

from evals.service import QUESTIONS, Response, Service, keep, percentile

_OUT = Path(__file__).parent / "results" / "load.json"
_LUA = """
local bodies = {%s}
local n, number, mine = 0, 0, 0
function setup(thread) thread:set("mine", number); number = number + 1 end
request = function()
  n = n + 1
  local name = "load-" .. mine .. "-" .. math.floor(n / 4) %% 500
  local body = bodies[n %% #bodies + 1]:gsub("THREAD", name)
  return wrk.format("POST", "/api/ask", {["Content-Type"] = "application/json"}, body)
end
function done(summary, latency)
  io.write(string.format("p95 %%.2fms\\n", latency:percentile(95) / 1000))
end
"""


def main(argv: list[str]) -> int:
    """Exit code 0 when nothing failed, 1 else; how fast it was does not count."""
    parser = argparse.ArgumentParser(prog="python -m evals load", description=__doc__)
    parser.add_argument("--seconds", type=int, default=20, help="of steady load")
    parser.add_argument("--connections", type=int, default=16)
    parser.add_argument("--callers", type=int, default=1000, help="at once, in the rush")
    parser.add_argument("--turns", type=int, default=2000, help="for the growth of memory")
    parser.add_argument("--workers", type=int, default=2)
    parser.add_argument("--out", type=Path, default=_OUT)
    options = parser.parse_args(argv)
    with tempfile.TemporaryDirectory() as folder:
        service = Service(f"sqlite:///{folder}/state.db", options.workers)
        figures: dict[str, Any] = {"start_to_first_answer_s": round(service.start(), 2)}
        time.sleep(10)  # the page is built behind the scenes
        try:
            figures["steady"] = steady(service, options.seconds, options.connections)
            figures["rush"] = asyncio.run(rush(service, options.callers))
            figures["memory"] = asyncio.run(memory(service, options.turns))
        finally:
            figures["stop_s"] = round(service.stop(), 2)
    keep(options.out, "load", figures)
    print(json.dumps(figures, ensure_ascii=False, indent=2))
    failed = figures["steady"]["errors"] + figures["rush"]["other"] + figures["memory"]["errors"]
    return 1 if failed else 0


def steady(service: Service, seconds: int, connections: int) -> dict[str, Any]:
    """Mixed questions as fast as they are answered."""
    before = service.cpu_seconds()
    found = (
        _by_wrk(service, seconds, connections)
        if shutil.which("wrk")
        else asyncio.run(_by_python(service, seconds, connections))
    )
    used = service.cpu_seconds() - before
    return {**found, "cpu_ms_per_answer": round(used * 1000 / max(found["answers"], 1), 2)}


def _by_wrk(service: Service, seconds: int, connections: int) -> dict[str, Any]:
    bodies = ", ".join(
        json.dumps(json.dumps({"question": q, "thread": "THREAD", "today": "2025-08-01"}))
        for q in QUESTIONS
    )
    bodies = re.sub(r"\\\\u([0-9a-f]{4})", lambda m: chr(int(m[1], 16)), bodies)
    with tempfile.NamedTemporaryFile("w", suffix=".lua", encoding="utf-8") as script:
        script.write(_LUA % bodies)
        script.flush()
        words = ["wrk", "-t2", f"-c{connections}", f"-d{seconds}s", "--timeout", "10s", "--latency"]
        words += ["-s", script.name, f"http://127.0.0.1:{service.port}"]
        said = subprocess.run(words, capture_output=True, text=True, check=True).stdout
    total = re.search(r"(\d+) requests in", said)
    sockets = re.search(r"connect (\d+), read (\d+), write (\d+), timeout (\d+)", said)
    refused = re.search(r"Non-2xx or 3xx responses: (\d+)", said)
    errors = sum(map(int, sockets.groups())) if sockets else 0
    bad = int(refused[1]) if refused else 0
    answers = int(total[1]) - bad if total else 0
    return {
        "generator": "wrk",
        "connections": connections,
        "answers": answers,
        "answers_per_s": round(answers / seconds, 1),
        "p50_ms": _latency(said, "50%"),
        "p95_ms": _latency(said, "p95"),
        "p99_ms": _latency(said, "99%"),
        "errors": errors + bad,
    }


def _latency(said: str, which: str) -> float:
    found = re.search(rf"{which}\s+([\d.]+)(us|ms|s)\b", said)
    scale = {"us": 0.001, "ms": 1.0, "s": 1000.0}
    return round(float(found[1]) * scale[found[2]], 1) if found else 0.0


async def _by_python(service: Service, seconds: int, connections: int) -> dict[str, Any]:
    until, got = time.monotonic() + seconds, list[Response]()

    async def one(number: int) -> None:
        turn = number
        while time.monotonic() < until:
            turn += 1
            question = QUESTIONS[turn % len(QUESTIONS)]
            got.append(await service.ask(question, f"load-{number}-{turn // 4 % 500}"))

    await asyncio.gather(*(one(n) for n in range(connections)))
    good = [r.seconds * 1000 for r in got if r.status == 200]
    return {
        "generator": "python",
        "connections": connections,
        "answers": len(good),
        "answers_per_s": round(len(good) / seconds, 1),
        "p50_ms": round(percentile(good, 0.5), 1),
        "p95_ms": round(percentile(good, 0.95), 1),
        "p99_ms": round(percentile(good, 0.99), 1),
        "errors": len(got) - len(good),
    }


async def rush(service: Service, callers: int) -> dict[str, Any]:
    """All at once; meanwhile the health check is asked over and over."""
    done, health = asyncio.Event(), list[float]()

    async def watch() -> None:
        while not done.is_set():
            health.append((await service.send("GET", "/healthz")).seconds)
            await asyncio.sleep(0.05)

    watching = asyncio.create_task(watch())
    asked = (service.ask(QUESTIONS[n % len(QUESTIONS)], f"rush-{n}") for n in range(callers))
    got = await asyncio.gather(*asked)
    done.set()
    await watching
    accepted = [r.seconds for r in got if r.status == 200]
    refused = [r.seconds for r in got if r.status in (429, 503)]
    told = sum(1 for r in got if r.status in (429, 503) and "retry-after" in r.headers)
    return {
        "callers": callers,
        "accepted": len(accepted),
        "accepted_p95_s": round(percentile(accepted, 0.95), 2),
        "refused": len(refused),
        "refused_with_retry_after": told,
        "refused_max_s": round(max(refused, default=0.0), 2),
        "other": callers - len(accepted) - len(refused),
        "health_max_s": round(max(health, default=0.0), 3),
    }


async def memory(service: Service, turns: int) -> dict[str, Any]:
    """Resident memory after a tenth of the turns as warm-up, and after all of them."""
    errors = 0

    async def some(first: int, count: int) -> int:
        waiting = asyncio.Semaphore(8)

        async def one(n: int) -> bool:
            async with waiting:
                question = QUESTIONS[n % len(QUESTIONS)]
                return (await service.ask(question, f"memory-{n // 10}")).status == 200

        good = await asyncio.gather(*(one(n) for n in range(first, first + count)))
        return good.count(False)

    errors += await some(0, turns // 2)
    before = service.memory()
    errors += await some(turns, turns)
    after = service.memory()
    return {
        "turns": turns,
        "sessions": turns // 10,
        "before_mb": round(before / 2**20, 1),
        "after_mb": round(after / 2**20, 1),
        "growth": round(after / before - 1, 4),
        "errors": errors,
    }
