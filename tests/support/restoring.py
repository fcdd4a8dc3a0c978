"""A drill in an installation of its own: `python -m tests.support.restoring STEP`.

Each step is a process with its own ATRE_DATA_DIR and DATABASE_URL, as on a server. `live FOLDER`
opens two cases with a file each, saves them there, then erases the first household; `state`
prints what is there.
"""

import json
import sys
from pathlib import Path

FILE = b"%PDF-1.4\n1 0 obj<</Type/Catalog>>endobj\ntrailer<</Root 1 0 R>>\n%%EOF\n"


def live(folder: str) -> dict[str, object]:
    from django.core.management import call_command

    from atre.jobs.backup import keeping

    call_command("migrate", interactive=False, verbosity=0)
    first, _ = fill()
    backup = keeping.take(Path(folder))
    erase(first)
    return {"backup": str(backup.path), **state()}


def fill() -> list[int]:
    from atre.domain.agencies import isolation
    from atre.domain.agencies.enums import Role
    from atre.domain.households.actions.attaching import add_attachment
    from atre.domain.households.enums import AttachmentKind
    from tests.support import world

    agency = world.agency()
    director = world.member(agency, Role.DIRECTOR)
    programme = world.programme(agency)
    households = []
    for number, name in enumerate(("Parti", "Resté")):
        case = world.case(programme, last_name=name, first_name=name, phone=f"060000000{number}")
        with isolation.within(agency):
            add_attachment(
                by=director,
                case=case,
                kind=AttachmentKind.BILL,
                name="facture.pdf",
                content=FILE + name.encode(),
            )
        households.append(case.household_id)
    return households


def erase(pk: int) -> None:
    from atre.domain.agencies import isolation
    from atre.domain.agencies.models import Agency
    from atre.domain.households.models import Household
    from atre.domain.privacy.actions import erase_household

    agency = Agency.objects.get()
    with isolation.within(agency):
        household = Household.objects.get(pk=pk, agency=agency)
        erase_household(household=household, by=None, reason="Demande du ménage")


def state() -> dict[str, object]:
    from django.conf import settings

    from atre.domain.agencies import isolation
    from atre.domain.agencies.models import Agency
    from atre.domain.households.models import Attachment, Case, Household

    agency = Agency.objects.get()
    with isolation.reading(agency):
        return {
            "names": sorted(Household.objects.values_list("last_name", flat=True)),
            "cases": Case.objects.count(),
            "attachments": Attachment.objects.count(),
            "files": sum(1 for path in Path(settings.FILES_DIR).rglob("*") if path.is_file()),
        }


def main() -> None:
    from atre.config import preparation

    preparation.configure()
    step, *arguments = sys.argv[1:]
    print(json.dumps({"live": live, "state": state}[step](*arguments)))


if __name__ == "__main__":
    main()
