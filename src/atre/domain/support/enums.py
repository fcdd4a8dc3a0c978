"""Closed lists about what follows a visit."""

from django.db.models import TextChoices


class OrientationState(TextChoices):
    SENT = "sent", "Envoyée"
    RECEIVED = "received", "Reçue"
    ACCEPTED = "accepted", "Acceptée"
    DECLINED = "declined", "Refusée"
    DONE = "done", "Aboutie"


class SupportActionKind(TextChoices):
    FORMALITIES = "formalities", "Aide aux démarches"
    SOCIAL_WORKER = "social_worker", "Lien avec le travailleur social"
    EMPLOYMENT = "employment", "Lien avec l’emploi ou l’insertion"
    MEDIATION = "mediation", "Médiation avec le bailleur"
    AIDS = "aids", "Recherche et suivi d’aides"
    CALL = "call", "Appel au ménage"
    HOME = "home", "Passage à domicile"
    OTHER = "other", "Autre action"


class AidKind(TextChoices):
    FSL = "fsl", "Fonds de solidarité pour le logement (FSL)"
    CHEQUE_ENERGIE = "cheque_energie", "Chèque énergie"
    CCAS = "ccas", "Secours du CCAS"
    ANAH = "anah", "Aide de l’Anah"
    SUPPLIER = "supplier", "Geste du fournisseur"
    PENSION = "pension", "Caisse de retraite"
    OTHER = "other", "Autre aide"


class AidState(TextChoices):
    ASKED = "asked", "Demandée"
    GRANTED = "granted", "Accordée"
    REFUSED = "refused", "Refusée"
    PAID = "paid", "Versée"


class MediationStepKind(TextChoices):
    FIRST_CONTACT = "first_contact", "Premier contact avec le bailleur"
    REMINDER = "reminder", "Relance"
    FORMAL_NOTICE = "formal_notice", "Mise en demeure"
    REPLY = "reply", "Réponse du bailleur"
    COMMITMENT = "commitment", "Engagement de travaux"
    WORKS_DONE = "works_done", "Travaux constatés"
    CONCILIATION = "conciliation", "Commission de conciliation"
    HYGIENE_REPORT = "hygiene_report", "Signalement au service d’hygiène"


class MediationState(TextChoices):
    OPEN = "open", "En cours"
    SOLVED = "solved", "Aboutie"
    FAILED = "failed", "Sans résultat"


class FollowUpState(TextChoices):
    DUE = "due", "À faire"
    DONE = "done", "Faite"
    UNREACHABLE = "unreachable", "Ménage injoignable"
    DECLINED = "declined", "Ménage ne souhaite pas répondre"


class SavingTier(TextChoices):
    """Never mixed, never summed across (the house's rule 5)."""

    ESTIMATED = "estimated", "Estimée à la visite"
    DECLARED = "declared", "Déclarée par le ménage"
    MEASURED = "measured", "Mesurée"


class ExitAnswer(TextChoices):
    YES = "yes", "Sorti de précarité énergétique"
    NO = "no", "Toujours en précarité énergétique"
    UNKNOWN = "unknown", "Indéterminé"
