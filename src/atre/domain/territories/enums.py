"""The closed lists of the territory reference, as the official sources write them."""

from django.db import models


class EpciKind(models.TextChoices):
    """Legal form of a grouping of communes (DGCL codes; EPT has no own taxation)."""

    CC = "CC", "communauté de communes"
    CA = "CA", "communauté d’agglomération"
    CU = "CU", "communauté urbaine"
    METRO = "METRO", "métropole"
    MET69 = "MET69", "métropole de Lyon"
    EPT = "EPT", "établissement public territorial"


class PopulationKind(models.TextChoices):
    """The two legal populations of INSEE; they are never added nor compared with each other."""

    MUNICIPAL = "municipal", "population municipale"
    TOTAL = "total", "population totale"


class FormerKind(models.TextChoices):
    """Why a code or a name that is not a commune of today leads to one."""

    DELEGATED = "delegated", "commune déléguée"
    ASSOCIATED = "associated", "commune associée"
    DISTRICT = "district", "arrondissement municipal"
    OLD_CODE = "old_code", "ancien code"


class Zone(models.TextChoices):
    """Part of the national territory, as the source splits it."""

    METRO = "metro", "métropole"
    DROM = "drom", "département ou région d’outre-mer"
    COM = "com", "collectivité d’outre-mer"
