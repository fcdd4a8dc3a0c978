"""The columns that Agence ORE and the SDES share, what their words mean, and what is said of them."""

from atre.formats.territory_figures import Energy, Level, Sector, Status

# Since the consumption of 2018 (decree 2020-196), small professionals are no longer residential.
BREAK_YEAR = 2018
# What the SDES wrote for a hidden value, in its files of 2017 and before.
HIDDEN_CODE = -99.0

TITLES: dict[str, str] = {
    **dict.fromkeys(("iris_code", "code_iris", "code_iris_code", "iris", "codeiris"), "iris"),
    "code_de_l_iris_code_de_la_zone": "iris",
    **dict.fromkeys(
        ("code_commune", "code_commune_code", "commune_code", "code_insee", "code_insee_commune"),
        "commune",
    ),
    "code_de_la_commune_code_de_la_zone": "commune",
    "nom_commune": "commune_name",
    **dict.fromkeys(("code_epci", "code_epci_code"), "epci"),
    "code_de_l_epci_code_de_la_zone": "epci",
    **dict.fromkeys(("code_departement", "code_departement_code"), "department"),
    "code_du_departement_code_de_la_zone": "department",
    **dict.fromkeys(("code_region", "code_region_code"), "region"),
    "code_de_la_region_code_de_la_zone": "region",
    **dict.fromkeys(("annee", "millesime_des_donnees"), "year"),
    **dict.fromkeys(("filiere", "energie_concernee"), "energy"),
    **dict.fromkeys(("code_grand_secteur", "code_du_grand_secteur"), "sector"),
    **dict.fromkeys(("code_categorie_consommation", "categorie_de_la_consommation"), "category"),
    **dict.fromkeys(
        ("conso", "conso_mwh", "conso_totale_mwh", "consommation_en_mwh"), "consumption"
    ),
    **dict.fromkeys(("pdl", "sites", "nb_sites", "nombre_de_points_de_livraison"), "sites"),
    **dict.fromkeys(
        (
            "nb_iris_masques",
            "nombre_d_iris_masques",
            "nombre_mailles_secretisees",
            "nombre_de_mailles_secretisees",
        ),
        "masked",
    ),
    **dict.fromkeys(("conso_moyenne_mwh", "indqual", "thermor", "part", "partr"), "other"),
    **dict.fromkeys(
        (
            "adresse",
            "libelle_de_voie",
            "libelle_voie",
            "nom_voie",
            "numero_de_voie",
            "numero_voie",
            "num_voie",
        ),
        "address",
    ),
}
VALUES = frozenset({"consumption", "sites", "masked", "other"})
PLACES = (Level.IRIS, Level.COMMUNE, Level.EPCI, Level.DEPARTMENT, Level.REGION)
MEASURES = {"consumption": "MWh", "sites": "sites"}

ENERGIES: dict[str, Energy] = {
    "e": Energy.ELECTRICITY,
    "electricité": Energy.ELECTRICITY,
    "électricité": Energy.ELECTRICITY,
    "electricite": Energy.ELECTRICITY,
    "g": Energy.GAS,
    "gaz": Energy.GAS,
    "gaz naturel": Energy.GAS,
    "c": Energy.HEAT_NETWORK,
    "chaleur": Energy.HEAT_NETWORK,
    "f": Energy.COLD_NETWORK,
    "froid": Energy.COLD_NETWORK,
}
SECTORS: dict[str, Sector] = {
    "a": Sector.AGRICULTURE,
    "agriculture": Sector.AGRICULTURE,
    "i": Sector.INDUSTRY,
    "industrie": Sector.INDUSTRY,
    "t": Sector.TERTIARY,
    "tertiaire": Sector.TERTIARY,
    "r": Sector.RESIDENTIAL,
    "residentiel": Sector.RESIDENTIAL,
    "résidentiel": Sector.RESIDENTIAL,
    "p": Sector.SMALL_PROFESSIONAL,
    "petit_professionnel": Sector.SMALL_PROFESSIONAL,
    "petit professionnel": Sector.SMALL_PROFESSIONAL,
    "petits professionnels": Sector.SMALL_PROFESSIONAL,
    **dict.fromkeys(("x", "na", "inconnu", "non affecté", "non affecte"), Sector.UNALLOCATED),
}
# What the category says when the sector is blank or « X ».
CATEGORIES: dict[str, Sector] = {
    "res": Sector.RESIDENTIAL,
    "pro": Sector.SMALL_PROFESSIONAL,
}
MARKS: dict[str, Status] = {
    **dict.fromkeys(("s", "secret", "secretisé", "secrétisé", "confidentiel"), Status.SECRET),
    **dict.fromkeys(("", "nd", "n.d.", "nc", "na", "n/a", "-", "null"), Status.MISSING),
}

YEAR_FR = "Année illisible : attendue comme 2019."
ENERGY_FR = "Énergie inconnue : attendue comme E, G, C, F, Électricité ou Gaz."
SECTOR_FR = "Secteur inconnu : attendu comme A, I, T, R, P, X ou en toutes lettres."
NEGATIVE_FR = (
    "Valeur négative : ce n’est pas une consommation. « −99 » ne voulait dire « secret » que "
    "jusqu’aux consommations de 2017."
)
NO_SECTOR_FR = "Ligne sans secteur : gardée à part, dans le secteur « non affecté » ; elle compte dans les totaux."
SECRET_FR = "Valeur secrète : gardée comme secrète, jamais comme zéro."
MISSING_FR = "Valeur absente (vide, « nd », « nc ») : gardée comme inconnue, jamais comme zéro."
ZERO_FR = (
    "0 MWh pour 0 site : cet export additionne les mailles masquées comme des zéros ; rien ne dit si "
    "celui-ci en est un. Gardé comme inconnu : l’export complet de l’Agence ORE les distingue."
)
PARTIAL_FR = "Chiffre dont une part est masquée ou inconnue : c’est un minimum, marqué « partiel », pas un total."
GAS_FR = (
    "Le gaz est en MWh PCS (pouvoir calorifique supérieur) : un PCAET se compte en PCI, "
    "la conversion se fait à l’affichage."
)
BREAK_FR = (
    "Rupture en 2018 : jusqu’aux consommations de 2017, les petits professionnels sont comptés avec "
    "le résidentiel ; depuis, ils ont leur catégorie. Une baisse du résidentiel entre ces deux années "
    "n’est pas une économie."
)
ADDED_FR = (
    "Chiffres de lignes séparées (opérateurs, activités, adresses) additionnés en un seul par territoire, "
    "année, énergie et secteur."
)


def years_fr(first: int, last: int) -> str:
    """That a file has several vintages, in a sentence.

    >>> years_fr(2019, 2020)
    'Le fichier a plusieurs millésimes, de 2019 à 2020 : chaque chiffre garde son année.'
    """
    return (
        f"Le fichier a plusieurs millésimes, de {first} à {last} : chaque chiffre garde son année."
    )


# A zero that may be masked is unknown; it has a word of its own only to be told.
DOUBTED = "doubted"
SENTENCES: dict[str, str] = {
    Status.SECRET: SECRET_FR,
    Status.MISSING: MISSING_FR,
    DOUBTED: ZERO_FR,
}
