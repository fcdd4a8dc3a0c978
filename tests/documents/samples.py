"""Invented households, as the documents receive them. No real person, address or phone number."""

from dataclasses import replace
from datetime import date
from decimal import Decimal

from atre.documents.visit_report import (
    Addressee,
    AgencyIdentity,
    BillReading,
    ContactPerson,
    DwellingFacts,
    EnergyUse,
    EquipmentGiven,
    EstimatedSaving,
    Finding,
    GestureAdvised,
    NextStep,
    PrivacyNotice,
    RoomMeasure,
    ServiceReferral,
    VisitReport,
)

AGENCY = AgencyIdentity(
    name="Agence locale de l’énergie des Trois Rivières",
    address_lines=("12 rue des Exemples", "93000 Bobigny"),
    phone="0100000001",
    email="bonjour@agence.example",
    website="https://agence.example",
    opening_hours="du lundi au vendredi, de 9 h à 17 h",
)

HOUSEHOLD = Addressee(
    name="Camille Exemple",
    address_lines=("Bâtiment C, porte 12", "4 allée des Essais", "93170 Bagnolet"),
)

ADVISER = ContactPerson(
    name="Dominique Modèle",
    role="votre conseillère énergie",
    phone="0100000002",
    email="d.modele@agence.example",
    availability="Du lundi au vendredi, de 9 h à 17 h",
)

ELECTRICITY = EnergyUse(
    energy="Électricité",
    unit="kWh",
    quantity=Decimal("4380"),
    cost_eur=Decimal("1121.40"),
    period_start=date(2025, 3, 1),
    period_end=date(2026, 3, 1),
    covered_days=365,
    reading=BillReading.READ,
    annual_quantity=Decimal("4380"),
    annual_cost_eur=Decimal("1121.40"),
)
GAS = EnergyUse(
    energy="Gaz naturel",
    unit="kWh",
    quantity=Decimal("12450"),
    cost_eur=Decimal("1540"),
    period_start=date(2025, 2, 10),
    period_end=date(2026, 2, 10),
    covered_days=352,
    reading=BillReading.PARTLY_ESTIMATED,
    annual_quantity=Decimal("12910"),
    annual_cost_eur=Decimal("1597"),
)
WATER = EnergyUse(
    energy="Eau froide",
    unit="m³",
    quantity=Decimal("61.5"),
    cost_eur=None,
    period_start=date(2025, 9, 1),
    period_end=date(2026, 2, 1),
    covered_days=153,
    reading=BillReading.ESTIMATED,
    annual_quantity=None,
    annual_cost_eur=None,
    annual_unknown_because="Les factures couvrent cinq mois : c’est trop peu pour connaître une année",
)


DWELLING = DwellingFacts(
    kind="appartement, 3e étage",
    tenure="locataire d’un propriétaire privé",
    floor_area_m2=Decimal("58.5"),
    built="entre 1949 et 1974",
    occupants=4,
    heating="chaudière individuelle au gaz",
    hot_water="chaudière au gaz",
    ventilation=None,
    dpe_class="F",
    measures=(
        RoomMeasure(room="Salon", temperature_c=Decimal("17.5"), humidity_percent=Decimal(68)),
        RoomMeasure(
            room="Chambre des enfants", temperature_c=Decimal("14.8"), humidity_percent=None
        ),
    ),
)
PRIVACY = PrivacyNotice(
    controller="L’Agence locale de l’énergie des Trois Rivières",
    contact="donnees@agence.example",
    kept_years_after_last_contact=2,
    shared_with=("votre assistante sociale", "le CCAS de Bagnolet"),
)
FINDINGS = (
    Finding(
        sentence="La fenêtre de la chambre ferme mal : l’air froid entre par le bas.",
        caution="ne collez pas les grilles d’aération, l’air doit pouvoir sortir",
    ),
    Finding(sentence="Le radiateur de la chambre ne chauffe qu’en haut."),
    Finding(
        sentence="L’entretien de la chaudière n’a pas été fait depuis deux ans.",
        caution="cet entretien est demandé chaque année ; gardez le papier que le chauffagiste vous donne",
    ),
)
EQUIPMENT = (
    EquipmentGiven(
        item="Ampoules LED",
        quantity=4,
        purpose="Elles éclairent autant et consomment moins",
    ),
    EquipmentGiven(
        item="Mousseurs de robinet",
        quantity=2,
        purpose="Ils font couler moins d’eau, sans perte de confort",
    ),
    EquipmentGiven(
        item="Thermomètre hygromètre",
        quantity=1,
        purpose="Il montre la température et l’humidité de la pièce",
    ),
    EquipmentGiven(
        item="Joint de fenêtre",
        quantity=None,
        purpose="Il bouche le passage de l’air froid",
    ),
)
GESTURES = (
    GestureAdvised(
        text="Baisser d’un degré le chauffage du salon la nuit.",
        saving=EstimatedSaving(
            low=Decimal(60),
            high=Decimal(110),
            unit="€",
            source="Ademe, 7 % du chauffage par degré",
        ),
    ),
    GestureAdvised(text="Fermer les volets et les rideaux dès que la nuit tombe.", saving=None),
    GestureAdvised(
        text="Remplacer la douche de dix minutes par une douche de cinq minutes",
        saving=EstimatedSaving(
            low=Decimal(13),
            high=Decimal(13),
            unit="m³",
            source="Nos Gestes Climat, 36 litres de moins par douche",
        ),
    ),
)
STEPS = (
    NextStep(
        action="Nous écrivons à votre propriétaire au sujet de la fenêtre et du radiateur.",
        who="Dominique Modèle",
        by_household=False,
        due=date(2026, 3, 30),
    ),
    NextStep(
        action="Appelez votre fournisseur de gaz et donnez le chiffre de votre compteur.",
        who="vous",
        by_household=True,
        due=date(2026, 4, 15),
    ),
    NextStep(
        action="Posez le joint sur la fenêtre de la chambre.",
        who="vous",
        by_household=True,
        due=None,
    ),
    NextStep(
        action="Votre assistante sociale prépare une demande d’aide au FSL avec vous.",
        who="Service social, Bagnolet",
        by_household=False,
        due=date(2026, 4, 30),
    ),
    NextStep(
        action="Nous vous rappelons pour savoir comment l’hiver s’est passé.",
        who="Dominique Modèle",
        by_household=False,
        due=date(2027, 3, 12),
    ),
)
OTHER_CONTACTS = (
    ContactPerson(name="Urgence gaz", role="si vous sentez une odeur de gaz", phone="0800000000"),
    ContactPerson(
        name="Service social de Bagnolet",
        role="votre assistante sociale",
        phone=None,
        email="social@bagnolet.example",
    ),
)
SERVICES = (
    ServiceReferral(
        name="Service social départemental",
        purpose="Demander une aide pour payer le gaz",
        state="demande envoyée le 13 mars 2026",
        phone="0100000003",
    ),
    ServiceReferral(
        name="Service d’hygiène de la ville",
        purpose="Regarder l’humidité de la salle de bains",
        state=None,
        phone=None,
    ),
)


def full_report() -> VisitReport:
    return VisitReport(
        reference="VE-2026-0412",
        issued_on=date(2026, 3, 16),
        visited_on=date(2026, 3, 12),
        household=HOUSEHOLD,
        programme_name="Ecogie",
        agency=AGENCY,
        visitors=("Sacha Essai", "Andrea Essai"),
        main_contact=ADVISER,
        dwelling=DWELLING,
        privacy=PRIVACY,
        difficulties=(
            "Vous avez froid l’hiver, surtout dans la chambre des enfants.",
            "Vos factures de gaz sont difficiles à payer.",
            "Il y a de l’humidité dans la salle de bains.",
        ),
        household_words="« On dort à trois dans le salon en janvier, parce que la chambre est trop froide. »",
        uses=(ELECTRICITY, GAS, WATER),
        energy_basis="Le gaz est compté en kWh PCS, comme sur vos factures. Les montants comprennent l’abonnement et les taxes",
        findings=FINDINGS,
        equipment=EQUIPMENT,
        gestures=GESTURES,
        steps=STEPS,
        other_contacts=OTHER_CONTACTS,
        services=SERVICES,
        visitor_note="Prévoir un passage avec le chauffagiste. La clé de la chaufferie est chez le gardien.",
        private_link="https://agence.example/suivi/7Kq2mVb9TzLxW4cR8NfHdPj3",
    )


def bare_report() -> VisitReport:
    """A visit where almost nothing is known."""
    nothing_known = DwellingFacts(
        kind=None,
        tenure=None,
        floor_area_m2=None,
        built=None,
        occupants=None,
        heating=None,
        hot_water=None,
        ventilation=None,
        dpe_class=None,
    )
    return replace(
        full_report(),
        dwelling=nothing_known,
        difficulties=(),
        household_words=None,
        uses=(),
        energy_basis=None,
        findings=(),
        equipment=(),
        gestures=(),
        steps=(),
        other_contacts=(),
        services=(),
        visitor_note=None,
        private_link=None,
    )
