"""One invented letter of each kind."""

from datetime import date, datetime
from decimal import Decimal
from zoneinfo import ZoneInfo

from atre.documents.law import RentedDwelling
from atre.documents.letters import (
    Addressee,
    Agreement,
    AppointmentConfirmation,
    FslSupport,
    LandlordCase,
    LandlordFirstContact,
    LandlordFormalNotice,
    LandlordReminder,
    Letter,
    LetterContent,
    LetterKind,
    OneYearQuestionnaire,
    SocialWorkerLink,
)
from tests.documents.samples import ADVISER, AGENCY, HOUSEHOLD

LANDLORD = Addressee(
    name="Société Les Murs d’Essai", address_lines=("7 place du Modèle", "75000 Paris")
)
SERVICE = Addressee(
    name="Service social départemental", address_lines=("1 rue de l’Essai", "93170 Bagnolet")
)
AGREEMENT = Agreement(
    given_on=date(2026, 3, 12), scope="partager les informations de cette lettre avec vous"
)

LANDLORD_CASE = LandlordCase(
    tenant_name="Camille Exemple",
    dwelling_address="4 allée des Essais, 93170 Bagnolet",
    dwelling=RentedDwelling(dpe_class="G", final_kwh_per_m2=Decimal(470), overseas=False),
    visited_on=date(2026, 3, 12),
    findings=(
        "La fenêtre de la chambre ne ferme plus : l’air froid entre",
        "Le radiateur de la chambre ne chauffe qu’en haut. Il faisait 14,8 °C dans cette pièce",
    ),
    requests=("Réparer ou remplacer la fenêtre de la chambre", "Faire vérifier le radiateur"),
    reply_by=date(2026, 5, 15),
    agreement=AGREEMENT,
)

CONTENTS: dict[LetterKind, tuple[Addressee, LetterContent]] = {
    LetterKind.LANDLORD_FIRST_CONTACT: (LANDLORD, LandlordFirstContact(case=LANDLORD_CASE)),
    LetterKind.LANDLORD_REMINDER: (
        LANDLORD,
        LandlordReminder(case=LANDLORD_CASE, sent_on=(date(2026, 3, 17),)),
    ),
    LetterKind.LANDLORD_FORMAL_NOTICE: (
        LANDLORD,
        LandlordFormalNotice(
            case=LANDLORD_CASE,
            sent_on=(date(2026, 3, 30), date(2026, 3, 16)),
            tenant_address_lines=HOUSEHOLD.address_lines,
        ),
    ),
    LetterKind.SOCIAL_WORKER: (
        SERVICE,
        SocialWorkerLink(
            household_name="Camille Exemple",
            visited_on=date(2026, 3, 12),
            situation=("Le ménage a froid l’hiver", "Deux factures de gaz ne sont pas payées"),
            done=("Nous avons écrit au propriétaire le 17 mars 2026",),
            requests=("Préparer avec le ménage une demande d’aide au FSL",),
            agreement=AGREEMENT,
        ),
    ),
    LetterKind.FSL_SUPPORT: (
        SERVICE,
        FslSupport(
            household_name="Camille Exemple",
            household_address="4 allée des Essais, 93170 Bagnolet",
            visited_on=date(2026, 3, 12),
            supplier="Gaz d’Essai",
            energy="Gaz naturel",
            debt_eur=Decimal("640.20"),
            requested_eur=None,
            requested_on=date(2026, 3, 20),
            reasons=("Le logement est classé G et la chambre est très froide",),
            already_done=("Le ménage a posé un joint sur la fenêtre",),
            main_residence=True,
            agreement=AGREEMENT,
        ),
    ),
    LetterKind.APPOINTMENT_CONFIRMATION: (
        HOUSEHOLD,
        AppointmentConfirmation(
            household_name="Camille Exemple",
            starts_at=datetime(2026, 4, 14, 14, 30, tzinfo=ZoneInfo("Europe/Paris")),
            minutes=90,
            place="4 allée des Essais, bâtiment C, porte 12, 93170 Bagnolet",
            visitors=("Sacha Essai", "Andrea Essai"),
            visitor_organisation="Visites d’Essai",
            to_prepare=(
                "Vos factures d’énergie et d’eau de la dernière année",
                "Votre avis d’impôt",
            ),
            change_phone="0100000002",
            change_email="d.modele@agence.example",
            assurances=("La visite ne coûte rien", "Les visiteurs ne vendent rien"),
        ),
    ),
    LetterKind.ONE_YEAR_QUESTIONNAIRE: (
        HOUSEHOLD,
        OneYearQuestionnaire(
            household_name="Camille Exemple",
            visited_on=date(2025, 3, 12),
            reply_by=date(2026, 5, 15),
            gestures=("Fermer les volets dès la nuit", "Baisser le chauffage la nuit"),
            private_link="https://agence.example/suivi/7Kq2mVb9TzLxW4cR8NfHdPj3",
        ),
    ),
}


def letter_of(kind: LetterKind, *, content: LetterContent | None = None) -> Letter:
    recipient, sample = CONTENTS[kind]
    return Letter(
        reference="VE-2026-0412",
        written_on=date(2026, 4, 2),
        place="Bobigny",
        agency=AGENCY,
        programme_name="Ecogie",
        recipient=recipient,
        signatory=ADVISER,
        content=content or sample,
    )
