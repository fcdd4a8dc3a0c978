"""What a column of an agency's file may say, and the words by which it is recognised."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from atre.domain.households.keys import words


@dataclass(frozen=True)
class Column:
    """A thing we know how to read. `needed`: a line without it is rejected."""

    key: str
    label: str
    synonyms: tuple[str, ...]
    needed: bool = False
    hint: str = ""


COLUMNS: tuple[Column, ...] = (
    Column(
        "own_key",
        "Votre numéro de dossier",
        ("numero de dossier", "n dossier", "num dossier", "id dossier", "reference", "identifiant"),
        hint="S’il y en a un : c’est lui qui empêche de reprendre deux fois le même dossier.",
    ),
    Column(
        "deposited_on",
        "Date de la demande",
        ("date de la demande", "date demande", "date de depot", "depose le", "date d inscription",
         "date de contact", "date d entree", "date"),
        needed=True,
        hint="L’éligibilité est jugée selon les plafonds de ce jour-là.",
    ),
    Column("last_name", "Nom", ("nom", "nom de famille", "nom menage"), needed=True),
    Column("first_name", "Prénom", ("prenom", "prenoms"), needed=True),
    Column("birth_date", "Date de naissance", ("date de naissance", "naissance", "ne le")),
    Column(
        "phone",
        "Téléphone",
        ("telephone", "tel", "portable", "mobile", "n de telephone", "telephone portable"),
        hint="Un téléphone ou une adresse e-mail est nécessaire.",
    ),
    Column("email", "Adresse e-mail", ("email", "e mail", "mail", "courriel", "adresse email",
                                       "adresse e mail", "adresse mail")),
    Column("address_line", "Adresse (numéro et rue)",
           ("adresse", "rue", "adresse postale", "voie", "numero et rue"), needed=True),
    Column("address_extra", "Complément d’adresse",
           ("complement", "complement d adresse", "batiment", "etage")),
    Column("postal_code", "Code postal", ("code postal", "cp")),
    Column("commune", "Commune (nom ou code Insee)",
           ("commune", "ville", "code insee", "insee", "localite"), needed=True),
    Column("adults", "Adultes", ("adultes", "nb adultes", "nombre d adultes")),
    Column("children", "Enfants", ("enfants", "nb enfants", "nombre d enfants", "mineurs")),
    Column("tenure", "Statut d’occupation",
           ("statut", "statut d occupation", "occupation", "statut occupant")),
    Column("dwelling_kind", "Type de logement", ("type de logement", "logement", "type logement")),
    Column("floor_area_m2", "Surface (m²)", ("surface", "surface m2", "superficie", "m2")),
    Column("landlord_name", "Bailleur", ("bailleur", "nom du bailleur", "proprietaire")),
    Column("high_bills", "Factures élevées", ("factures elevees", "factures", "facture elevee")),
    Column("trouble_paying", "Difficultés à payer",
           ("difficultes a payer", "impayes", "impaye", "difficulte de paiement", "dettes")),
    Column("too_cold_or_hot", "Trop froid ou trop chaud",
           ("froid", "trop froid", "difficultes a se chauffer", "inconfort", "chaleur")),
    Column("damp", "Humidité", ("humidite", "moisissures", "humide")),
    Column("told", "Ce que dit le ménage",
           ("commentaire", "commentaires", "observations", "remarques", "situation")),
    Column("rfr_eur", "Revenu fiscal de référence (€)",
           ("rfr", "revenu fiscal de reference", "revenu fiscal", "revenus")),
    Column("rfr_income_year", "Année des revenus",
           ("annee des revenus", "annee rfr", "annee revenu", "annee de reference")),
    Column(
        "consented_on",
        "Date de l’accord du ménage",
        ("date de consentement", "consentement", "date accord", "accord", "rgpd"),
        hint="À défaut, la date que vous attestez plus bas vaut pour tout le fichier.",
    ),
)  # fmt: skip
BY_KEY: Mapping[str, Column] = {column.key: column for column in COLUMNS}


def guess(headers: Sequence[str]) -> dict[str, int]:
    """Which column of the file says what, from its headers: {key: position}. Never one twice.

    A header that is a synonym wins over one that starts with it; the longest synonym wins.
    """
    folded = [" ".join(words(header)) for header in headers]
    found: dict[str, int] = {}
    wanted = sorted(
        ((synonym, column.key) for column in COLUMNS for synonym in column.synonyms),
        key=lambda pair: -len(pair[0]),
    )
    for exactly in (True, False):
        for synonym, key in wanted:
            if key in found:
                continue
            for position, header in enumerate(folded):
                same = header == synonym if exactly else header.startswith(f"{synonym} ")
                if same and position not in found.values():
                    found[key] = position
                    break
    return found


def missing(mapping: Mapping[str, int]) -> list[str]:
    """French labels of what no file can do without and that this mapping lacks."""
    lacking = [c.label for c in COLUMNS if c.needed and c.key not in mapping]
    if "phone" not in mapping and "email" not in mapping:
        lacking.append("Téléphone ou adresse e-mail")
    return lacking
