"""Closed lists about agencies and the people who work with them."""

from django.db.models import TextChoices


class Role(TextChoices):
    DIRECTOR = "director", "Direction de l’agence"
    ADVISER = "adviser", "Conseil"
    COORDINATOR = "coordinator", "Coordination des visites"
    VISITOR = "visitor", "Visite"
    REFERRER = "referrer", "Prescription (travail social)"
    OBSERVER = "observer", "Observation (collectivité)"
    FEDERATION = "federation", "Fédération"


class RequiredIncomeClass(TextChoices):
    """The widest Anah income class a programme accepts; NONE sets no condition."""

    TRES_MODESTES = "tres_modestes", "Très modestes"
    MODESTES = "modestes", "Modestes"
    INTERMEDIAIRES = "intermediaires", "Intermédiaires"
    NONE = "none", "Sans condition de ressources"
