"""Closed lists about households and their cases."""

from django.db.models import TextChoices


class Tenure(TextChoices):
    OWNER = "owner", "Propriétaire occupant"
    PRIVATE_TENANT = "private_tenant", "Locataire du parc privé"
    SOCIAL_TENANT = "social_tenant", "Locataire du parc social"
    HOSTED = "hosted", "Hébergé à titre gratuit"
    OTHER = "other", "Autre situation"


class DwellingKind(TextChoices):
    FLAT = "flat", "Appartement"
    HOUSE = "house", "Maison"
    OTHER = "other", "Autre"


class Channel(TextChoices):
    """How a request reached the agency."""

    PUBLIC = "public", "Demande en ligne du ménage"
    REFERRER = "referrer", "Prescripteur"
    STAFF = "staff", "Saisie par l’agence"
    IMPORT = "import", "Reprise de dossiers"


class Difficulty(TextChoices):
    """The four difficulties of the programmes (field names of Case)."""

    HIGH_BILLS = "high_bills", "Factures d’énergie ou d’eau élevées"
    TROUBLE_PAYING = "trouble_paying", "Difficultés à payer les factures"
    TOO_COLD_OR_HOT = "too_cold_or_hot", "Trop froid l’hiver ou trop chaud l’été"
    DAMP = "damp", "Humidité dans le logement"


class CaseState(TextChoices):
    RECEIVED = "received", "Demande reçue"
    TO_COMPLETE = "to_complete", "À compléter"
    ELIGIBLE = "eligible", "Éligible, à confier"
    NOT_ELIGIBLE = "not_eligible", "Non éligible"
    ASSIGNED = "assigned", "Confié, visite à planifier"
    SCHEDULED = "scheduled", "Visite planifiée"
    VISITED = "visited", "Visite faite"
    REPORTED = "reported", "Compte rendu remis"
    SUPPORTED = "supported", "Accompagnement renforcé"
    AWAITING_FOLLOW_UP = "awaiting_follow_up", "En attente du suivi à un an"
    FOLLOW_UP = "follow_up", "Suivi à un an en cours"
    EVALUATED = "evaluated", "Résultat constaté"
    CLOSED = "closed", "Clos sans suite"


class Progress(TextChoices):
    """How far a case is, as coarsely as the observatory is told."""

    UNDER_WAY = "under_way", "En cours, avant la visite"
    VISITED = "visited", "Visite faite"
    STOPPED = "stopped", "Non éligible ou clos sans suite"


class EligibilityAnswer(TextChoices):
    YES = "yes", "Éligible"
    NO = "no", "Non éligible"
    UNKNOWN = "unknown", "Indéterminé"


class ClosingReason(TextChoices):
    WITHDRAWN = "withdrawn", "Le ménage renonce"
    UNREACHABLE = "unreachable", "Ménage injoignable"
    MOVED = "moved", "Déménagement hors du territoire"
    NOT_ELIGIBLE = "not_eligible", "Non éligible"
    OUT_OF_PERIMETER = "out_of_perimeter", "Hors du territoire"
    DUPLICATE = "duplicate", "Doublon"
    DEATH = "death", "Décès"
    OTHER = "other", "Autre motif"


class ConsentKind(TextChoices):
    PROCESSING = "processing", "Traitement du dossier"
    INFORM_REFERRER = "inform_referrer", "Informer le prescripteur de l’avancement"
    SHARE_WITH_PARTNERS = "share_with_partners", "Partager avec des partenaires nommés"


class AttachmentKind(TextChoices):
    BILL = "bill", "Facture"
    TAX_NOTICE = "tax_notice", "Avis d’imposition"
    PHOTO = "photo", "Photo"
    LETTER = "letter", "Courrier"
    REPORT = "report", "Compte rendu"
    OTHER = "other", "Autre pièce"
