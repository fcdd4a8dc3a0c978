"""Who publishes what an indicator is made of, and under which licence."""

from dataclasses import dataclass

OPEN = "Licence Ouverte 2.0"


@dataclass(frozen=True)
class Publisher:
    """`short_fr`: as under a figure. `licence_fr`: as its producer states it, empty when unknown."""

    short_fr: str
    licence_fr: str = ""


# By key of a format, of an installed table or of a model of ours.
PUBLISHERS = {
    "installed_populations": Publisher("Insee, DGCL (populations légales)", OPEN),
    "installed_census": Publisher("Insee, recensement de 2021", OPEN),
    "installed_climate": Publisher("Costic, par France Chaleur Urbaine", "MIT"),
    "iris_figures": Publisher("Insee, recensement de 2021", OPEN),
    "base_logement": Publisher("Insee, recensement", OPEN),
    "filosofi": Publisher("Insee, Filosofi", OPEN),
    "igt": Publisher("ADEME, inventaire gaz à effet de serre territorialisé"),
    "dpe_counted": Publisher("ADEME, diagnostics de performance énergétique", OPEN),
    "dpe_rows": Publisher("ADEME, diagnostics de performance énergétique", OPEN),
    "sdes_local_energy": Publisher("SDES, données locales d’énergie", OPEN),
    "sdes_addresses": Publisher("SDES, données locales d’énergie à l’adresse", OPEN),
    "ore_consumption": Publisher("Agence ORE", OPEN),
    "ore_consumption_wide": Publisher("Agence ORE", OPEN),
    "odre_production_register": Publisher("ODRÉ, registre national des installations", OPEN),
    "enedis_production_communes": Publisher("Enedis et DREAL des Pays de la Loire", OPEN),
    "production_register_indicators": Publisher("DREAL des Pays de la Loire", OPEN),
    "mapped_columns": Publisher("observatoire régional"),
    "model_energy_poverty": Publisher("modèle ouvert d’Âtre"),
    "model_emission_factors": Publisher("calcul d’Âtre, facteurs de la Base Empreinte"),
    "platform_cases": Publisher("dossiers suivis dans la plateforme"),
}


def short_fr(source: str) -> str:
    """The publisher of a source, its key where we do not know it."""
    known = PUBLISHERS.get(source)
    return known.short_fr if known else source


def licence_fr(source: str) -> str:
    """The licence of a source; empty when its producer did not state one to us."""
    known = PUBLISHERS.get(source)
    return known.licence_fr if known else ""
