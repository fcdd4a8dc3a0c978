"""The settings of the CalTRACK 2.0 method, each with the rule it comes from."""

from dataclasses import dataclass, field

from atre.calc.errors import RefusedInput
from atre.calc.savings.balance_points import (
    CELSIUS_PER_FAHRENHEIT,
    Floats,
    caltrack_balance_points_c,
)


@dataclass(frozen=True, slots=True, kw_only=True)
class CaltrackMethod:
    """What is tried, and what is asked of the data. The defaults are CalTRACK 2.0's.

    balance_points_c : candidate balance points, °C, rising, shape (b,).
    fits_cooling : False for a gas meter (rule 2.2.2.3): only heating is looked for.
    beta_maximum_p_value : a slope less certain than this disqualifies its candidate. 1 keeps all,
        as CalTRACK 2.0 and eemeter 3.1.1 do; 0.1 was CalTRACK 1.0's.
    minimum_degree_days_c : least total of degree days over the baseline, °C·day (20 °F·day, 3.2.2.2).
    minimum_days_with_degree_days : least number of daily values that are not zero (3.2.2.1).
    baseline_days : length of the baseline (2.2.1.1).
    edge_days_at_most : days that may lack at the two ends of the baseline together: below 350 days
        we do not call it a year (the same bounds as for a year of bills).
    minimum_coverage : least share of days with both a reading and a temperature (2.2.1.2).
    minimum_period_coverage : least share of a bill's days with a temperature (2.2.3.2).
    bill_days : shortest and longest bill used (2.2.3.4 and 2.2.3.5).
    bill_temperature_days : only the first days of each bill count in its degree days. None uses all;
        35 is what eemeter 3.1.1 does, which spoils its bimonthly models: kept to compare with it.
    reporting_days : longest period reported, from the end of the works.
    confidence : of the interval around the saving, two-sided.
    """

    balance_points_c: Floats = field(default_factory=caltrack_balance_points_c)
    fits_cooling: bool = True
    beta_maximum_p_value: float = 1.0
    minimum_degree_days_c: float = 20 * CELSIUS_PER_FAHRENHEIT
    minimum_days_with_degree_days: int = 10
    baseline_days: int = 365
    edge_days_at_most: int = 15
    minimum_coverage: float = 0.9
    minimum_period_coverage: float = 0.9
    bill_days: tuple[int, int] = (25, 70)
    bill_temperature_days: int | None = None
    reporting_days: int = 365
    minimum_reporting_days: int = 30
    confidence: float = 0.9

    def __post_init__(self) -> None:
        if not 0 < self.confidence < 1:
            raise RefusedInput(
                "Le degré de confiance est compris entre 0 et 1, par exemple 0,9.",
                field="confidence",
            )
        if not 0 < self.beta_maximum_p_value <= 1:
            raise RefusedInput(
                "La valeur p acceptée est comprise entre 0 et 1.", field="beta_maximum_p_value"
            )


CALTRACK_2 = CaltrackMethod()
