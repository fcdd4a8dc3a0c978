"""The four agencies of the demonstration: real perimeters and programmes, invented everything else.

SIREN codes are those of the official list (COG 2026). The programmes « Visites énergie » and
« Ecogie » and their territories are those that ALEC-MVE publishes; the others bear plain names.
"""

from dataclasses import dataclass, field, replace
from decimal import Decimal
from typing import Any

from atre.domain.agencies.enums import RequiredIncomeClass
from atre.domain.network.enums import OrganisationKind as Kind

NOTICE = "Démonstration : personnes, adresses et services inventés ; territoire réel."


@dataclass(frozen=True, kw_only=True)
class ProgrammePlan:
    """A scheme: `sirens` is its perimeter, `cases` how many invented households it receives."""

    name: str
    slug: str
    summary: str
    sirens: tuple[str, ...]
    cases: int
    exit_test: dict[str, Any]
    income: RequiredIncomeClass = RequiredIncomeClass.TRES_MODESTES
    support_target: Decimal | None = None


@dataclass(frozen=True, kw_only=True)
class OrganisationPlan:
    """A partner. `answer_days` None: nobody asked; `accepts` None: not known."""

    key: str
    kind: Kind
    name: str
    what_for: str
    answer_days: int | None = None
    accepts: bool | None = True


@dataclass(frozen=True, kw_only=True)
class AgencyPlan:
    """A tenant, its programmes and its network. `climate` chooses homes and telephone ranges."""

    name: str
    slug: str
    code: str
    key: str
    climate: str
    town: str
    sirens: tuple[str, ...]
    programmes: tuple[ProgrammePlan, ...]
    organisations: tuple[OrganisationPlan, ...]
    people: dict[str, str] = field(default_factory=dict)


# No published text says when a household has left energy poverty: each programme chooses. These
# choices are the demonstration's own, and say so wherever they are shown.
STRICT = {
    "name": "Choix de la démonstration : deux critères sur trois",
    "needs": {"at_least": 2},
    "criteria": [
        {"kind": "no_longer_cold", "without_difficulty_before": "left_out"},
        {"kind": "no_longer_late_on_payments", "without_difficulty_before": "left_out"},
        {"kind": "bills_fell_by", "percent": 10, "measure": "euros"},
    ],
}
DECLARED = {
    "name": "Choix de la démonstration : ni froid ni retard de paiement",
    "needs": "all",
    "criteria": [
        {"kind": "no_longer_cold", "without_difficulty_before": "left_out"},
        {"kind": "no_longer_late_on_payments", "without_difficulty_before": "left_out"},
    ],
}
EFFORT = {
    "name": "Choix de la démonstration : taux d’effort ou avis du ménage",
    "needs": "any",
    "criteria": [
        {"kind": "effort_ratio_under", "threshold": "onpe", "without_difficulty_before": "not_met"},
        {"kind": "self_declared"},
    ],
}


# The services that every territory has, under generic names.
NETWORK = (
    OrganisationPlan(
        key="ccas",
        kind=Kind.CCAS,
        name="CCAS de {town} (démonstration)",
        what_for="Aides d’urgence, domiciliation, accès aux droits.",
        answer_days=15,
    ),
    OrganisationPlan(
        key="social",
        kind=Kind.DEPARTMENT,
        name="Service social départemental, {department} (démonstration)",
        what_for="FSL énergie et maintien, suivi social des familles.",
        answer_days=30,
    ),
    OrganisationPlan(
        key="hygiene",
        kind=Kind.HYGIENE,
        name="Service d’hygiène de {town} (démonstration)",
        what_for="Humidité, moisissures, logement indécent ou dangereux.",
        answer_days=30,
    ),
    OrganisationPlan(
        key="caf",
        kind=Kind.CAF,
        name="CAF, {department} (démonstration)",
        what_for="Aides au logement, décence, consignation de l’allocation.",
        answer_days=45,
    ),
    OrganisationPlan(
        key="legal",
        kind=Kind.LEGAL,
        name="Conseil juridique logement, {department} (démonstration)",
        what_for="Droits du locataire, mise en demeure, conciliation.",
        answer_days=15,
    ),
    OrganisationPlan(
        key="landlord",
        kind=Kind.LANDLORD,
        name="Habitat des Tilleuls (bailleur inventé)",
        what_for="Réclamations techniques, référent précarité énergétique.",
        accepts=None,
    ),
    OrganisationPlan(
        key="supplier",
        kind=Kind.SUPPLIER,
        name="Énergie Claire (fournisseur inventé)",
        what_for="Pôle solidarité : échéanciers, chèque énergie.",
        answer_days=10,
    ),
    OrganisationPlan(
        key="charity",
        kind=Kind.CHARITY,
        name="Entraide du Quartier (association inventée)",
        what_for="Colis, vestiaire, accompagnement aux démarches.",
        answer_days=None,
    ),
    OrganisationPlan(
        key="anah",
        kind=Kind.ANAH,
        name="Guichet France Rénov’ de {town} (démonstration)",
        what_for="Rénovation : Anah, MaPrimeRénov’, audit.",
        answer_days=20,
    ),
    OrganisationPlan(
        key="operator",
        kind=Kind.OPERATOR,
        name="Logis Tiède (opérateur inventé)",
        what_for="Visites à domicile, petit équipement.",
        accepts=None,
    ),
    OrganisationPlan(
        key="authority",
        kind=Kind.EPCI,
        name="Intercommunalité de {town}, service habitat (démonstration)",
        what_for="Pilotage et financement du dispositif.",
        accepts=False,
    ),
)


def network(town: str, department: str) -> tuple[OrganisationPlan, ...]:
    """The services of a territory: those of `NETWORK`, named after its town and department."""
    return tuple(
        replace(plan, name=plan.name.format(town=town, department=department)) for plan in NETWORK
    )


MARNE_BOIS = "200057941"
EST_ENSEMBLE, GRAND_EST = "200057875", "200058790"
VAR_PACT = ("248300394", "200040210", "200027100", "200040202", "248300410")

AGENCIES: tuple[AgencyPlan, ...] = (
    AgencyPlan(
        name="ALEC-MVE (démonstration)",
        slug="alec-mve",
        code="MVE",
        key="mve",
        climate="idf",
        town="Nogent-sur-Marne",
        sirens=(MARNE_BOIS, EST_ENSEMBLE, GRAND_EST),
        programmes=(
            ProgrammePlan(
                name="Visites énergie",
                slug="visites-energie",
                summary=(
                    "Une visite gratuite chez vous pour comprendre vos factures, avoir moins "
                    "froid et trouver les bonnes aides, dans le territoire de Paris Est "
                    "Marne & Bois. " + NOTICE
                ),
                sirens=(MARNE_BOIS,),
                cases=50,
                exit_test=STRICT,
            ),
            ProgrammePlan(
                name="Ecogie",
                slug="ecogie",
                summary=(
                    "Une visite gratuite chez vous et, si besoin, un accompagnement dans la "
                    "durée, à Est Ensemble et Grand Paris Grand Est. " + NOTICE
                ),
                sirens=(EST_ENSEMBLE, GRAND_EST),
                cases=110,
                exit_test=STRICT,
                support_target=Decimal("0.3"),
            ),
        ),
        organisations=network("Nogent-sur-Marne", "Val-de-Marne"),
    ),
    AgencyPlan(
        name="Agence d’Angers Loire Métropole (démonstration)",
        slug="angers-loire-metropole",
        code="ALM",
        key="angers",
        climate="ouest",
        town="Angers",
        sirens=("244900015",),
        programmes=(
            ProgrammePlan(
                name="Visites solidaires Angers Loire",
                slug="visites-solidaires-angers",
                summary="Une visite gratuite pour mieux se chauffer et payer moins. " + NOTICE,
                sirens=("244900015",),
                cases=45,
                exit_test=DECLARED,
            ),
        ),
        organisations=network("Angers", "Maine-et-Loire"),
    ),
    AgencyPlan(
        name="COFOR ALEC 83 (démonstration)",
        slug="cofor-alec-83",
        code="VAR",
        key="var",
        climate="sud_est",
        town="Saint-Maximin-la-Sainte-Baume",
        sirens=VAR_PACT,
        programmes=(
            ProgrammePlan(
                name="Visites énergie du Var",
                slug="visites-energie-var",
                summary=(
                    "Une visite gratuite, l’hiver contre le froid et l’été contre la chaleur, "
                    "dans les cinq intercommunalités du pacte. " + NOTICE
                ),
                sirens=VAR_PACT,
                cases=45,
                exit_test=EFFORT,
                income=RequiredIncomeClass.MODESTES,
            ),
        ),
        organisations=network("Saint-Maximin-la-Sainte-Baume", "Var"),
    ),
    AgencyPlan(
        name="Agence de la grande région grenobloise (démonstration)",
        slug="alec-grenoble",
        code="GRE",
        key="grenoble",
        climate="sud_est",
        town="Grenoble",
        sirens=("200040715",),
        programmes=(
            ProgrammePlan(
                name="Visites Chaleur juste",
                slug="visites-chaleur-juste",
                summary="Une visite gratuite pour comprendre et réduire ses factures. " + NOTICE,
                sirens=("200040715",),
                cases=50,
                exit_test=STRICT,
            ),
        ),
        organisations=network("Grenoble", "Isère"),
    ),
)
