"""The sections of the visit form, in the order of a visit: sit down, look at bills, walk round."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Rows:
    """A repeated part: `path` leads to its list in the document, `blank` lines are offered."""

    path: tuple[str, ...]
    title: str
    add_label: str
    blank: int = 1


@dataclass(frozen=True)
class Section:
    """One screen of the form. `part` holds its single fields, None when it has only rows."""

    slug: str
    key: str
    title: str
    part: str | None
    rows: tuple[Rows, ...] = ()
    hint: str = ""

    @property
    def parts(self) -> tuple[str, ...]:
        """The parts of the document that this section writes."""
        names = [self.part] if self.part else []
        return tuple(dict.fromkeys([*names, *(rows.path[0] for rows in self.rows)]))


SECTIONS: tuple[Section, ...] = (
    Section(
        "logement",
        "dwelling",
        "Le logement",
        "dwelling",
        hint="Laissez vide ce que vous ne savez pas : vide veut dire « non renseigné ».",
    ),
    Section(
        "factures",
        "bills",
        "Les factures",
        None,
        (Rows(("bills",), "Factures des douze derniers mois", "Ajouter une facture", 2),),
        hint="Une ligne par facture, avec les deux dates qui y sont écrites. "
        "Électricité, gaz, eau, fioul, bois…",
    ),
    Section(
        "contrats",
        "contracts",
        "Les contrats",
        None,
        (Rows(("contracts",), "Contrats en cours", "Ajouter un contrat"),),
    ),
    Section("chauffage", "heating", "Le chauffage", "heating"),
    Section("eau-chaude", "hot_water", "L’eau chaude", "hot_water"),
    Section(
        "usages",
        "uses",
        "Appareils et usages",
        "uses",
        (Rows(("uses", "appliances"), "Appareils", "Ajouter un appareil", 2),),
    ),
    Section(
        "confort",
        "comfort",
        "Confort et humidité",
        "comfort",
        (Rows(("comfort", "measures"), "Mesures pièce par pièce", "Ajouter une pièce", 2),),
    ),
    Section(
        "materiel",
        "equipment",
        "Le matériel donné",
        None,
        (Rows(("equipment",), "Matériel donné ou posé", "Ajouter un objet", 2),),
    ),
    Section(
        "gestes",
        "gestures",
        "Les gestes conseillés",
        None,
        (Rows(("gestures",), "Gestes conseillés", "Ajouter un geste", 2),),
        hint="Trois gestes retenus valent mieux que dix entendus.",
    ),
    Section(
        "suite",
        "conclusion",
        "Constats et suite",
        "conclusion",
        (
            Rows(("conclusion", "findings"), "Ce que vous avez vu", "Ajouter un constat"),
            Rows(("conclusion", "next_steps"), "Ce qui est convenu", "Ajouter une étape"),
        ),
        hint="Imprimé dans le compte rendu du ménage.",
    ),
)
BY_SLUG = {section.slug: section for section in SECTIONS}
BY_KEY = {section.key: section for section in SECTIONS}
