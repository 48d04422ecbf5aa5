"""API keys and the help desk's login: hashed on disk, compared in constant time.

The file is TOML: ``[[key]]`` with ``name`` and ``sha256`` (a key is 256 random bits, so a fast hash
is enough), ``[[login]]`` with ``name`` and ``argon2``. ``python -m assistant.api.keys --help``.
"""

from __future__ import annotations

import argparse
import getpass
import hashlib
import hmac
import secrets
import sys
import time
import tomllib
from pathlib import Path

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError
from pydantic import BaseModel, ConfigDict, Field

_SESSION_SECONDS = 8 * 3600
_NOBODY = PasswordHasher().hash(secrets.token_hex(16))


class _Entry(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)
    name: str = Field(pattern=r"^[A-Za-z0-9_-]{1,40}$")


class ApiKey(_Entry):
    sha256: str = Field(pattern=r"^[0-9a-f]{64}$")


class Login(_Entry):
    argon2: str


class _File(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)
    key: tuple[ApiKey, ...] = ()
    login: tuple[Login, ...] = ()


class Keys:
    """Who may. Raises ValidationError or TOMLDecodeError for a file that is none."""

    def __init__(self, path: Path | None) -> None:
        raw = path.read_bytes() if path else b""
        self._file = _File.model_validate(tomllib.loads(raw.decode("utf-8")))
        self._secret = hashlib.sha256(raw or secrets.token_bytes(32)).digest()

    @property
    def any_key(self) -> bool:
        return bool(self._file.key)

    @property
    def any_login(self) -> bool:
        return bool(self._file.login)

    def owner(self, key: str) -> str | None:
        """The name that ``key`` was given out to; every entry is compared."""
        digest = hashlib.sha256(key.encode("utf-8", "replace")).hexdigest()
        found = None
        for entry in self._file.key:
            if hmac.compare_digest(entry.sha256, digest):
                found = entry.name
        return found

    def login(self, name: str, password: str) -> str | None:
        """A session for the help desk, or None. An unknown name takes as long as a known one."""
        entry = next((e for e in self._file.login if e.name == name), None)
        try:
            PasswordHasher().verify(entry.argon2 if entry else _NOBODY, password)
        except (VerificationError, InvalidHashError):
            return None
        return self._sign(f"{name}.{int(time.time()) + _SESSION_SECONDS}") if entry else None

    def session(self, token: str) -> str | None:
        """Whose session ``token`` is. A changed key file ends all sessions."""
        body, _, _ = token.rpartition(".")
        name, _, until = body.partition(".")
        if not hmac.compare_digest(self._sign(body).encode(), token.encode("utf-8", "replace")):
            return None
        return name if until.isdecimal() and int(until) > time.time() else None

    def _sign(self, body: str) -> str:
        mac = hmac.new(self._secret, body.encode("utf-8", "replace"), hashlib.sha256)
        return f"{body}.{mac.hexdigest()}"


def main(argv: list[str] | None = None) -> int:
    """Prints a line for the key file; a new key is shown this once."""
    parser = argparse.ArgumentParser(prog="python -m assistant.api.keys", description=__doc__)
    parser.add_argument("kind", choices=["key", "login"])
    parser.add_argument("name")
    options = parser.parse_args(argv)
    if options.kind == "key":
        key = f"yidi-{secrets.token_urlsafe(32)}"
        print(f"# {key}", file=sys.stderr)
        digest = hashlib.sha256(key.encode()).hexdigest()
        print(f'[[key]]\nname = "{options.name}"\nsha256 = "{digest}"')
        return 0
    hashed = PasswordHasher().hash(getpass.getpass())
    print(f'[[login]]\nname = "{options.name}"\nargon2 = "{hashed}"')
    return 0


if __name__ == "__main__":
    sys.exit(main())
