"""What the observatory was given: each file with its years, what was read of it and what was not."""

from dataclasses import dataclass

from atre.warehouse.edition import Edition, NotBuilt, read_edition
from atre.warehouse.folders import Folders, data_folder
from atre.warehouse.sources.receipts import REJECTS_FILE, Receipt, folder_of, receipts
from atre.warehouse.staging.figures import Standing
from atre.web.observatory import publishers, words


@dataclass(frozen=True)
class Source:
    """One file received. `standings` is None until a build has counted its rows."""

    receipt: Receipt
    publisher: str
    licence: str
    years: str
    levels: str
    standings: list[tuple[str, int]] | None

    @property
    def has_rejects(self) -> bool:
        return self.receipt.rejected > 0


def edition() -> Edition | None:
    try:
        return read_edition(data_folder())
    except NotBuilt:
        return None


def sources() -> list[Source]:
    """Every file received, the last one first."""
    folders, built = data_folder(), edition()
    counted = {} if built is None else {one.file: one.standings for one in built.accounts}
    return [_source(one, counted.get(one.key)) for one in reversed(receipts(folders))]


def _source(receipt: Receipt, standings: dict[str, int] | None) -> Source:
    years = receipt.years
    vintage = "" if not years else str(years[0])
    return Source(
        receipt=receipt,
        publisher=publishers.short_fr(receipt.format),
        licence=publishers.licence_fr(receipt.format),
        years=f"{vintage} à {years[-1]}" if len(years) > 1 else vintage,
        levels=", ".join(words.LEVELS_FR.get(level, level) for level in receipt.levels),
        standings=None
        if standings is None
        else [
            (words.STANDINGS_FR[one], standings[one])
            for one in Standing
            if standings.get(one) and one is not Standing.KEPT
        ],
    )


def rejects_of(folders: Folders, key: str) -> tuple[Receipt, bytes] | None:
    """The lines of a file that were not read, each with its reason; None for a file unknown."""
    for receipt in receipts(folders):
        if receipt.key == key:
            path = folder_of(folders, key) / REJECTS_FILE
            return (receipt, path.read_bytes()) if path.is_file() else None
    return None
