"""The reference page of the rules, written from the parameter files themselves."""

from collections.abc import Iterable, Mapping

from atre.calc.aids.situation_fields import GESTE_LABELS_FR
from atre.calc.parameters.model import Confidence, DatedValue, Parameter, PersonsTable
from atre.calc.wording import NO_BREAK, date_fr, number_fr, persons_fr

UNITS_FR = {
    "EUR_RFR_per_year": "euros de revenu fiscal de référence par an",
    "UC": "unités de consommation par personne",
    "ratio": "rapport, sans unité",
    "kWh_pcs_per_kWh_pci": "kWh PCS par kWh PCI",
    "kWh_pcs_per_litre": "kWh PCS par litre",
    "kWh_pcs_per_kg": "kWh PCS par kilogramme",
    "kWh_pcs_per_stere": "kWh PCS par stère",
    "kWh_primary_per_kWh_final": "kWh d’énergie primaire par kWh d’énergie finale",
    "kgCO2e_per_kWh_pci": "kg d’équivalent CO₂ par kWh PCI",
    "kWh_per_year": "kWh par an",
    "degC": "degrés Celsius",
    "month_day": "mois et jour",
    "W_per_m2_K": "watts par m² et par degré",
    "m2_K_per_W": "m² et degrés par watt",
    "kWh_per_m2_per_year": "kWh par m² et par an",
    "m": "mètres",
    "EUR_per_UC_per_year": "euros par unité de consommation et par an",
    "EUR_TTC_per_kWh": "euros TTC par kWh",
    "EUR_TTC_per_m3": "euros TTC par m³",
    "EUR_TTC_per_litre": "euros TTC par litre",
    "EUR_TTC_per_kg": "euros TTC par kilogramme",
    "EUR_TTC_per_tonne": "euros TTC par tonne",
    "EUR_TTC_per_stere": "euros TTC par stère",
    "months": "mois",
    "litre_per_person_per_day": "litres par personne et par jour",
    "m3_per_year": "m³ par an",
    "watt": "watts",
    "kVA": "kilovoltampères",
    "rule": "règle",
    "EUR": "euros",
    "EUR_HT": "euros hors taxes",
    "EUR_TTC": "euros TTC",
    "EUR_per_m2": "euros par m²",
    "EUR_HT_per_m2": "euros hors taxes par m²",
    "EUR_per_window": "euros par fenêtre",
    "EUR_HT_per_window": "euros hors taxes par fenêtre",
    "EUR_HT_per_dwelling": "euros hors taxes par logement",
    "m2": "m²",
    "years": "années",
    "months_per_year": "mois par an",
    "dpe_classes": "classes du DPE",
    "gestes": "gestes de travaux",
    "dwellings": "logements",
    "days": "jours",
    "multiplier": "facteur multiplicatif",
    "kWh_cumac": "kWh cumulés et actualisés (kWh cumac)",
    "EUR_per_MWh_cumac": "euros par MWh cumac",
    "percent": "%",
    "EUR_TTC_per_year": "euros TTC par an",
    "EUR_RFR_per_UC": "euros de revenu fiscal de référence par unité de consommation",
    "kWc": "kilowatts-crête",
    "campaign_year": "année de campagne (0 : aucune)",
    "income_year": "année des revenus",
    "visits": "visites par ménage",
    "combination_verdict": "0 : rien ne s’y oppose ; 1 : à confirmer ; 2 : exclu",
    "contributors": "contributeurs (ménages, points de livraison, entreprises)",
    "MWh_per_year": "MWh par an",
}

CONFIDENCE_FR = {
    Confidence.HIGH: "haute",
    Confidence.MEDIUM: "moyenne",
    Confidence.LOW: "faible : à vérifier avant tout usage",
}

NAMES_FR: Mapping[str, str] = {
    "tres_modestes": "très modestes",
    "modestes": "modestes",
    "intermediaires": "intermédiaires",
    "superieurs": "supérieurs",
    "first_adult": "premier adulte",
    "other_14_or_more": "autre personne de 14 ans ou plus",
    "child_under_14": "enfant de moins de 14 ans",
    "first_person": "première personne",
    "second_person": "deuxième personne",
    "other_person": "chaque personne suivante",
    "first_month": "premier mois",
    "first_day": "premier jour",
    "last_month": "dernier mois",
    "last_day": "dernier jour",
    "constant": "constante",
    "slope": "pente",
    "lowest": "la plus basse",
    "highest": "la plus haute",
    "highest_mean": "plus haute moyenne d’une série",
    "any_kva": "toutes puissances",
    "le_6_kva": "jusqu’à 6 kVA",
    "ge_9_kva": "9 kVA et plus",
    "hp": "heures pleines",
    "hc": "heures creuses",
    "base_6_kva": "base 6 kVA",
    "base_9_kva": "base 9 kVA",
    "base_12_kva": "base 12 kVA",
    "hphc_6_kva": "heures pleines / creuses 6 kVA",
    "hphc_9_kva": "heures pleines / creuses 9 kVA",
    "hphc_12_kva": "heures pleines / creuses 12 kVA",
    "tempo_6_kva": "Tempo 6 kVA",
    "tempo_9_kva": "Tempo 9 kVA",
    "tempo_12_kva": "Tempo 12 kVA",
    "blue_hc": "bleu heures creuses",
    "blue_hp": "bleu heures pleines",
    "white_hc": "blanc heures creuses",
    "white_hp": "blanc heures pleines",
    "red_hc": "rouge heures creuses",
    "red_hp": "rouge heures pleines",
    "bulk": "vrac",
    "bags": "sacs",
    "step_1": "1re puissance",
    "step_2": "2e puissance",
    "step_3": "3e puissance",
    "step_4": "4e puissance",
    "step_5": "5e puissance",
    "step_6": "6e puissance",
    "step_7": "7e puissance",
    "step_8": "8e puissance",
    "step_9": "9e puissance",
    "month_2023_08": "août 2023",
    "month_2023_09": "septembre 2023",
    "month_2023_10": "octobre 2023",
    "month_2023_11": "novembre 2023",
    "month_2024_09": "septembre 2024",
    "month_2024_11": "novembre 2024",
    "month_2024_12": "décembre 2024",
    "month_2025_01": "janvier 2025",
    "month_2025_02": "février 2025",
    "month_2025_10": "octobre 2025",
    "month_2025_11": "novembre 2025",
    "month_2025_12": "décembre 2025",
    "month_2026_01": "janvier 2026",
    "month_2026_08": "août 2026",
    "low": "bas",
    "central": "centre",
    "high": "haut",
    "heating": "chauffage",
    "hot_water": "eau chaude",
    "lighting": "éclairage",
    "cooling": "froid",
    "auxiliaries": "auxiliaires",
    "electricity": "électricité",
    "natural_gas": "gaz",
    "fuel_oil": "fioul",
    "propane": "propane",
    "wood_logs": "bois bûches",
    "wood_pellets": "granulés",
    "district_heat": "réseau de chaleur",
    "per_m2": "par m²",
    "per_person": "par personne",
    "presence_share": "part du temps de présence",
    "fixed": "part fixe",
    "bracket_1": "1re tranche",
    "bracket_2": "2e tranche",
    "bracket_3": "3e tranche",
    "bracket_4": "4e tranche",
    "windows_only": "fenêtres seules",
    "one_action": "une action",
    "two_actions": "deux actions",
    "three_actions": "trois actions ou plus",
    "global_performance": "performance énergétique globale",
    "with_maprimerenov": "avec MaPrimeRénov’",
    "sanitation": "assainissement non collectif",
    "basic": "socle",
    "complete": "complet",
    "complete_with_report": "complet avec rapport d’ergothérapie",
    **{f"gain_{classes}": f"gain de {classes} classes" for classes in (2, 3)},
    "gain_4": "gain de 4 classes ou plus",
    **{f"lt_{area}": f"moins de {area} m²" for area in (35, 60, 70, 90, 110, 130)},
    "ge_130": "130 m² et plus",
    **{zone: f"zone {zone}" for zone in ("H1", "H2", "H3")},
    # The works have their names once, where a situation is read.
    **{str(geste): label for geste, label in GESTE_LABELS_FR.items()},
}

# A year is written without a space between its thousands.
YEAR_UNITS = ("campaign_year", "income_year")

_HEAD = """# Les règles datées

Cette page est écrite par `./atre rules page` à partir des fichiers de
`src/atre/calc/parameters/values/` ; un test vérifie qu’elle est à jour. Ne la modifiez pas à la main.

Chaque valeur a une période, une source et un degré de confiance. Un dossier est jugé avec les
valeurs du jour de son dépôt. Avant la première période connue et après la dernière, la réponse est
« inconnu » : aucune valeur n’est prolongée.
"""


def rules_page(parameters: Mapping[str, Parameter]) -> str:
    """The whole page in Markdown, in French, one section a parameter.

    >>> from atre.calc.parameters.loading import all_parameters
    >>> key = "energy_poverty.tee_threshold"
    >>> page = rules_page({key: all_parameters()[key]})
    >>> [row] = [line for line in page.splitlines() if "0,08" in line]
    >>> row.replace(NO_BREAK, " ").split(" | ")[:3]
    ['| depuis le 1er janvier 2016', '0,08', 'haute']
    """
    return "\n".join([_HEAD, *(_section(found) for found in parameters.values())])


def value_fr(value: DatedValue) -> str:
    """A value on one line, in words.

    >>> from datetime import date
    >>> from atre.calc.parameters.loading import parameter
    >>> value_fr(parameter("energy.gas.kwh_pcs_per_kwh_pci", on=date(2026, 1, 1)))
    '1,111'
    """
    if isinstance(value.value, bool):
        return "oui" if value.value else "non"
    if value.unit in YEAR_UNITS:
        return f"{value.number:.0f}"
    if isinstance(value.value, tuple):
        return ", ".join(NAMES_FR.get(name, name) for name in value.value) or "aucun"
    if isinstance(value.value, PersonsTable):
        table = value.value
        amounts = [
            f"{persons_fr(size)} {number_fr(amount)}"
            for size, amount in enumerate(table.persons, start=1)
        ]
        return "; ".join([*amounts, f"par personne en plus {number_fr(table.per_extra_person)}"])
    if isinstance(value.value, Mapping):
        return "; ".join(
            f"{NAMES_FR.get(name, name)} {_number(number)}" for name, number in value.value.items()
        )
    return _number(value.value)


def period_fr(value: DatedValue) -> str:
    """The period of validity in words; no bound is invented where none is known.

    >>> from datetime import date
    >>> from atre.calc.parameters.loading import all_parameters
    >>> opened = all_parameters()["mpr.ampleur.deposit_open"].values
    >>> [period_fr(value).replace(NO_BREAK, " ") for value in (opened[1], opened[-1])]
    ['du 23 juin 2025 au 29 septembre 2025', 'depuis le 23 février 2026']
    """
    start, end = value.valid_from, value.valid_to
    if start is None and end is None:
        return "convention sans date"
    if start is None:
        return f"jusqu’au {date_fr(end)}" if end else ""
    if end is None:
        return f"depuis le {date_fr(start)}"
    return f"du {date_fr(start)} au {date_fr(end)}"


def _section(found: Parameter) -> str:
    lines = [
        f"## `{found.key}`",
        "",
        f"{found.label_fr}. Unité{NO_BREAK}: {UNITS_FR[found.unit]}.",
        "",
        "| Période | Valeur | Confiance | Source |",
        "|---|---|---|---|",
        *_rows(found.values),
        "",
    ]
    notes = [f"{period_fr(value)} : {value.note_fr}" for value in found.values if value.note_fr]
    return "\n".join([*lines, *(f"Remarque, {note}\n" for note in notes)])


def _rows(values: Iterable[DatedValue]) -> Iterable[str]:
    for value in values:
        confidence = CONFIDENCE_FR[value.confidence]
        yield (
            f"| {period_fr(value)} | {value_fr(value)} | {confidence} | {value.source.line_fr} |"
        )


def _number(number: float) -> str:
    text = f"{number:.10f}".rstrip("0").rstrip(".")
    decimals = len(text.split(".")[1]) if "." in text else 0
    return number_fr(number, decimals)
