"""From prepared data to an accessible PDF (PDF/UA-1) with Typst, in this process, without network or system fonts.

What people typed reaches Typst as JSON in `sys.inputs` and is only ever shown as a string: no part of it is read as
markup, code or a path. Templates read nothing but their own folder, which is the compiler's root.
"""

import json
import re
import threading
from collections.abc import Mapping
from datetime import UTC, date, datetime, time
from enum import StrEnum
from functools import lru_cache
from pathlib import Path
from typing import Any

import typst

from atre.documents.font_coverage import FONTS_DIR
from atre.documents.printable import lost_characters, printable_data

TEMPLATES_DIR = Path(__file__).parent / "templates"
_QUOTED = re.compile(r"`[^`]*`")


class Template(StrEnum):
    VISIT_REPORT = "visit_report.typ"
    LETTER = "letter.typ"
    TERRITORY_EXTRACT = "territory_extract.typ"


class DocumentError(RuntimeError):
    """Typst refused a document. The message never carries the document's text, so it can be logged."""


def compile_pdf(template: Template, data: Mapping[str, Any], *, issued_on: date) -> bytes:
    """Return the PDF of `template` filled with `data` (JSON types only).

    `issued_on` is the document's creation date at 0 h UTC: the same data and date give the same bytes.
    Raises DocumentError when Typst or its PDF/UA-1 checks refuse the document.
    """
    shown = printable_data(dict(data))
    shown["lost_characters"] = lost_characters(shown)
    shown["issued_on"] = {"year": issued_on.year, "month": issued_on.month, "day": issued_on.day}
    try:
        pdf = _compiler().compile(
            input=TEMPLATES_DIR / template.value,
            format="pdf",
            sys_inputs={"data": json.dumps(shown, sort_keys=True)},
            pdf_standards="ua-1",
            timestamp=datetime.combine(issued_on, time(), tzinfo=UTC),
        )
    except typst.TypstError as error:
        # Typst quotes the offending text between backquotes: a household's words must not reach a log.
        reason = _QUOTED.sub("`…`", error.message)
        raise DocumentError(f"{template.value}: {reason}") from None
    if not isinstance(pdf, bytes):
        raise DocumentError(f"{template.value}: expected one PDF, got {type(pdf).__name__}")
    return pdf


_local = threading.local()


def _compiler() -> typst.Compiler:
    # A Compiler shared by two threads raises "Already borrowed"; one per thread keeps its warm cache (10 ms a page
    # instead of 120).
    compiler: typst.Compiler | None = getattr(_local, "compiler", None)
    if compiler is None:
        compiler = confined_compiler()
        _local.compiler = compiler
    return compiler


def confined_compiler() -> typst.Compiler:
    """Return a compiler that reads the templates' folder and our fonts, and nothing else on this machine."""
    return typst.Compiler(root=TEMPLATES_DIR, font_paths=_fonts(), ignore_system_fonts=True)


@lru_cache(maxsize=1)
def _fonts() -> typst.Fonts:
    return typst.Fonts(
        include_system_fonts=False, include_embedded_fonts=False, font_paths=[str(FONTS_DIR)]
    )
