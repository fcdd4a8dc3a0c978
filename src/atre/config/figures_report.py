"""What `./atre read` says of a file of territorial figures: how many of each measure, and how many of
them are secret or absent."""

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from atre.formats.summary import TableSummary

# A measure that has no word here is shown by its identifier.
MEASURES_FR = {
    "consumption": "consommations",
    "sites": "points de livraison",
    "production": "productions",
    "renewable_production": "parts renouvelables des productions",
    "installed_power": "puissances installées",
    "installations": "nombres d’installations",
    "renewable_installations": "nombres d’installations renouvelables",
    "emissions": "émissions de gaz à effet de serre",
    "median_income": "revenus médians",
    "poverty_rate": "taux de pauvreté",
    "low_declared_income_rate": "taux de bas revenus déclarés",
    "tax_households": "ménages fiscaux",
    "tax_household_persons": "personnes des ménages fiscaux",
    "taxed_households_share": "parts de ménages imposés",
    "income_share": "parts de chaque sorte de revenus",
    "decile_ratio": "rapports entre neuvième et premier décile",
    "s80_s20_ratio": "rapports S80/S20",
    "gini": "indices de Gini",
    "interquartile_ratio": "écarts interquartiles rapportés à la médiane",
    "dpe_count": "nombres de DPE",
    "dwellings": "nombres de logements",
    "main_dwellings": "nombres de résidences principales",
    "population": "populations",
    "quartile_1": "premiers quartiles de revenus",
    "quartile_3": "troisièmes quartiles de revenus",
    **{f"decile_{rank}": f"déciles de revenus, rang {rank}" for rank in range(1, 10)},
}
# Statuses other than published, and how a count of them is said.
HIDDEN_FR = {
    "secret": ("secret", "secrets"),
    "missing": ("absent", "absents"),
    "estimated": ("estimé", "estimés"),
    "partial": ("partiel", "partiels"),
}


def described_figures(found: "TableSummary") -> dict[str, Any]:
    """Counts by measure and status, the years, and how many territories."""
    return {
        "territories": len(found.territories),
        "years": sorted(found.years),
        "measures": [
            {"measure": measure, "rows": counts.total(), **dict(sorted(counts.items()))}
            for measure, counts in found.measures.items()
        ],
    }


def figure_lines(table: dict[str, Any]) -> list[str]:
    """The same for a person, one line a measure."""
    from atre.calc.wording import NO_BREAK, number_fr

    years = ", ".join(str(year) for year in table["years"]) or "non dite par le fichier"
    count = table["territories"]
    plural = "s" if count > 1 else ""
    lines = [f"  {number_fr(count)}{NO_BREAK}territoire{plural} ; année : {years}."]
    for found in table["measures"]:
        name = MEASURES_FR.get(found["measure"], found["measure"])
        hidden = [
            f"{number_fr(found[status])}{NO_BREAK}{words[found[status] > 1]}"
            for status, words in HIDDEN_FR.items()
            if found.get(status)
        ]
        told = f", dont {', '.join(hidden)}" if hidden else ""
        lines.append(f"  {name[0].upper()}{name[1:]} : {number_fr(found['rows'])}{told}.")
    return lines
