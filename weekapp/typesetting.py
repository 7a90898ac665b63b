"""PDF and pictures by typst: the same bytes for the same data, without fonts of the machine. PDF is tagged (PDF/UA-1, A11Y-18)."""

import io
import json
from collections.abc import Mapping
from datetime import UTC, datetime
from functools import cache
from itertools import groupby
from pathlib import Path
from typing import Any

import segno
import typst
from barcode import Code128

MEDIA_TYPE = "application/pdf"
FIXED = datetime(2020, 1, 1, tzinfo=UTC)  # the time in the file: bytes must depend on the data alone


def pdf(template: Path, data: Mapping[str, Any]) -> bytes:
    """Set `data`, which the template reads as JSON from `sys.inputs.data`, with a .typ template."""
    made = typst.compile(
        template.read_bytes(),
        sys_inputs={"data": json.dumps(data, ensure_ascii=False)},
        pdf_standards=["ua-1"],
        ignore_system_fonts=True,
        timestamp=FIXED,
    )
    assert isinstance(made, bytes)
    return made


def png(template: Path, data: Mapping[str, Any]) -> bytes:
    """The one page of a .typ template as a picture: one point of the page is one dot."""
    made = typst.compile(
        template.read_bytes(),
        format="png",
        ppi=72,
        sys_inputs={"data": json.dumps(data, ensure_ascii=False)},
        ignore_system_fonts=True,
        timestamp=FIXED,
    )
    assert isinstance(made, bytes)
    return made


def qr_svg(text: str) -> str:
    """A QR code as SVG, for a template's `image(bytes(...), format: "svg")`."""
    out = io.BytesIO()
    segno.make(text, micro=False, error="m").save(out, kind="svg", xmldecl=False, border=0, omitsize=False)
    return out.getvalue().decode()


def code128_svg(text: str) -> str:
    """A Code128 barcode as SVG, its modules one unit wide; a scanner needs ten of them white on both sides: the template leaves room."""
    modules = Code128(text).build()[0]
    bars, start = [], 0
    for is_bar, run in groupby(modules, lambda module: module == "1"):
        width = len(list(run))
        if is_bar:
            bars.append(f"M{start} 0h{width}v1h-{width}z")
        start += width
    return f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {start} 1" preserveAspectRatio="none"><path d="{"".join(bars)}"/></svg>'


def let_go_of_pages() -> None:
    """Keep a process small: typst remembers the pages of its last ten documents, so set ten empty ones (80 ms; 160 MB instead of 670)."""
    for _ in range(11):
        typst.compile(b"", ignore_system_fonts=True)


def unprintable(text: str) -> str:
    """The letters and signs of a text that our fonts do not have, such as an emoji; each once."""
    return "".join(sign for sign in dict.fromkeys(text) if not is_printable(sign))


@cache
def is_printable(sign: str) -> bool:
    """Whether a page with this sign can be made: the only sure way to know is to make one."""
    if sign.isascii():
        return sign.isprintable()
    source = b'#set document(title: "x", date: none)\n#set text(lang: "nl")\n#sys.inputs.text'
    try:
        typst.compile(source, sys_inputs={"text": f"a{sign}"}, pdf_standards=["ua-1"], ignore_system_fonts=True)
    except typst.TypstError:
        return False
    return True
