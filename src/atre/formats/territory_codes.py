"""Codes of communes and IRIS as files write them: leading zeros that a spreadsheet ate, small
letters, and what is the code of no place."""

from dataclasses import dataclass

import pyarrow as pa
import pyarrow.compute as pc

from atre.formats.territory_figures import Level
from atre.formats.text_files import WarningTally

# Departments of the Code officiel géographique: 20 was cut in 2A and 2B in 1976.
_COMMUNE = r"((0[1-9]|1\d|2[1-9AB]|[3-8]\d|9[0-5])\d{3}|97[1-8]\d{2}|98[46-9]\d{2})"  # and overseas
PATTERNS: dict[Level, str] = {
    Level.COMMUNE: rf"^{_COMMUNE}$",
    Level.IRIS: rf"^{_COMMUNE}\d{{4}}$",
    Level.EPCI: r"^2\d{8}$",
    Level.DEPARTMENT: r"^(0[1-9]|1\d|2[1-9AB]|[3-8]\d|9[0-5]|97[1-8])$",
    Level.REGION: r"^(0[1-6]|11|2[478]|32|44|5[23]|7[56]|84|9[34])$",
    Level.COUNTRY: r"^(FR|FRANCE|F)$",
}
# One digit is missing and only a zero can have been there: departments 01 to 09.
_SHORT: dict[Level, str] = {
    Level.COMMUNE: r"^[1-9]\d{3}$",
    Level.IRIS: r"^[1-9]\d{7}$",
    Level.DEPARTMENT: r"^[1-9]$",
}
NAMES_FR: dict[Level, str] = {
    Level.COMMUNE: "commune (5 caractères, comme 01004 ou 2A004)",
    Level.IRIS: "IRIS (9 caractères, comme 010040101)",
    Level.EPCI: "EPCI (SIREN de 9 chiffres)",
    Level.DEPARTMENT: "département (comme 01 ou 2A)",
    Level.REGION: "région (comme 52)",
    Level.COUNTRY: "pays (FR)",
}
REPAIRED_FR = "Code sans son zéro de tête (un tableur l’enlève) : le zéro a été remis."


@dataclass(frozen=True, slots=True)
class Codes:
    """`codes` is null where what the file has is the code of no place of this level; `repaired`
    says where a zero was put back."""

    codes: pa.Array
    repaired: pa.Array


def unknown_code_fr(level: Level) -> str:
    """Why a code is refused, in a sentence.

    >>> unknown_code_fr(Level.EPCI)
    'Ce n’est pas un code de EPCI (SIREN de 9 chiffres) : ligne non rattachée à un territoire.'
    """
    return f"Ce n’est pas un code de {NAMES_FR[level]} : ligne non rattachée à un territoire."


def official_codes(texts: pa.Array, level: Level) -> Codes:
    """Codes in their official form. A missing zero is put back only where nothing else can have
    stood there: four digits of which the first is not a zero, for a commune.

    >>> official_codes(pa.array(["1004", "2a004", "99351", "004", "75056"]), Level.COMMUNE).codes.to_pylist()
    ['01004', '2A004', None, None, '75056']
    """
    bare = pc.utf8_upper(pc.utf8_trim_whitespace(texts))
    repaired = pa.array([False] * len(bare), pa.bool_())
    if short := _SHORT.get(level):
        repaired = pc.fill_null(pc.match_substring_regex(bare, short), False)
        bare = pc.if_else(repaired, pc.binary_join_element_wise("0", bare, ""), bare)
    known = pc.fill_null(pc.match_substring_regex(bare, PATTERNS[level]), False)
    return Codes(pc.if_else(known, bare, pa.scalar(None, pa.string())), repaired)


def tell_repaired(found: Codes, lines: list[int], tally: WarningTally) -> None:
    """Counts the codes repaired in `tally`, with the first line.

    >>> tally = WarningTally()
    >>> tell_repaired(official_codes(pa.array(["01001", "1004"]), Level.COMMUNE), [2, 3], tally)
    >>> [(each.count, each.first_line) for each in tally.take()]
    [(1, 3)]
    """
    count = pc.sum(found.repaired).as_py() or 0
    if count:
        first = pc.index(found.repaired, pa.scalar(True)).as_py()
        tally.add(REPAIRED_FR, line=lines[first], count=count)
