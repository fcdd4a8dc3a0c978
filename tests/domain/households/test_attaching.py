"""Files of a case: recognised by content, rid of hidden data, written whole."""

import io

import pytest
from django.db import transaction
from PIL import Image

from atre.domain.agencies.enums import Role
from atre.domain.audit.models import AuditEntry
from atre.domain.errors import InvalidInput, NotAllowed
from atre.domain.households import files, uploads
from atre.domain.households.actions import attaching
from atre.domain.households.enums import AttachmentKind
from atre.domain.households.models import Attachment, Case
from tests.support import world

PDF = b"%PDF-1.7\n1 0 obj\n<<>>\nendobj\n%%EOF\n"
GPS, ORIENTATION, COMMENT = 34853, 274, b"pris chez Mme Exemple"


@pytest.fixture(autouse=True)
def own_folder(settings, tmp_path):
    settings.FILES_DIR = tmp_path


@pytest.fixture
def agency(db):
    return world.agency()


@pytest.fixture
def case(agency):
    return world.case(world.programme(agency))


@pytest.fixture
def adviser(agency):
    return world.member(agency)


def photo(kind: str = "JPEG", size: tuple[int, int] = (40, 20)) -> bytes:
    """A photo that says where it was taken and lies on its side."""
    image = Image.new("RGB", size, "orange")
    exif = Image.Exif()
    exif[ORIENTATION] = 6
    exif.get_ifd(GPS)[2] = (48.0, 50.0, 0.0)
    output = io.BytesIO()
    extra = {"comment": COMMENT} if kind == "JPEG" else {}
    image.save(output, format=kind, exif=exif, **extra)
    return output.getvalue()


def attach(by, case, content=PDF, name="facture.pdf"):
    return attaching.add_attachment(
        by=by, case=case, kind=AttachmentKind.BILL, name=name, content=content
    )


@pytest.mark.parametrize("kind", ["JPEG", "PNG", "WEBP"])
def test_a_photo_keeps_its_pixels_upright_and_nothing_of_where_it_was_taken(kind):
    content = photo(kind)
    assert Image.open(io.BytesIO(content)).getexif().get_ifd(GPS)

    cleaned = uploads.clean(content)

    image = Image.open(io.BytesIO(cleaned.content))
    assert image.size == (20, 40)
    assert not dict(image.getexif())
    assert COMMENT not in cleaned.content
    assert b"Exif" not in cleaned.content
    assert cleaned.content_type == f"image/{kind.lower()}"


def test_a_transparent_png_stays_transparent():
    output = io.BytesIO()
    Image.new("RGBA", (4, 4), (0, 0, 0, 0)).save(output, format="PNG")

    cleaned = uploads.clean(output.getvalue())

    assert Image.open(io.BytesIO(cleaned.content)).getpixel((0, 0))[3] == 0


def test_a_file_is_what_its_bytes_say_and_not_its_name(adviser, case):
    row = attach(adviser, case, photo("PNG"), name="../../etc/facture.pdf")

    assert (row.content_type, row.name) == ("image/png", "facture.png")
    with pytest.raises(InvalidInput):
        attach(adviser, case, b"<script>alert(1)</script>", name="facture.pdf")


@pytest.mark.parametrize(
    ("content", "says"),
    [
        (b"", "vide"),
        (photo()[:200], "abîmée"),
        (b"MZ\x90\x00", "lisible"),
    ],
)
def test_what_cannot_be_read_is_refused_in_a_sentence(content, says):
    with pytest.raises(InvalidInput, match=says) as refusal:
        uploads.clean(content)
    assert refusal.value.field == "file"


def test_a_file_over_the_limit_is_refused_before_it_is_read(settings):
    with pytest.raises(InvalidInput, match="60 Mo ; la limite est de 15 Mo"):
        uploads.check_size(60 * 1024 * 1024)
    uploads.check_size(settings.UPLOAD_MAX_BYTES)


def test_an_image_of_too_many_points_is_refused(monkeypatch):
    monkeypatch.setattr(uploads, "MAX_PIXELS", 799)

    with pytest.raises(InvalidInput, match="trop de points"):
        uploads.clean(photo())


def test_an_image_that_would_fill_the_memory_is_refused_unopened():
    bomb = io.BytesIO()
    Image.new("1", (14000, 14000)).save(bomb, format="PNG")

    with pytest.raises(InvalidInput, match="trop de points"):
        uploads.clean(bomb.getvalue())


def test_the_same_content_is_kept_once_in_the_agency_s_folder(adviser, case, settings):
    one, two = attach(adviser, case), attach(adviser, case, name="copie.pdf")

    assert one.sha256 == two.sha256
    path = files.path_of(agency_id=case.agency_id, sha256=one.sha256)
    assert path.relative_to(settings.FILES_DIR).parts[:2] == (str(case.agency_id), one.sha256[:2])
    assert path.read_bytes() == PDF
    assert [p for p in settings.FILES_DIR.rglob("*") if p.is_file()] == [path]


def test_a_rollback_leaves_at_most_a_file_that_orphan_files_finds(adviser, case):
    with transaction.atomic():
        attach(adviser, case)
        transaction.set_rollback(True)

    assert not Attachment.objects.exists()
    (orphan,) = files.orphan_files(agency_id=case.agency_id)
    assert orphan.read_bytes() == PDF
    attach(adviser, case)
    assert files.orphan_files(agency_id=case.agency_id) == []


def test_a_write_that_fails_leaves_no_half_file(settings, monkeypatch):
    def full_disk(descriptor: int) -> None:
        raise OSError("no space left")

    monkeypatch.setattr(files.os, "fsync", full_disk)
    with pytest.raises(OSError, match="no space"):
        files.store(agency_id=1, content=PDF)

    assert [p for p in settings.FILES_DIR.rglob("*") if p.is_file()] == []


@pytest.mark.parametrize("digest", ["", "../../secret", "A" * 64, "a" * 63])
def test_no_path_comes_from_outside(digest):
    with pytest.raises(ValueError, match="digest"):
        files.path_of(agency_id=1, sha256=digest)


def test_attaching_is_journaled_and_taking_off_asks_why(adviser, case):
    row = attach(adviser, case)
    assert AuditEntry.objects.get(action="add_attachment").case_id == case.pk

    with pytest.raises(InvalidInput):
        attaching.remove_attachment(by=adviser, attachment=row, reason="")
    attaching.remove_attachment(by=adviser, attachment=row, reason="Facture d’un autre ménage.")

    assert not Attachment.objects.exists()
    assert AuditEntry.objects.get(action="remove_attachment").details == {"kind": "bill"}


def test_an_operator_and_another_agency_attach_nothing(agency, case):
    visitor = world.member(agency, Role.VISITOR)
    stranger = world.member(world.agency(insee=world.BAGNOLET))

    with pytest.raises(NotAllowed):
        attach(visitor, case)
    with pytest.raises(Case.DoesNotExist):
        attach(stranger, case)
    assert not Attachment.objects.exists()
