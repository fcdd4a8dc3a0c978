"""A file dropped on a page: read and built beside the server, its state written at each step."""

import logging

from atre.formats.reading import UnreadableFile
from atre.jobs import observatory
from atre.warehouse.building import NothingReceived
from atre.warehouse.closing import TotalsDiffer
from atre.warehouse.engine import EngineMissing
from atre.warehouse.folders import Folders, data_folder
from atre.warehouse.sources import drops
from atre.warehouse.sources.drops import Drop, DropState

log = logging.getLogger(__name__)

STOPPED_FR = (
    "La lecture s’est arrêtée sur une erreur du logiciel, notée dans le journal du serveur. Les "
    "tables d’avant restent servies ; déposez le fichier de nouveau, ou prévenez qui tient le serveur."
)


def take_in(key: str, *, folders: Folders | None = None) -> None:
    """Reads a dropped file and builds the tables again. Run twice, it does the work once."""
    folders = folders or data_folder()
    drop = drops.drop_of(folders, key)
    if drop is None or drop.is_finished:
        return
    try:
        _take_in(folders, drop)
    except Exception:
        log.exception("the observatory could not take in a file")
        drops.note(folders, _now(folders, drop), state=DropState.FAILED, message_fr=STOPPED_FR)
        raise
    finally:
        drops.erase(folders, drop.sha256)


def _take_in(folders: Folders, drop: Drop) -> None:
    path = drops.file_of(folders, drop)
    if path is None:
        drops.note(folders, drop, state=DropState.FAILED, message_fr=STOPPED_FR)
        return
    drop = drops.note(folders, drop, state=DropState.READING)
    (answer,) = observatory.receive_files([path], folders=folders)
    if isinstance(answer, UnreadableFile):
        drops.note(folders, drop, state=DropState.REFUSED, message_fr=answer.message_fr)
        return
    drop = drops.note(folders, drop, state=DropState.BUILDING)

    def say(sentence_fr: str) -> None:
        drops.step(folders, _now(folders, drop), sentence_fr)

    try:
        observatory.build(folders=folders, progress=say)
    except (NothingReceived, TotalsDiffer, EngineMissing) as refusal:
        message = refusal.message_fr
        drops.note(folders, _now(folders, drop), state=DropState.FAILED, message_fr=message)
        return
    drops.note(folders, _now(folders, drop), state=DropState.DONE)


def _now(folders: Folders, drop: Drop) -> Drop:
    """The drop with the steps written since."""
    return drops.drop_of(folders, drop.key) or drop
