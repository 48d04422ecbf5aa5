"""Checks the whole corpus: form, references, writing rules, coverage. Finds, never mends."""

from __future__ import annotations

from pathlib import Path

from corpus.coverage import coverage_faults, read_coverage
from corpus.errors import Fault
from corpus.load import Corpus, read_corpus
from corpus.writing import writing_faults


def check_corpus(root: Path | None = None) -> tuple[Corpus, tuple[Fault, ...]]:
    """What was read under ``root`` (default: this package) and all faults, sorted by place."""
    root = (root or Path(__file__).parent).resolve()
    corpus, read = read_corpus(root)
    faults = [*read, *writing_faults(corpus)]
    homes = read_coverage(root / "coverage.toml", f"{root.name}/coverage.toml", faults)
    faults += coverage_faults(corpus, homes)
    return corpus, tuple(sorted(set(faults)))
