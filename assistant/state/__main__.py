"""``python -m assistant.state VERB``: migrate, backup, restore, purge, export, delete, feedback.

On the database of the settings (``YIDI_STATE_URL``). Exit code 0; 1 when it could not be done.
"""

from __future__ import annotations

import argparse
import json
import sys
from pathlib import Path

from sqlalchemy.exc import DBAPIError

from assistant.api.config import service_settings
from assistant.state import Records, open_database
from assistant.state.backup import BadBackup, backup, restore


def main(argv: list[str] | None = None) -> int:
    """One verb; what it did is printed as JSON."""
    options = _parser().parse_args(argv)
    config = service_settings()
    database = open_database(config.state_url.get_secret_value(), pool=2)
    records = Records(database)
    done: object = None
    try:
        match options.verb:
            case "migrate":
                database.migrate()
            case "backup":
                done = {"rows": backup(database, options.file)}
                records.note("operator", "backup", options.file.name[:80], done["rows"])
            case "restore":
                done = {"rows": restore(database, options.file, replace=options.replace)}
                records.note("operator", "restore", options.file.name[:80], done["rows"])
            case "purge":
                done = records.purge(config.retention)
            case "export":
                done = records.export(options.thread, "operator")
            case "delete":
                done = {"rows": records.delete(options.thread, "operator")}
            case "feedback":
                lines = [json.dumps(f, ensure_ascii=False) for f in records.feedback(100_000)]
                options.file.write_text("".join(f"{line}\n" for line in lines), encoding="utf-8")
                records.note("operator", "feedback", options.file.name[:80], len(lines))
                done = {"rows": len(lines)}
    except (BadBackup, DBAPIError, OSError) as error:
        print(f"{type(error).__name__}: {error}", file=sys.stderr)
        return 1
    finally:
        database.close()
    print(json.dumps(done, ensure_ascii=False))
    return 0


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m assistant.state", description=__doc__)
    verbs = parser.add_subparsers(dest="verb", required=True)
    verbs.add_parser("migrate", help="tables as this version wants them")
    verbs.add_parser("purge", help="delete what is older than it may be")
    for name in ("backup", "restore", "feedback"):
        verb = verbs.add_parser(name)
        verb.add_argument("file", type=Path)
        if name == "restore":
            verb.add_argument("--replace", action="store_true", help="empty the database first")
    for name in ("export", "delete"):
        verbs.add_parser(name).add_argument("thread")
    return parser


if __name__ == "__main__":
    sys.exit(main())
