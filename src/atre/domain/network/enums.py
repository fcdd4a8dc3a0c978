"""Closed lists about partner organisations."""

from django.db.models import TextChoices


class OrganisationKind(TextChoices):
    CCAS = "ccas", "CCAS ou CIAS"
    DEPARTMENT = "department", "Service social départemental"
    HYGIENE = "hygiene", "Service communal d’hygiène et de santé"
    CAF = "caf", "Caisse d’allocations familiales"
    LANDLORD = "landlord", "Bailleur"
    SUPPLIER = "supplier", "Fournisseur d’énergie"
    CHARITY = "charity", "Association de solidarité"
    OPERATOR = "operator", "Opérateur de visites"
    COMMUNE = "commune", "Commune"
    EPCI = "epci", "Intercommunalité"
    CRAFTS = "crafts", "Chambre de métiers et de l’artisanat"
    LEGAL = "legal", "Conseil juridique (ADIL)"
    ANAH = "anah", "Anah ou guichet d’aides"
    EMPLOYMENT = "employment", "Emploi et insertion"
    OTHER = "other", "Autre service"
