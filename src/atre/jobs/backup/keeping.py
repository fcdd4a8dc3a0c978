"""Taking a backup, checking it, and putting it back with what was erased since."""

import shutil
import tempfile
from pathlib import Path

from django.conf import settings
from django.core.management import call_command
from django.utils import timezone

from atre.domain.agencies import isolation
from atre.domain.agencies.models import Agency
from atre.domain.audit.selectors import first_broken_link
from atre.domain.households.models import Household
from atre.domain.privacy import erasure_ledger
from atre.domain.privacy.actions import erase_household
from atre.jobs.backup import archive, database
from atre.jobs.backup.refusal import BackupRefused

REASON = "Effacement rejoué après la restauration d’une sauvegarde"


def take(folder: Path) -> archive.Backup:
    """A new backup in a folder, verified by reading it again. BackupRefused when the folder cannot
    be written."""
    taken_at = timezone.now()
    _check_writable(folder)
    target = folder / f"atre-{taken_at:%Y-%m-%d-%H%M%S}.tar"
    if target.exists():
        raise BackupRefused(f"{target} existe déjà.")
    erasure_ledger.keep()
    # Beside its target: a private database never goes through the machine's common /tmp.
    with tempfile.TemporaryDirectory(dir=folder, prefix=".atre-backup-") as work:
        copy = Path(work) / database.member_name()
        database.dump(copy)
        # After the database: a file is written before the row that names it.
        archive.write(
            target,
            database=copy,
            name=copy.name,
            files=Path(settings.FILES_DIR),
            taken_at=taken_at,
        )
    return archive.verify(target)


def _check_writable(folder: Path) -> None:
    try:
        folder.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryFile(dir=folder):
            pass
    except OSError as fault:
        raise BackupRefused(
            f"Rien ne peut être écrit dans {folder} ({fault.strerror}) : donnez un dossier existant, "
            "inscriptible et avec de la place."
        ) from fault


def put_back(path: Path, *, ledger: Path | None = None) -> tuple[archive.Backup, int]:
    """Restores a verified backup into an empty installation, then erases again what was erased.

    Returns the backup and how many households were erased again. BackupRefused before anything is
    written when the backup is not whole or the place not empty.
    """
    backup = archive.verify(path)
    if backup.database != database.member_name():
        raise BackupRefused(
            f"Cette sauvegarde vient d’une autre base ({backup.database}) : "
            "donnez le DATABASE_URL qui convient."
        )
    files = Path(settings.FILES_DIR)
    if files.is_dir() and any(files.iterdir()):
        raise BackupRefused(
            f"Il y a déjà des pièces ici : {files}. Déplacez-les, puis recommencez."
        )
    erasures = told_by(erasure_ledger.ledger_path()) | (told_by(ledger) if ledger else set())
    base = Path(settings.DATA_DIR)
    base.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(dir=base, prefix=".restoring-") as work:
        archive.extract(backup, Path(work))
        database.restore(Path(work) / backup.database)
        laid_out = Path(work) / "files"
        if laid_out.is_dir():
            files.mkdir(parents=True, exist_ok=True)
            for agency in laid_out.iterdir():
                shutil.move(agency, files / agency.name)
    call_command("migrate", interactive=False, verbosity=0)
    replayed = replay(erasures)
    check_journals()
    return backup, replayed


def told_by(ledger: Path) -> set[erasure_ledger.Erasure]:
    """The erasures of a ledger. A line that cannot be read may be a household: all is refused."""
    try:
        return erasure_ledger.told(ledger)
    except ValueError as fault:
        raise BackupRefused(
            f"{ledger} a une ligne illisible : corrigez-la ou reprenez-en une copie, sans quoi un "
            "ménage effacé reviendrait."
        ) from fault


def check_journals() -> None:
    """BackupRefused when a journal that came back is not the chain it was."""
    for agency in Agency.objects.order_by("pk"):
        with isolation.reading(agency):
            if first_broken_link(agency=agency) is not None:
                raise BackupRefused(f"Le journal restauré de {agency.name} est rompu.")


def replay(erasures: set[erasure_ledger.Erasure]) -> int:
    """Erase again the households that came back; how many.

    A household created after the erasure is another one: a restored database numbers anew.
    """
    replayed = 0
    for one in sorted(erasures):
        with isolation.within(one.agency):
            household = Household.objects.filter(
                agency_id=one.agency,
                pk=one.household,
                erased_at__isnull=True,
                created_at__lte=one.erased_at,
            ).first()
            if household is not None:
                erase_household(household=household, by=None, reason=REASON)
                replayed += 1
    return replayed
