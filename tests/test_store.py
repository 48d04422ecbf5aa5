"""Conversations in SQL: kept, serialised, honest when they cannot be kept."""

from __future__ import annotations

import json
import os
import re
import sqlite3
import subprocess
import sys
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest
from api_service import config, runtime
from postgres import postgres_url
from sqlalchemy import inspect

from assistant.dialogue import State
from assistant.settings import ROOT
from assistant.state import Database, KeyReused, Records, SqlStore, open_database
from assistant.state.backup import BadBackup, backup, restore
from assistant.state.database import LATEST
from assistant.state.records import Retention
from assistant.state.tables import METADATA

KEPT = Retention(conversation_days=7, feedback_days=30, audit_days=30, replay_hours=1)


@pytest.fixture(params=["sqlite", "postgresql"])
def database(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Database]:
    lite = f"sqlite:///{tmp_path / 'state.db'}"
    made = open_database(lite if request.param == "sqlite" else postgres_url())
    made.migrate()
    yield made
    made.close()


def say(store: SqlStore, thread: str) -> bool | None:
    with store.exchange(thread) as slot:
        slot.state = slot.state.model_copy(update={"turns": slot.state.turns + 1})
    return slot.saved


def turns(store: SqlStore, thread: str) -> int:
    with store.turn(thread) as slot:
        return slot.state.turns


def test_the_tables_are_those_of_the_migrations(database: Database) -> None:
    found = inspect(database.engine)
    for table in METADATA.sorted_tables:
        columns = {c["name"] for c in found.get_columns(table.name)}
        assert columns == {c.name for c in table.columns}
    steps = Path(__file__).parent.parent / "assistant/state/migrations/versions"
    assert max(p.name[1:5] for p in steps.glob("v*.py")) == LATEST


def test_a_turn_is_kept_for_another_process(database: Database) -> None:
    assert say(SqlStore(database), "a") is True
    other = open_database(database.url.render_as_string(hide_password=False))
    assert turns(SqlStore(other), "a") == 1
    other.close()


def test_turns_of_one_conversation_never_overlap(database: Database) -> None:
    stores = [SqlStore(database), SqlStore(database)]
    workers = [
        threading.Thread(target=lambda s=s: [say(s, "same") for _ in range(20)]) for s in stores * 2
    ]
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join()
    assert turns(stores[0], "same") == 80


def test_nothing_is_written_when_the_turn_fails(database: Database) -> None:
    store = SqlStore(database)
    with pytest.raises(ZeroDivisionError), store.exchange("a") as slot:
        slot.state = State(turns=9)
        raise ZeroDivisionError
    assert turns(store, "a") == 0


def test_a_retry_gets_the_first_answer(database: Database) -> None:
    store = SqlStore(database)
    with store.exchange("a", "key", "print") as slot:
        slot.state, slot.answer = State(turns=1), '{"text": "一"}'
    with store.exchange("a", "key", "print") as again:
        assert again.replay == '{"text": "一"}'
    assert turns(store, "a") == 1
    with pytest.raises(KeyReused), store.exchange("a", "key", "another"):
        pass


def test_rights_and_retention(database: Database) -> None:
    store, records = SqlStore(database), Records(database)
    with store.exchange("a") as slot:
        slot.state, slot.question, slot.answer = State(turns=1), "问", '{"text": "答"}'
    records.add_feedback({"turns": ["电话13800138000"], "verdict": "wrong"}, "a")
    assert records.feedback()[0]["turns"] == ["电话［手机号已隐去］"]
    exported = records.export("a")
    assert exported is not None and exported["transcript"][0]["question"] == "问"
    assert records.purge(KEPT) == {"conversation": 0, "turn": 0, "feedback": 0, "audit": 0}
    assert records.delete("a") == 3
    assert records.export("a") is None and records.feedback() == []
    say(store, "b")
    assert records.purge(KEPT, now=4_000_000_000.0)["conversation"] == 1
    assert {line["action"] for line in records.audit()} == {"purge"}


def test_a_backup_restores_everything(database: Database, tmp_path: Path) -> None:
    store, records = SqlStore(database), Records(database)
    for n in range(30):
        with store.exchange(f"t{n}", f"k{n}", "p") as slot:
            slot.state, slot.answer = State(turns=n), f'{{"n": {n}}}'
    records.add_feedback({"comment": "好'\"\n"}, "t1")
    assert backup(database, tmp_path / "b.gz") == 61
    assert (tmp_path / "b.gz").stat().st_mode & 0o077 == 0
    fresh = open_database(f"sqlite:///{tmp_path / 'fresh.db'}")
    assert restore(fresh, tmp_path / "b.gz") == 61
    assert turns(SqlStore(fresh), "t7") == 7
    with SqlStore(fresh).exchange("t7", "k7", "p") as slot:
        assert slot.replay == '{"n": 7}'
    with pytest.raises(BadBackup):
        restore(fresh, tmp_path / "b.gz")
    records.delete("t7")
    assert restore(database, tmp_path / "b.gz", replace=True) == 61
    assert turns(store, "t7") == 7
    say(store, "after the restore")
    records.add_feedback({"comment": "新"})
    fresh.close()


def test_half_a_backup_changes_nothing(database: Database, tmp_path: Path) -> None:
    store = SqlStore(database)
    say(store, "kept")
    backup(database, tmp_path / "b.gz")
    whole = (tmp_path / "b.gz").read_bytes()
    (tmp_path / "half.gz").write_bytes(whole[: len(whole) // 2])
    with pytest.raises(BadBackup):
        restore(database, tmp_path / "half.gz", replace=True)
    assert turns(store, "kept") == 1


def test_a_locked_database_does_not_stop_the_talk(tmp_path: Path) -> None:
    database = open_database(f"sqlite:///{tmp_path / 'state.db'}")
    database.migrate()
    store = SqlStore(database)
    say(store, "a")
    blocker = sqlite3.connect(tmp_path / "state.db")
    blocker.execute("BEGIN EXCLUSIVE")
    assert say(store, "a") is False
    assert say(store, "a") is False
    assert not store.reachable
    blocker.rollback()
    store._resting_until = 0.0
    assert say(store, "a") is True
    assert turns(store, "a") == 4
    database.close()


def test_what_was_kept_outlives_an_outage_in_which_it_cannot_be_read(database: Database) -> None:
    store = SqlStore(database)
    for _ in range(3):
        assert say(store, "a") is True
    store._resting_until = float("inf")
    assert say(store, "a") is False and say(store, "new") is False and say(store, "new") is False
    store._resting_until = 0.0
    assert say(store, "a") is True and say(store, "new") is True
    assert turns(store, "a") == 4 and turns(store, "new") == 3


def test_turns_are_in_order_again_when_a_disk_can_be_written_again(tmp_path: Path) -> None:
    (tmp_path / "state.db.lock").mkdir()  # as on a read-only disk: no lock file can be made
    database = open_database(f"sqlite:///{tmp_path / 'state.db'}")
    database.migrate()
    assert say(SqlStore(database), "a") is True
    (tmp_path / "state.db.lock").rmdir()
    assert say(SqlStore(database), "a") is True
    assert (tmp_path / "state.db.lock").is_file()
    database.close()


def test_a_store_that_cannot_be_written_is_said_to_the_person(tmp_path: Path) -> None:
    here = runtime(config(tmp_path))
    with here.database.engine.begin() as link:
        link.exec_driver_sql(
            "CREATE TRIGGER full BEFORE INSERT ON conversation "
            "BEGIN SELECT RAISE(FAIL, 'full'); END"
        )
    reply = here.ask("临时外出就医备案多久有效？", "a", None)
    assert reply.saved is False and "存不下" in reply.body
    with here.database.engine.begin() as link:
        link.exec_driver_sql("DROP TRIGGER full")
    here.store._resting_until = 0.0
    reply = here.ask("那要交什么材料？", "a", None)
    assert reply.saved is True and "存不下" not in reply.body
    here.close()


@pytest.mark.parametrize("keep", [False, True])
def test_transcripts_are_kept_only_where_configured_and_masked(tmp_path: Path, keep: bool) -> None:
    here = runtime(config(tmp_path, keep_transcripts=keep))
    here.ask("我叫王小明，电话13800138000，茂名职工住院花了2万能报多少", "a", None)
    here.close()
    stored = b"".join(p.read_bytes() for p in tmp_path.iterdir() if p.is_file())
    assert "王小明".encode() not in stored and b"13800138000" not in stored
    exported = Records(here.database).export("a")
    assert exported is not None and len(exported["transcript"]) == int(keep)


@pytest.mark.parametrize("kind", ["sqlite", "postgresql"])
def test_the_commands_back_up_and_restore(kind: str, tmp_path: Path) -> None:
    def fresh(name: str) -> str:
        return postgres_url() if kind == "postgresql" else f"sqlite:///{tmp_path / name}"

    def run(url: str, *words: str, **more: str) -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            [sys.executable, "-m", "assistant.state", *words],
            env={**os.environ, "YIDI_STATE_URL": url, **more},
            capture_output=True,
            text=True,
            check=False,
        )

    one, two = fresh("one.db"), fresh("two.db")
    assert run(one, "migrate").returncode == 0
    database = open_database(one)
    for thread in ("kept", "gone"):
        say(SqlStore(database), thread)
    Records(database).add_feedback({"turns": ["问"], "verdict": "wrong"}, "kept")
    database.close()
    file = str(tmp_path / "backup.gz")
    assert run(one, "backup", file).stdout.strip() == '{"rows": 3}'
    assert run(two, "restore", file).returncode == 0
    again = run(two, "restore", file)
    assert again.returncode == 1 and "not empty" in again.stderr
    assert run(two, "restore", file, "--replace").returncode == 0
    assert json.loads(run(two, "export", "kept").stdout)["turns"] == 1
    assert json.loads(run(two, "delete", "gone").stdout) == {"rows": 1}
    assert run(two, "export", "gone").stdout.strip() == "null"
    assert run(two, "feedback", str(tmp_path / "f.jsonl")).stdout.strip() == '{"rows": 1}'
    restored = open_database(two)
    assert turns(SqlStore(restored), "kept") == 1 and turns(SqlStore(restored), "gone") == 0
    with restored.engine.begin() as link:
        link.exec_driver_sql("UPDATE conversation SET updated_at = updated_at - 3 * 86400")
    assert json.loads(run(two, "purge").stdout)["conversation"] == 0
    gone = run(two, "purge", YIDI_CONVERSATION_DAYS="2")
    assert json.loads(gone.stdout)["conversation"] == 1
    restored.close()


def test_the_runbook_names_every_verb_of_the_command() -> None:
    told = subprocess.run(
        [sys.executable, "-m", "assistant.state", "--help"],
        capture_output=True,
        text=True,
        check=True,
    ).stdout
    (verbs,) = re.findall(r"\{([\w,]+)\}", told.split("positional arguments")[0])
    runbook = (ROOT / "assistant" / "deploy" / "RUNBOOK.md").read_text(encoding="utf-8")
    for verb in verbs.split(","):
        assert re.search(rf"assistant\.state [^|]*\b{verb}\b", runbook), verb
