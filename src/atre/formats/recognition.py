"""Which kind of file this is, told from its first bytes."""

import importlib
import re
from typing import BinaryIO

from atre.calc.wording import NO_BREAK
from atre.formats.gzip_files import GZIP_MARK, read_unpacked, unpacked
from atre.formats.iris_figures import PARQUET_MARK
from atre.formats.reading import Format, UnreadableFile
from atre.formats.text_files import HEAD_BYTES, UTF16_FR, UTF16_MARKS, head_lines, plain
from atre.formats.workbook_files import HUGE_FR, MAX_ARCHIVE_BYTES, is_archive

# Each module has `FORMATS: tuple[Format, ...]`. The first format that recognises a file reads it:
# the more particular ones come first.
READERS: tuple[str, ...] = (
    "enedis_hdm",
    "enedis_flux_curves",
    "enedis_flux_registers",
    "enedis_consultation",
    "enedis_r64",
    "edf_half_hours",
    "enedis_export",
    "facturx",
    "grdf",
    "meteofrance",
    "odre",
    "epw",
    "filosofi",
    "igt",
    "dpe",
    "dpe_rows",
    "base_logement",
    "iris_figures",
    "sdes",
    "ore",
    "production_register",
    "production_communes",
    "plain_series",
)


def _gathered() -> tuple[Format, ...]:
    modules = [importlib.import_module(f"atre.formats.{name}") for name in READERS]
    return tuple(known for module in modules for known in module.FORMATS)


FORMATS: tuple[Format, ...] = _gathered()

# What a file may be instead, by its first bytes (« magic numbers »).
OTHER_KINDS: tuple[tuple[bytes, str], ...] = (
    (b"%PDF", "un PDF : ses chiffres ne s’y lisent pas, demandez l’export en CSV ou en XLSX"),
    (b"PK\x05\x06", "une archive vide"),
    (b"\x1f\x8b", "un fichier compressé (gzip) : décompressez-le d’abord"),
    (b"7z\xbc\xaf", "un fichier compressé (7z) : décompressez-le d’abord"),
    (b"Rar!", "un fichier compressé (RAR) : décompressez-le d’abord"),
    (b"\xd0\xcf\x11\xe0", "un ancien classeur .xls ou un document protégé : passez-le en .xlsx"),
    (b"\x89PNG", "une image PNG"),
    (b"\xff\xd8\xff", "une photo JPEG"),
    (b"PAR1", "un fichier Parquet"),
    (
        b"version https://git-lfs",
        "un pointeur Git LFS, sans les données : prenez le vrai fichier sur le site du publieur "
        "(ou « git lfs pull » dans son dépôt)",
    ),
)
FORMATS_PAGE = "docs/reference/formats.md"
MOST_GUESSES = 3
# What a file that is not recognised was likely meant as, by its kind, then by its words.
WORKBOOKS = ("enedis_export_xlsx", "grdf_xlsx")
XMLS = ("enedis_r50", "enedis_consultation_mesures", "facturx_xml")
JSONS = ("grdf_json", "enedis_r64")
PDFS = ("facturx_pdf", "enedis_export_xlsx", "grdf_xlsx")
WORDS: tuple[tuple[re.Pattern[str], tuple[str, ...]], ...] = (
    (re.compile(r"grand.secteur|code.iris"), ("sdes_local_energy", "ore_consumption")),
    (re.compile(r"puis.?max|codeinsee"), ("odre_production_register",)),
    (re.compile(r"horodate|\bprm\b|grandeur"), ("enedis_hdm", "enedis_export_csv")),
    (re.compile(r"puissances? atteinte"), ("edf_half_hours",)),
    (re.compile(r"num_poste|\btm\b|\btntxm\b"), ("meteofrance_daily", "meteofrance_hourly")),
    (re.compile(r"codgeo|\biris\b"), ("filosofi", "base_logement")),
    (re.compile(r"\bdpe|etiquette"), ("dpe_rows", "dpe_counted")),
    (re.compile(r"insee commune"), ("igt",)),
    (re.compile(r"departement"), ("odre_temperatures",)),
    (re.compile(r"temp|°c"), ("plain_temperatures", "odre_temperatures", "meteofrance_daily")),
    (re.compile(r"\bpce\b|\bgaz\b|\bm3\b|m³"), ("grdf_xlsx", "plain_bills")),
    (re.compile(r"debut|\bfin\b|start|end\b"), ("plain_bills", "enedis_export_csv")),
    (re.compile(r"kwh|conso|energ"), ("plain_daily", "plain_bills", "enedis_export_csv")),
)
ROOT = re.compile(r"<(?:[\w.-]+:)?([A-Za-z_][\w.-]*)")


def recognise(head: bytes) -> Format:
    """The format of a file, from its first 64 KB (an archive: whole).

    Raises UnreadableFile with what was found and what is read.

    >>> recognise(b"<R50><PRM/></R50>").key
    'enedis_r50'
    >>> recognise(b"Bonjour")  # doctest: +ELLIPSIS
    Traceback (most recent call last):
    ...
    atre.formats.reading.UnreadableFile: Ce fichier texte n’est pas connu...
    """
    for known in FORMATS:
        if known.recognises(head):
            return known
    raise UnreadableFile(f"{_found_fr(head)} {_read_fr(head)}")


def recognise_stream(stream: BinaryIO) -> Format:
    r"""The format of a seekable stream, which is left at its beginning.

    An archive or a Parquet file is shown whole to the readers: what it holds cannot be told from
    its first bytes. A gzip is read through, once: the format given takes the stream as it is.
    Raises UnreadableFile as `recognise` does.

    >>> import gzip
    >>> from io import BytesIO
    >>> stream = BytesIO(gzip.compress(b"date,kwh\n2024-01-01,12\n"))
    >>> recognise_stream(stream).key, stream.tell()
    ('plain_daily', 0)
    """
    head = _head(stream)
    is_packed = head.startswith(GZIP_MARK)
    if is_packed:
        stream.seek(0)
        head = _head(unpacked(stream))
    stream.seek(0)
    return read_unpacked(recognise(head)) if is_packed else recognise(head)


def _head(stream: BinaryIO) -> bytes:
    head = stream.read(HEAD_BYTES)
    if is_archive(head) or head.startswith(PARQUET_MARK):
        head += stream.read(MAX_ARCHIVE_BYTES + 1 - len(head))
        if len(head) > MAX_ARCHIVE_BYTES:
            raise UnreadableFile(HUGE_FR)
    return head


def _found_fr(head: bytes) -> str:
    if not head:
        return "Ce fichier est vide."
    if head.startswith(UTF16_MARKS):
        return UTF16_FR
    for mark, words in OTHER_KINDS:
        if head.startswith(mark):
            return f"Ce fichier est {words}."
    if is_archive(head):
        return (
            "Ce fichier est une archive : si c’est un .zip, décompressez-le ; si c’est un classeur, "
            "aucune de ses feuilles n’a les titres de colonnes attendus."
        )
    if b"\x00" in head[:HEAD_BYTES]:
        return "Ce fichier n’est ni du texte ni un classeur."
    return _text_fr(head_lines(head, 3))


def _text_fr(lines: list[str]) -> str:
    if not lines:
        return "Ce fichier ne contient que des lignes vides."
    first = lines[0]
    if first.startswith("<"):
        roots = [name for name in ROOT.findall(" ".join(lines)) if name.casefold() != "xml"]
        if roots and roots[0].casefold() in {"html", "head", "body"}:
            return "Ce fichier est une page web : téléchargez le fichier de mesures lui-même."
        return f"Ce fichier XML (racine « {roots[0] if roots else '?'} ») n’est pas connu."
    if first.startswith(("{", "[")):
        return "Ce fichier JSON n’est pas de ceux que l’on connaît."
    return f"Ce fichier texte n’est pas connu ; sa première ligne est «{NO_BREAK}{first[:80]}{NO_BREAK}»."


def _read_fr(head: bytes) -> str:
    # Titles have commas of their own.
    near = f"{NO_BREAK}; ".join(known.title_fr for known in nearest(head))
    guesses = f" Les plus proches{NO_BREAK}: {near}." if near else ""
    return f"On sait lire {len(FORMATS)} sortes de fichiers ({FORMATS_PAGE}).{guesses}"


def nearest(head: bytes) -> tuple[Format, ...]:
    """The formats that a file not recognised may have been meant as, the likeliest first, three at
    most: by what their files are made of, then by the words of the first lines.

    >>> [known.key for known in nearest(b"jour;conso kwh")]
    ['plain_daily', 'plain_bills', 'enedis_export_csv']
    """
    words = plain(" ".join(head_lines(head, 3)))
    is_other = head.startswith(tuple(mark for mark, _ in OTHER_KINDS)) or b"\x00" in head
    for is_of_kind, keys in (
        (is_archive(head) or head.startswith(b"\xd0\xcf"), WORKBOOKS),
        (head.startswith(b"%PDF"), PDFS),
        (is_other, ()),
        (words.startswith("<"), XMLS),
        (words.startswith(("{", "[")), JSONS),
    ):
        if is_of_kind:
            return _named(keys)
    return _named(tuple(key for pattern, keys in WORDS for key in keys if pattern.search(words)))


def _named(keys: tuple[str, ...]) -> tuple[Format, ...]:
    by_key = {known.key: known for known in FORMATS}
    return tuple(by_key[key] for key in dict.fromkeys(keys) if key in by_key)[:MOST_GUESSES]
