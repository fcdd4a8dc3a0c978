"""What an extract is for, and the chapters that such a document usually takes."""

from dataclasses import dataclass
from types import MappingProxyType

CHAPTERS = MappingProxyType(
    {
        "population": "Population et logements",
        "consommation": "Énergie consommée",
        "production": "Énergie produite",
        "emissions": "Gaz à effet de serre",
        "revenus": "Revenus et précarité énergétique",
        "dpe": "Diagnostics de performance énergétique",
    }
)


@dataclass(frozen=True, slots=True)
class Purpose:
    """`chapters`: ticked before anyone chooses; all may be taken for any purpose."""

    title_fr: str
    chapters: tuple[str, ...]


PURPOSES = MappingProxyType(
    {
        "scot": Purpose("un SCoT", tuple(CHAPTERS)),
        "plui": Purpose(
            "un PLU ou un PLU intercommunal", ("population", "consommation", "production", "dpe")
        ),
        "plh": Purpose(
            "un programme local de l’habitat", ("population", "consommation", "revenus", "dpe")
        ),
        "pcaet": Purpose(
            "un PCAET", ("population", "consommation", "production", "emissions", "revenus")
        ),
    }
)
