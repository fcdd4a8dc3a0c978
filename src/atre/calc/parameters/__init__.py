"""Dated facts with unit, period, source and confidence. Looked up by date, never copied."""

from atre.calc.parameters.comparing import Change, changes_between
from atre.calc.parameters.loading import all_parameters, load_folder, parameter, parameters_on
from atre.calc.parameters.model import (
    Confidence,
    DatedValue,
    NoSuchParameter,
    Parameter,
    ParameterFileError,
    PersonsTable,
    Source,
    UnknownParameter,
)

__all__ = [
    "Change",
    "Confidence",
    "DatedValue",
    "NoSuchParameter",
    "Parameter",
    "ParameterFileError",
    "PersonsTable",
    "Source",
    "UnknownParameter",
    "all_parameters",
    "changes_between",
    "load_folder",
    "parameter",
    "parameters_on",
]
