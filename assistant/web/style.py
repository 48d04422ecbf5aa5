"""The page's style sheet, its rules made heavier than Gradio's own.

Gradio rewrites a style sheet it is given and breaks the rules inside ``@media``; ours goes into the
head untouched, each selector prefixed with ``:root:root``. A selector list stands on one line.
"""

from __future__ import annotations

import re
from pathlib import Path

_STATIC = Path(__file__).parent / "static"
_RULE = re.compile(r"^( *)([.a-z][^{}@;]*)\{", re.MULTILINE)
_HEAVY = ":root:root"


def style_sheet() -> str:
    """``static/page.css`` ready to be put into the head."""
    css = (_STATIC / "page.css").read_text(encoding="utf-8")
    return _RULE.sub(lambda m: f"{m[1]}{_weighted(m[2])} {{", css)


def script() -> str:
    """``static/page.js``."""
    return (_STATIC / "page.js").read_text(encoding="utf-8")


def _weighted(selectors: str) -> str:
    parts = (part.strip() for part in selectors.split(","))
    return ", ".join(
        f"{_HEAVY}{part.removeprefix('html')}" if part.startswith("html") else f"{_HEAVY} {part}"
        for part in parts
    )
