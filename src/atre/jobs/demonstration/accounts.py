"""Who can log in to the demonstration. One passphrase, shown to whoever starts it.

Reads no database: `./atre up` prints these rows before anything else is loaded.
"""

from dataclasses import dataclass

from atre.domain.agencies.enums import Role
from atre.jobs.demonstration.agencies import AGENCIES

PASSPHRASE = "une maison tiède en hiver"
FEDERATION_EMAIL = "federation@example.org"


@dataclass(frozen=True)
class Person:
    """An account: `key` is unique in its agency, `organisation` the key of a partner."""

    key: str
    role: Role
    full_name: str
    organisation: str | None = None

    def email(self, agency_key: str) -> str:
        return f"{self.key}.{agency_key}@example.org"


PEOPLE: tuple[Person, ...] = (
    Person("direction", Role.DIRECTOR, "Claire Desvoûtes"),
    Person("conseil", Role.ADVISER, "Nadia Tournelande"),
    Person("conseil2", Role.ADVISER, "Hugo Pierrelaine"),
    Person("coordination", Role.COORDINATOR, "Solène Marchefroid", "operator"),
    Person("visite", Role.VISITOR, "Idriss Boncalor", "operator"),
    Person("visite2", Role.VISITOR, "Maud Plancherin", "operator"),
    Person("ccas", Role.REFERRER, "Leïla Grandaccueil", "ccas"),
    Person("social", Role.REFERRER, "Pierre-Yves Fildoux", "social"),
    Person("hygiene", Role.REFERRER, "Odile Murblanc", "hygiene"),
    Person("collectivite", Role.OBSERVER, "Bruno Cartevue", "authority"),
)
FEDERATION = Person("federation", Role.FEDERATION, "Agathe Réseaumont")

# What the person at the keyboard sees: every role once in the first agency, then one door to each
# of the others.
WHO = {
    "direction": "direction de l’agence",
    "conseil": "conseillère",
    "conseil2": "conseiller",
    "coordination": "coordination des visites (opérateur)",
    "visite": "visiteur (opérateur)",
    "visite2": "visiteuse (opérateur)",
    "ccas": "travailleuse sociale du CCAS, prescrit et reçoit des orientations",
    "social": "travailleur social du département",
    "hygiene": "service d’hygiène",
    "collectivite": "observateur de l’intercommunalité",
}


def accounts() -> list[tuple[str, str, str]]:
    """(e-mail, passphrase, who it is) of each invented account worth showing."""

    first, *others = AGENCIES
    rows = [(p.email(first.key), PASSPHRASE, f"{first.name} : {WHO[p.key]}") for p in PEOPLE]
    for plan in others:
        for person in PEOPLE[:2]:
            rows.append((person.email(plan.key), PASSPHRASE, f"{plan.name} : {WHO[person.key]}"))
    rows.append((FEDERATION_EMAIL, PASSPHRASE, "fédération, dans les quatre agences"))
    return rows
