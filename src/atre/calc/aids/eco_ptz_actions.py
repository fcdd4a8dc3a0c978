"""Which works an éco-PTZ counts as how many actions.

The loan counts kinds of works, not lines of a quote: two walls insulated are one action. The kinds
are the seven of the law; which of them a geste belongs to is our reading, said with the answer.
"""

from collections.abc import Mapping

import numpy as np

from atre.calc.aids.result import Flags
from atre.calc.aids.situation import Situations, Works
from atre.calc.aids.situation_fields import ECO_PTZ_WORKS, Geste
from atre.calc.three_valued import UNKNOWN_CODE, Codes

WINDOWS = "windows"
GESTES_BY_ACTION: Mapping[str, tuple[Geste, ...]] = {
    "roof": (Geste.COMBLES_RAMPANTS, Geste.TOITURE_TERRASSE, Geste.COMBLES_PERDUS),
    "walls": (Geste.ITE, Geste.ITI),
    WINDOWS: (Geste.FENETRE,),
    "floors": (Geste.PLANCHER_BAS,),
    "heating_or_hot_water": (
        Geste.PAC_AIR_EAU,
        Geste.PAC_GEO_SOLAROTHERM,
        Geste.RESEAU_CHALEUR_FROID,
    ),
    "renewable_heating": (
        Geste.SSC,
        Geste.POELE_BUCHES,
        Geste.POELE_GRANULES,
        Geste.INSERT,
        Geste.CHAUDIERE_BUCHES,
        Geste.CHAUDIERE_GRANULES,
    ),
    "renewable_hot_water": (Geste.CESI, Geste.CET),
}


def works_kinds(situations: Situations) -> tuple[Codes, Flags]:
    """The kind of éco-PTZ of n projects: as declared, otherwise counted from their works.

    Returns ranks in `ECO_PTZ_WORKS`, int8 (n,), -1 unknown, and the rows that were counted.
    Works outside the seven kinds (ventilation, panels…) do not count; a project that has none of
    the seven stays unknown. « Performance globale » is never guessed.

    >>> from atre.calc.aids.situation import Situations
    >>> works_kinds(Situations.of(2, eco_ptz_works=["two_actions", None]))[0].tolist()
    [2, -1]
    """
    declared = situations.choice("eco_ptz_works")
    if situations.works is None:
        return declared, np.zeros(situations.n, np.bool_)
    counted = _counted(situations.works, situations.n)
    from_works = (declared == UNKNOWN_CODE) & (counted != UNKNOWN_CODE)
    return np.where(from_works, counted, declared).astype(np.int8), from_works


def _counted(works: Works, n: int) -> Codes:
    present = {
        action: works.any_of(works.is_geste(*gestes), n)
        for action, gestes in GESTES_BY_ACTION.items()
    }
    count = np.minimum(sum(rows.astype(np.int8) for rows in present.values()), 3)
    by_count = np.array(
        [UNKNOWN_CODE]
        + [ECO_PTZ_WORKS.index(name) for name in ("one_action", "two_actions", "three_actions")],
        dtype=np.int8,
    )
    kinds: Codes = by_count[count]
    windows_only = present[WINDOWS] & (count == 1)
    kinds[windows_only] = ECO_PTZ_WORKS.index("windows_only")
    return kinds
