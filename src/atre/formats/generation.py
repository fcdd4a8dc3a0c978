"""Ways of producing electricity, whoever counts them: a publisher's word becomes ours."""

from enum import StrEnum

import pyarrow as pa
import pyarrow.compute as pc

from atre.formats.text_files import plain


class Generation(StrEnum):
    """How electricity is produced; `category` of the figures of production."""

    SOLAR = "solar"
    SOLAR_THERMODYNAMIC = "solar_thermodynamic"
    WIND = "wind"
    MARINE = "marine"
    HYDRO = "hydro"
    GEOTHERMAL = "geothermal"
    BIOENERGY = "bioenergy"
    WOOD = "wood"
    BIOGAS = "biogas"
    LANDFILL_GAS = "landfill_gas"
    WASTE = "waste"
    RENEWABLE_THERMAL = "renewable_thermal"
    FOSSIL_THERMAL = "fossil_thermal"
    COGENERATION = "cogeneration"
    NUCLEAR = "nuclear"
    STORAGE = "storage"
    OTHER = "other"


# Words of the national register, of Enedis and of the register of Pays de la Loire, as `plain`.
WORDS: dict[str, Generation] = {
    "solaire": Generation.SOLAR,
    "photovoltaique": Generation.SOLAR,
    "pvq": Generation.SOLAR,
    "sol_thermo": Generation.SOLAR_THERMODYNAMIC,
    "eolien": Generation.WIND,
    "eolien terrestre": Generation.WIND,
    "eolien en mer": Generation.WIND,
    "eol_ter": Generation.WIND,
    "energies marines": Generation.MARINE,
    "emr": Generation.MARINE,
    "hydraulique": Generation.HYDRO,
    "hydro": Generation.HYDRO,
    "geothermie": Generation.GEOTHERMAL,
    "geoth": Generation.GEOTHERMAL,
    "bioenergies": Generation.BIOENERGY,
    "bio energie": Generation.BIOENERGY,
    "bio-energie": Generation.BIOENERGY,
    "bois": Generation.WOOD,
    "metha": Generation.BIOGAS,
    "capt_biogaz": Generation.LANDFILL_GAS,
    "dechet": Generation.WASTE,
    "therm_renouv": Generation.RENEWABLE_THERMAL,
    "thermique non renouvelable": Generation.FOSSIL_THERMAL,
    "cogeneration": Generation.COGENERATION,
    "nucleaire": Generation.NUCLEAR,
    "stockage non hydraulique": Generation.STORAGE,
    "autre": Generation.OTHER,
    "autres filieres": Generation.OTHER,
}
WORD_FR = "Filière de production inconnue : la ligne n’est pas rangée au hasard."


def generation_of(texts: pa.Array) -> pa.Array:
    """Each publisher's word as ours; null where it is none that is known.

    >>> generation_of(pa.array(["Solaire", "Bio Energie", "Lune"])).to_pylist()
    ['solar', 'bioenergy', None]
    """
    found = pc.unique(texts)
    meant = [WORDS.get(plain(text.as_py() or "")) for text in found]
    words = pa.array([None if word is None else str(word) for word in meant], pa.string())
    return words.take(pc.index_in(texts, found))
