"""No library below a version with a known hole, neither pinned nor installed; no network needed."""

from __future__ import annotations

import re
import tomllib
from importlib.metadata import PackageNotFoundError, version

import pytest
from packaging.version import Version

from assistant.settings import ROOT

DEPLOY = ROOT / "assistant" / "deploy"
FLOORS = tomllib.loads((DEPLOY / "floors.toml").read_text(encoding="utf-8"))["floor"]


def pinned() -> dict[str, str]:
    lines = (DEPLOY / "constraints.txt").read_text(encoding="utf-8").splitlines()
    pairs = (line.split("==", 1) for line in lines if line and not line.startswith("#"))
    return {re.sub(r"[-_.]+", "-", name).lower(): value for name, value in pairs}


@pytest.mark.parametrize("floor", FLOORS, ids=lambda f: str(f["package"]))
def test_nothing_is_below_its_floor(floor: dict[str, str]) -> None:
    assert set(floor) == {"package", "at_least", "why"}
    least = Version(floor["at_least"])
    held = pinned().get(floor["package"])
    assert held is None or Version(held) >= least, floor["why"]
    try:
        installed = version(floor["package"])
    except PackageNotFoundError:
        return
    assert Version(installed) >= least, floor["why"]


def test_every_dependency_is_pinned() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    extras = project["optional-dependencies"].values()
    wanted = [*project["dependencies"], *(d for extra in extras for d in extra)]
    names = [re.split(r"[\[<>=~!; ]", d)[0] for d in wanted]
    missing = {re.sub(r"[-_.]+", "-", n).lower() for n in names} - set(pinned())
    assert not missing


def test_chromas_python_server_is_never_started() -> None:
    for folder in ("assistant", "corpus", "rules", "evals"):
        for path in (ROOT / folder).rglob("*.py"):
            text = path.read_text(encoding="utf-8")
            assert "chromadb.app" not in text and "chromadb.server" not in text, path


def test_everything_is_installed_as_pinned() -> None:
    makefile = (ROOT / "Makefile").read_text(encoding="utf-8")
    assert "PINS := assistant/deploy/constraints.txt" in makefile
    installs = [line for line in makefile.splitlines() if "--editable" in line]
    assert installs and all("--constraint $(PINS)" in line for line in installs)


def test_torch_may_be_what_the_platform_has() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    assert "torch>=2.6,<2.14" in project["dependencies"]
    assert Version("2.6") <= Version(pinned()["torch"]) < Version("2.14")
