"""What a person may attach: recognised by its content, and rid of what it says unasked.

A photo taken with a telephone carries the place and the hour it was taken. Photos are drawn
again from their pixels alone; only their upright orientation is kept.
"""

import io
from dataclasses import dataclass

from django.conf import settings

from atre.domain.errors import InvalidInput

# Telephones take 50 million points; decoded, two copies of that hold in 300 MB of memory.
MAX_PIXELS = 50_500_000
JPEG_QUALITY = 88
FORMATS = "une photo (JPEG, PNG ou WebP) ou un PDF"


@dataclass(frozen=True)
class CleanFile:
    """A content ready to keep, with the type that its bytes show."""

    content: bytes
    content_type: str


def sniff(content: bytes) -> str:
    """The media type from the first bytes, whatever the name says; "" when not accepted."""
    if content.startswith(b"%PDF-"):
        return "application/pdf"
    if content.startswith(b"\xff\xd8\xff"):
        return "image/jpeg"
    if content.startswith(b"\x89PNG\r\n\x1a\n"):
        return "image/png"
    if content.startswith(b"RIFF") and content[8:12] == b"WEBP":
        return "image/webp"
    return ""


def check_size(size_bytes: int) -> None:
    """`InvalidInput` beyond the limit, so that a view may ask before it reads the content."""
    limit = settings.UPLOAD_MAX_BYTES
    if size_bytes > limit:
        raise InvalidInput(
            f"Ce fichier pèse {_megabytes(size_bytes)} Mo ; la limite est de "
            f"{_megabytes(limit)} Mo. Reprenez la photo en qualité moyenne, ou envoyez-la en "
            "plusieurs fichiers.",
            field="file",
        )
    if size_bytes == 0:
        raise InvalidInput("Ce fichier est vide.", field="file")


def _megabytes(size_bytes: int) -> int:
    return -(-size_bytes // (1024 * 1024))


def clean(content: bytes) -> CleanFile:
    """The content to keep: a PDF as it is, a photo without its hidden data.

    `InvalidInput` when it is too large, of another kind, or cannot be read.
    """
    check_size(len(content))
    content_type = sniff(content)
    if not content_type:
        raise InvalidInput(f"Ce fichier n’est pas lisible ici : envoyez {FORMATS}.", field="file")
    if content_type == "application/pdf":
        return CleanFile(content=content, content_type=content_type)
    return CleanFile(content=_redraw(content, content_type), content_type=content_type)


def _redraw(content: bytes, content_type: str) -> bytes:
    from PIL import Image, ImageOps, UnidentifiedImageError

    kind = content_type.removeprefix("image/").upper()
    try:
        with Image.open(io.BytesIO(content), formats=[kind]) as opened:
            if opened.width * opened.height > MAX_PIXELS:
                raise too_many_pixels()
            upright = ImageOps.exif_transpose(opened)
            mode = "RGBA" if upright.has_transparency_data and kind != "JPEG" else "RGB"
            drawn = upright.convert(mode)
    except (Image.DecompressionBombError, Image.DecompressionBombWarning) as bomb:
        raise too_many_pixels() from bomb
    except (UnidentifiedImageError, OSError, SyntaxError, ValueError) as fault:
        raise InvalidInput(
            "Cette image est abîmée : reprenez la photo ou envoyez un autre fichier.", field="file"
        ) from fault
    # Encoders write what `info` holds: EXIF, comment, texts, colour profile, thumbnail.
    drawn.info.clear()
    output = io.BytesIO()
    drawn.save(output, format=kind, quality=JPEG_QUALITY)
    return output.getvalue()


def too_many_pixels() -> InvalidInput:
    return InvalidInput(
        "Cette image a trop de points pour être ouverte ici : réduisez-la.", field="file"
    )
