"""The reference page of the observatory's indicators, printed from the catalogue."""

from atre.warehouse.catalogue import CATALOGUE
from atre.warehouse.crosswalk import of_indicator
from atre.warehouse.indicators import Aggregation, Indicator, Quantity, Secrecy
from atre.warehouse.publishers import PUBLISHERS

QUANTITIES_FR = {
    Quantity.ENERGY: "énergie",
    Quantity.POWER: "puissance",
    Quantity.EMISSIONS: "émissions",
    Quantity.COUNT: "nombre",
    Quantity.MONEY: "argent",
    Quantity.SHARE: "part",
    Quantity.DEGREE_DAYS: "degrés-jours",
}
AGGREGATIONS_FR = {
    Aggregation.SUM: "s’additionne",
    Aggregation.WEIGHTED_MEAN: "moyenne pondérée",
    Aggregation.MAX: "le plus grand",
    Aggregation.NEVER: "jamais, commune par commune",
}
SECRECIES_FR = {
    Secrecy.PUBLISHER: "règle du producteur, ce qu’il cache reste caché, ou borné",
    Secrecy.HOUSEHOLDS: "seuil de ménages",
    Secrecy.ESTABLISHMENTS: "seuil d’établissements et dominance",
    Secrecy.NONE: "aucun, le chiffre ne parle de personne",
}
DIMENSIONS_FR = {"sector": "secteur", "energy": "énergie", "category": "catégorie"}


def page() -> str:
    """Markdown: a table of all, then what to know of each."""
    lines = [
        "# Les indicateurs de l’observatoire",
        "",
        "Page produite par `./atre docs` à partir de `warehouse/catalogue.py`. Le modèle et les "
        "estimations sont expliqués dans [L’observatoire](../explanation/observatoire.md).",
        "",
        "| Indicateur | Code | Unité | Grandeur | Entre communes | Découpé par |",
        "|---|---|---|---|---|---|",
    ]
    lines += [_row(one) for one in CATALOGUE.values()]
    for one in CATALOGUE.values():
        lines += ["", *_section(one)]
    return "\n".join(lines) + "\n"


def _row(one: Indicator) -> str:
    cuts = ", ".join(DIMENSIONS_FR[name] for name in one.dimensions) or "rien"
    cells = (
        one.title_fr,
        f"`{one.key}`",
        f"`{one.unit}`",
        QUANTITIES_FR[one.quantity],
        AGGREGATIONS_FR[one.aggregation],
        cuts,
    )
    return f"| {' | '.join(cells)} |"


def _section(one: Indicator) -> list[str]:
    lines = [
        f"## {one.title_fr}",
        "",
        f"- Code : `{one.key}`, en `{one.unit}`.",
        f"- Secret : {SECRECIES_FR[one.secrecy]}.",
        f"- Sources, la préférée d’abord : {', '.join(_source(key) for key in one.sources)}.",
    ]
    if one.bars_follow_up:
        barred = ", ".join(f"`{name}`" for name in one.bars_follow_up)
        lines.append(f"- Ne peut suivre ni évaluer une action locale pour les secteurs {barred}.")
    theirs = [f"`{equal.cae}`" for equal in of_indicator(one.key)]
    if theirs:
        lines.append(f"- Identifiants dans Territoires en transitions : {', '.join(theirs)}.")
    return [*lines, *(f"- À savoir : {caution}" for caution in one.cautions_fr)]


def _source(key: str) -> str:
    known = PUBLISHERS.get(key)
    return f"{known.short_fr} (`{key}`)" if known else f"`{key}`"
