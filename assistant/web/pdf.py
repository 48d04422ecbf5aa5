"""Lines of Chinese as a small PDF file: A4, one of the fonts that every reader brings along.

The font (STSong-Light, Adobe-GB1) is named and not embedded: nothing to license, a few kilobytes.
No pictures, no bold, no right-to-left.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

_WIDTH, _HEIGHT, _MARGIN = 595, 842, 56
_NO_START = "，。；：、！？）》」』”’％%"
"""Never first on a line: they hang over its end."""
_LEADING = 1.6
_OUTSIDE = str.maketrans("·•−", "・--")
"""Characters that the font lacks, and what stands for them."""
_FONT = (
    b"<< /Type /Font /Subtype /Type0 /BaseFont /STSong-Light-UniGB-UCS2-H "
    b"/Encoding /UniGB-UCS2-H /DescendantFonts [4 0 R] >>",
    b"<< /Type /Font /Subtype /CIDFontType0 /BaseFont /STSong-Light /DW 1000 /W [1 95 500] "
    b"/CIDSystemInfo << /Registry (Adobe) /Ordering (GB1) /Supplement 2 >> "
    b"/FontDescriptor 5 0 R >>",
    b"<< /Type /FontDescriptor /FontName /STSong-Light /Flags 6 /FontBBox [-25 -254 1000 880] "
    b"/ItalicAngle 0 /Ascent 880 /Descent -120 /CapHeight 880 /StemV 93 >>",
)


@dataclass(frozen=True)
class Line:
    """A paragraph. ``tick``: a box to tick off stands before it. ``space``: above, in points."""

    text: str
    size: float = 11.0
    tick: bool = False
    space: float = 0.0


def pdf_bytes(title: str, lines: Iterable[Line]) -> bytes:
    """The lines on as many pages as they need."""
    streams = [b"\n".join(page) for page in _pages(lines)] or [b""]
    first = 7
    kids = " ".join(f"{first + 2 * n} 0 R" for n in range(len(streams)))
    objects = [
        b"<< /Type /Catalog /Pages 2 0 R /Lang (zh-CN) "
        b"/ViewerPreferences << /DisplayDocTitle true >> >>",
        f"<< /Type /Pages /Kids [{kids}] /Count {len(streams)} >>".encode(),
        *_FONT,
        b"<< /Title <feff" + title.encode("utf-16-be").hex().encode() + b"> >>",
    ]
    for number, stream in enumerate(streams):
        content = first + 2 * number + 1
        objects.append(
            f"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 {_WIDTH} {_HEIGHT}] "
            f"/Resources << /Font << /F 3 0 R >> >> /Contents {content} 0 R >>".encode()
        )
        objects.append(b"<< /Length %d >>\nstream\n%b\nendstream" % (len(stream), stream))
    return _file(objects)


def _file(objects: list[bytes]) -> bytes:
    out, places = bytearray(b"%PDF-1.4\n%\xe4\xbd\xa0\n"), []
    for number, body in enumerate(objects, 1):
        places.append(len(out))
        out += b"%d 0 obj\n%b\nendobj\n" % (number, body)
    table = b"".join(b"%010d 00000 n \n" % place for place in places)
    end = len(out)
    out += b"xref\n0 %d\n0000000000 65535 f \n%b" % (len(objects) + 1, table)
    out += b"trailer\n<< /Size %d /Root 1 0 R /Info 6 0 R >>\nstartxref\n%d\n%%%%EOF\n" % (
        len(objects) + 1,
        end,
    )
    return bytes(out)


def _pages(lines: Iterable[Line]) -> Iterator[list[bytes]]:
    page: list[bytes] = []
    y = float(_HEIGHT - _MARGIN)
    for line in lines:
        indent = line.size * 1.6 if line.tick else 0.0
        y -= line.space
        for number, text in enumerate(_wrapped(line.text, line.size, indent)):
            y -= line.size * _LEADING
            if y < _MARGIN:
                yield page
                page, y = [], _HEIGHT - _MARGIN - line.size * _LEADING
            if line.tick and number == 0:
                page.append(b"0.8 w %.1f %.1f %.1f %.1f re S" % _box(y, line.size))
            shown = text.encode("utf-16-be").hex().encode()
            place = (line.size, _MARGIN + indent, y, shown)
            page.append(b"BT /F %.1f Tf %.1f %.1f Td <%b> Tj ET" % place)
    if page:
        yield page


def _box(y: float, size: float) -> tuple[float, float, float, float]:
    return _MARGIN, y - size * 0.1, size * 0.9, size * 0.9


def _wrapped(text: str, size: float, indent: float) -> Iterator[str]:
    """``text`` in lines that fit; letters and digits that belong together stay so."""
    room = (_WIDTH - 2 * _MARGIN - indent) / size
    line, used = "", 0.0
    shown = "".join(c if " " <= c <= "\uffff" else " " for c in text.translate(_OUTSIDE))
    for word in _words(shown):
        wide = sum(0.5 if c <= "~" else 1.0 for c in word)
        if line and used + wide > room and word not in _NO_START:
            yield line
            line, used = "", 0.0
            word = word.lstrip()
        line += word
        used += wide
    if line:
        yield line


def _words(text: str) -> Iterator[str]:
    word = ""
    for char in text:
        if not ("!" <= char <= "~") or len(word) > 40:
            if word:
                yield word
            word = ""
            if not ("!" <= char <= "~"):
                yield char
                continue
        word += char
    if word:
        yield word
