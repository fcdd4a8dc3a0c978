"""Indicators of the Insee that add to dwellings and incomes: what homes are, and both ends of the
incomes."""

from atre.warehouse.indicators import WHOLE, Aggregation, Indicator, Quantity, Secrecy

INSEE_INDICATORS = (
    Indicator(
        key="main_dwellings",
        title_fr="Résidences principales",
        unit="dwellings",
        quantity=Quantity.COUNT,
        aggregation=Aggregation.SUM,
        secrecy=Secrecy.PUBLISHER,
        sources=("base_logement",),
        dimensions=("energy", "category"),
        # The file gives no whole: houses and flats make it. Two families are never added up.
        default_categories=("type:house", "type:flat"),
        cautions_fr=(
            "Par type, période, statut d’occupation, surface ou chauffage : le mot avant les deux-points "
            "est la famille, et deux familles ne s’ajoutent pas. Le recensement vient d’un sondage : "
            "sous 200 logements, à lire avec précaution.",
        ),
    ),
    *(
        Indicator(
            key=f"decile_{rank}",
            title_fr=title,
            unit="EUR/UC/year",
            quantity=Quantity.MONEY,
            aggregation=Aggregation.NEVER,
            secrecy=Secrecy.PUBLISHER,
            sources=("filosofi",),
            dimensions=("category",),
            default_categories=(WHOLE,),
            cautions_fr=(
                "Un décile de plusieurs communes ne se calcule pas à partir de leurs déciles : ils sont "
                "donnés un à un.",
            ),
        )
        for rank, title in (
            (1, "Niveau de vie sous lequel vivent les 10 % les plus modestes (premier décile)"),
            (9, "Niveau de vie au-dessus duquel vivent les 10 % les plus aisés (neuvième décile)"),
        )
    ),
)
