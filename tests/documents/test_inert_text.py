"""What people type is printed as typed: never run, never followed, never lost in silence."""

from dataclasses import replace
from pathlib import Path

import pytest
import typst

from atre.documents import engine
from atre.documents.engine import (
    TEMPLATES_DIR,
    DocumentError,
    Template,
    compile_pdf,
    confined_compiler,
)
from atre.documents.font_coverage import drawable_codepoints
from atre.documents.letters import LetterKind, render_letter
from atre.documents.printable import printable_text
from atre.documents.visit_report import Finding, render_visit_report
from tests.documents.letter_samples import CONTENTS, letter_of
from tests.documents.pdf_reading import page_texts, rightmost_ink_mm, text_of
from tests.documents.samples import full_report

HOSTILE = [
    '#read("/etc/passwd")',
    '#import "@preview/cetz:0.3.0"',
    "$x$ *gras* _penché_ `code` <label> @ref = titre",
    "// commentaire /* fin",
    "]) #panic() \\u{41} ~ -- ---",
    "{{ 7 * 7 }} {% now %} <script>alert(1)</script>",
]


@pytest.mark.parametrize("typed", HOSTILE)
def test_markup_typed_by_people_is_printed_as_it_is(typed: str):
    in_every_free_field = replace(
        full_report(),
        household_words=typed,
        visitor_note=typed,
        findings=(Finding(sentence=typed, caution=typed),),
        programme_name=typed,
    )

    text = text_of(render_visit_report(in_every_free_field))

    assert text.count(" ".join(typed.split())) >= 5
    assert "root:" not in text


@pytest.mark.parametrize("typed", HOSTILE)
def test_markup_in_a_letter_is_printed_as_it_is(typed: str):
    sample = CONTENTS[LetterKind.SOCIAL_WORKER][1]

    text = text_of(
        render_letter(
            letter_of(LetterKind.SOCIAL_WORKER, content=replace(sample, situation=(typed,)))
        )
    )

    assert " ".join(typed.split()) in text


@pytest.mark.parametrize(
    "code",
    ['#read("/etc/passwd")', '#read("../engine.py")', '#read("../../../../../../etc/passwd")'],
)
def test_even_template_code_cannot_read_outside_the_templates(code: str):
    compiler = confined_compiler()
    inside = compiler.compile(input=b'#read("/house.typ").len()', format="pdf")

    assert inside.startswith(b"%PDF")
    with pytest.raises(typst.TypstError, match=r"not found|escape"):
        compiler.compile(input=code.encode(), format="pdf")


def test_templates_use_no_package_no_evaluation_and_no_file_but_the_house():
    for template in TEMPLATES_DIR.glob("*.typ"):
        code = template.read_text(encoding="utf-8").replace('image("mark.svg",', "")
        imports = [line for line in code.splitlines() if line.startswith(("#import", "#include"))]
        assert imports in ([], ['#import "house.typ": *'])
        for forbidden in ("@preview", "@local", "eval(", "read(", "plugin(", "image("):
            assert forbidden not in code, template.name


@pytest.mark.parametrize(
    "name", ["שרה כהן", "محمد بن علي", "Ольга Петрова", "Nguyễn Thị Hạnh", "Łukasz Żółć"]
)
def test_names_in_other_scripts_are_printed(name: str):
    assert printable_text(name) == name
    report = full_report()
    pdf = render_visit_report(replace(report, household=replace(report.household, name=name)))

    # Right-to-left words may be extracted in another order: letters are what must not be lost.
    letters = set(name.replace(" ", ""))
    assert letters <= set(page_texts(pdf)[0])
    assert "Le signe □ remplace" not in text_of(pdf)


def test_signs_that_no_font_draws_become_one_box_and_the_document_says_so():
    text = text_of(
        render_visit_report(replace(full_report(), household_words="Il fait froid 🥶🥶 漢字 ici"))
    )

    assert "Il fait froid □ □ ici" in text
    assert "Le signe □ remplace un caractère" in text
    assert "Le signe □ remplace" not in text_of(render_visit_report(full_report()))


def test_control_and_direction_characters_are_taken_out():
    assert printable_text("a\x00b\x1b\u202eevil\u2066c\ufe0f\r\nd\te") == "abevilc\nd e"


def test_spaces_before_french_signs_do_not_break():
    assert printable_text("Qui ? « oui » : 7 %") == "Qui\xa0? «\xa0oui\xa0»\xa0: 7\xa0%"


@pytest.mark.parametrize(
    "word", ["x" * 400, "a.b@" + "c" * 120 + ".example", "https://exemple.test/" + "y" * 300]
)
def test_a_very_long_word_stays_on_the_page_and_whole(word: str):
    report = full_report()
    hostile = replace(
        report,
        reference=word[:60],
        visitor_note=word,
        steps=(replace(report.steps[0], who=word),),
        services=(replace(report.services[0], name=word, state=word, phone=word),),
        equipment=(replace(report.equipment[0], item=word),),
        uses=(replace(report.uses[0], energy=word),),
    )

    pdf = render_visit_report(hostile)

    assert rightmost_ink_mm(pdf) <= 210 - 20
    assert word in text_of(pdf).replace(" ", "")


def test_a_refused_document_never_repeats_the_households_words(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(engine, "printable_data", lambda data: data)

    with pytest.raises(DocumentError) as refused:
        render_visit_report(replace(full_report(), household_words="secret 🥶"))

    assert "could not be displayed" in str(refused.value)
    assert "secret" not in str(refused.value)
    assert "🥶" not in str(refused.value)


def test_missing_data_is_refused_and_not_printed_empty():
    with pytest.raises(DocumentError, match=r"letter\.typ"):
        compile_pdf(
            Template.LETTER,
            {"title": "Essai"},
            issued_on=letter_of(LetterKind.FSL_SUPPORT).written_on,
        )


def test_font_coverage_is_read_from_the_fonts():
    drawable = drawable_codepoints()

    assert all(ord(char) in drawable for char in "àéèêëîïôùûüÿçœæÀÉŒ«»’…€²³°–—\u202f\u00a0□אعЖ")
    assert ord("漢") not in drawable
    assert 0xFFFF not in drawable
    assert Path(engine.FONTS_DIR).is_dir()
