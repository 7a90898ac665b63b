"""PDF by typst: tagged (PDF/UA-1), in Dutch, the same bytes for the same data, without fonts of the machine (A11Y-18)."""

import io
import json
from collections.abc import Mapping
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import segno
import typst

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


def qr_svg(text: str) -> str:
    """A QR code as SVG, for a template's `image(bytes(...), format: "svg")`."""
    out = io.BytesIO()
    segno.make(text, micro=False, error="m").save(out, kind="svg", xmldecl=False, border=0, omitsize=False)
    return out.getvalue().decode()
