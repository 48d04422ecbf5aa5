"""``python -m evals chaos``: killed, locked, full, stopped: nothing is lost or mixed up.

Starts services of its own on 127.0.0.1. ``--store`` sqlite (default) and postgresql start a new
store, too; the URL of an empty PostgreSQL database is taken as it is, and spared the troubles.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import os
import random
import signal
import tempfile
from collections import Counter
from pathlib import Path
from typing import Any

from evals import troubles
from evals.postgres import Postgres
from evals.service import QUESTIONS, Service, keep, percentile

_OUT = Path(__file__).parent / "results" / "chaos.json"


def main(argv: list[str]) -> int:
    """Exit code 0 when nothing was lost, mixed up or cut; 1 else."""
    parser = argparse.ArgumentParser(prog="python -m evals chaos", description=__doc__)
    parser.add_argument("--kills", type=int, default=100)
    parser.add_argument("--turns", type=int, default=10_000, help="interleaved, with canaries")
    parser.add_argument("--sessions", type=int, default=100)
    parser.add_argument("--store", default="sqlite", help="sqlite, postgresql or a URL")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--out", type=Path, default=None)
    options = parser.parse_args(argv)
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        server = Postgres() if options.store == "postgresql" else None
        try:
            figures = _all(options, folder, server)
        finally:
            if server is not None:
                server.close()
    kind = figures["store"].partition("+")[0]
    keep(
        options.out or _OUT.with_stem("chaos" if kind == "sqlite" else f"chaos-{kind}"),
        "chaos",
        figures,
    )
    print(json.dumps(figures, ensure_ascii=False, indent=2))
    bad = figures["kills"]["lost"] + figures["canaries"]["leaks"] + figures["drain"]["cut"]
    return 0 if not bad and all(map(troubles.passed, figures["troubles"].values())) else 1


def _all(options: argparse.Namespace, folder: Path, server: Postgres | None) -> dict[str, Any]:
    chance = random.Random(options.seed)
    if server is not None:
        url, befallen = server.new_url(), asyncio.run(troubles.on_postgres(server, folder))
    elif options.store == "sqlite":
        url, befallen = f"sqlite:///{folder}/state.db", asyncio.run(troubles.on_sqlite(folder))
    else:
        url, befallen = options.store, {}
    return {
        "store": url.partition(":")[0],
        "troubles": befallen,
        "kills": kills(url, options.kills, chance),
        "canaries": asyncio.run(canaries(url, options.turns, options.sessions, chance)),
        "drain": asyncio.run(drain(url)),
    }


def kills(url: str, times: int, chance: random.Random) -> dict[str, Any]:
    """Turns go on in twenty conversations; the process is killed at a random moment, again and
    again. Afterwards every acknowledged turn must be in the store."""
    service, starts = Service(url, YIDI_PAGE="false"), list[float]()
    acknowledged: Counter[str] = Counter()

    async def talk() -> None:
        async def one(thread: str) -> None:
            while True:
                got = await service.ask(chance.choice(QUESTIONS), thread)
                if got.status != 200:
                    return
                if got.headers.get("x-saved") == "yes":
                    acknowledged[thread] += 1

        async def end() -> None:
            await asyncio.sleep(chance.uniform(0.2, 0.8))
            service.kill()

        await asyncio.gather(end(), *(one(f"kill-{n}") for n in range(20)))

    for _ in range(times):
        starts.append(service.start())
        asyncio.run(talk())
    starts.append(service.start())
    kept = asyncio.run(_turns(service, list(acknowledged)))
    service.stop()
    return {
        "kills": times,
        "acknowledged": sum(acknowledged.values()),
        "lost": sum(max(0, count - kept[t]) for t, count in acknowledged.items()),
        "first_answer_p50_s": round(percentile(starts, 0.5), 2),
        "first_answer_max_s": round(max(starts), 2),
    }


async def _turns(service: Service, threads: list[str]) -> dict[str, int]:
    found = {}
    for thread in threads:
        got = await service.send("GET", f"/api/conversations/{thread}")
        found[thread] = got.json()["turns"] if got.status == 200 else 0
    return found


async def canaries(url: str, turns: int, sessions: int, chance: random.Random) -> dict[str, Any]:
    """Every session names its own amount and is asked about it among all the others, over four
    workers, one of which is killed half-way."""
    service = Service(url, workers=4, YIDI_PAGE="false")
    await asyncio.to_thread(service.start)
    leaks, forgotten, silent, done = 0, 0, 0, 0
    waiting = asyncio.Semaphore(16)
    amounts = {f"canary-{n}": 10_000 + 37 * n for n in range(sessions)}
    alone = {thread: asyncio.Lock() for thread in amounts}
    told: set[str] = set()

    async def one(thread: str) -> None:
        nonlocal leaks, forgotten, silent, done
        async with alone[thread], waiting:
            first = thread not in told
            question = f"茂名职工，住院花了{amounts[thread]}元" if first else "能报多少？"
            got = await service.ask(question, thread)
            done += 1
            if done == turns // 2:
                os.kill(service.workers()[0], signal.SIGKILL)
        if got.status != 200:
            silent += 1
            return
        said = got.json()["facts"]["total_cost"]
        leaks += said is not None and float(said) != amounts[thread]
        forgotten += said is None
        told.add(thread)

    order = [f"canary-{n % sessions}" for n in range(turns)]
    chance.shuffle(order)
    await asyncio.gather(*(one(thread) for thread in order))
    service.stop()
    return {
        "turns": turns,
        "sessions": sessions,
        "leaks": leaks,
        "forgotten": forgotten,
        "without_answer": silent,
    }


async def drain(url: str) -> dict[str, Any]:
    """SIGTERM as soon as the first is answered: what was begun is answered whole."""
    service = Service(url, YIDI_PAGE="false")
    await asyncio.to_thread(service.start)
    asked = [asyncio.create_task(service.ask(q, f"drain-{n}")) for n, q in enumerate(QUESTIONS * 3)]
    await asyncio.wait(asked, return_when=asyncio.FIRST_COMPLETED)
    seconds = await asyncio.to_thread(service.stop)
    got = await asyncio.gather(*asked)
    answered = sum(r.status == 200 for r in got)
    refused = sum(r.status == 503 or (r.status == 0 and not r.headers) for r in got)
    return {
        "answered": answered,
        "refused": refused,
        "cut": len(got) - answered - refused,
        "stop_s": round(seconds, 2),
    }
