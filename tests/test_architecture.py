"""Who may know whom: app → assistant → corpus, rules; evals → all; one home a heavy library."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent
MAY_KNOW = {
    "corpus": set[str](),
    "rules": set[str](),
    "assistant": {"corpus", "rules"},
    "evals": {"assistant", "corpus", "rules"},
}
OURS = {*MAY_KNOW, "app", "tests"}
HOMES = {
    "chromadb": {"assistant/vectors.py"},
    "langchain_chroma": {"assistant/vectors.py"},
    "bm25s": {"assistant/lexical.py"},
    "cn2an": {"assistant/slots/numerals.py"},
    "opencc": {"assistant/slots/normalise.py"},
    "chinese_calendar": {"rules/calendar.py", "assistant/slots/calendar.py"},
    "sentence_transformers": {"assistant/encoder.py", "assistant/training.py"},
}


def modules(folder: str) -> Iterator[Path]:
    yield from sorted((ROOT / folder).rglob("*.py"))


def imported(path: Path) -> set[str]:
    """Top-level names of every import in the file, those inside functions too."""
    names: set[str] = set()
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            names |= {alias.name.split(".")[0] for alias in node.names}
        elif isinstance(node, ast.ImportFrom) and node.module and node.level == 0:
            names.add(node.module.split(".")[0])
    return names


@pytest.mark.parametrize("package", MAY_KNOW)
def test_a_package_knows_only_what_lies_below(package: str) -> None:
    allowed = MAY_KNOW[package] | {package}
    for path in modules(package):
        beyond = (imported(path) & OURS) - allowed
        assert not beyond, f"{path.relative_to(ROOT)} imports {sorted(beyond)}"


@pytest.mark.parametrize("library", HOMES)
def test_a_heavy_library_has_one_home(library: str) -> None:
    found = {
        p.relative_to(ROOT).as_posix()
        for package in ("assistant", "corpus", "rules")
        for p in modules(package)
        if library in imported(p)
    }
    assert found <= HOMES[library]


def test_nothing_reads_what_lies_beside_the_repository_at_run_time() -> None:
    for package in ("assistant", "corpus", "rules"):
        for path in modules(package):
            assert "../shared" not in path.read_text(encoding="utf-8"), path


def test_no_module_is_too_long_to_read_in_one_sitting() -> None:
    long = {
        p.relative_to(ROOT).as_posix(): n
        for package in MAY_KNOW
        for p in modules(package)
        if (n := len(p.read_text(encoding="utf-8").splitlines())) > 400
    }
    assert not long
