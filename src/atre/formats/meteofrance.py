"""The files of Météo-France's public data: daily, hourly, SIM2, stations; monthly ones are known,
to be refused with what to take instead."""

from collections.abc import Iterator
from typing import BinaryIO

from atre.formats.meteofrance_daily import read_daily, read_sim2
from atre.formats.meteofrance_hourly import read_hourly
from atre.formats.meteofrance_stations import read_stations
from atre.formats.reading import Format, Part, UnreadableFile
from atre.formats.text_files import fields_of, head_lines, sniffed_delimiter


def _titles(head: bytes) -> set[str]:
    lines = head_lines(head, 1)
    if not lines:
        return set()
    return {title.upper() for title in fields_of(lines[0], sniffed_delimiter(lines))}


def _is_daily(head: bytes) -> bool:
    return {"NUM_POSTE", "AAAAMMJJ"} <= _titles(head)


def _is_hourly(head: bytes) -> bool:
    return {"NUM_POSTE", "AAAAMMJJHH"} <= _titles(head)


def _is_sim2(head: bytes) -> bool:
    titles = _titles(head)
    return {"DATE", "T_Q"} <= titles or {"LAMBX", "LAMBY", "DATE", "T"} <= titles


def _is_monthly(head: bytes) -> bool:
    titles = _titles(head)
    return ("AAAAMM" in titles and "NUM_POSTE" in titles) or {"NUM_POSTE", "DATE", "TMM"} <= titles


def _is_list(head: bytes) -> bool:
    titles = _titles(head)
    named = {"NUM_POSTE", "NOM_USUEL", "LAT", "LON", "ALTI"} <= titles
    return named and not titles & {"DATE", "AAAAMM", "AAAAMMJJ", "AAAAMMJJHH", "AAAAMMJJHHMN"}


def _refuse_monthly(_: BinaryIO) -> Iterator[Part]:
    raise UnreadableFile(
        "Ce fichier de Météo-France est mensuel : les degrés-jours et les économies mesurées se "
        "calculent jour par jour. Prenez le fichier quotidien du même département "
        "(« Q_…_RR-T-Vent », sur meteo.data.gouv.fr)."
    )


FORMATS: tuple[Format, ...] = (
    Format(
        key="meteofrance_daily",
        title_fr="données quotidiennes de Météo-France (CSV)",
        recognises=_is_daily,
        read=read_daily,
    ),
    Format(
        key="meteofrance_hourly",
        title_fr="données horaires de Météo-France (CSV)",
        recognises=_is_hourly,
        read=read_hourly,
    ),
    Format(
        key="meteofrance_sim2",
        title_fr="données SIM2 de Météo-France (CSV, maille de 8 km)",
        recognises=_is_sim2,
        read=read_sim2,
    ),
    Format(
        key="meteofrance_monthly",
        title_fr="données mensuelles de Météo-France (reconnues, pas lues)",
        recognises=_is_monthly,
        read=_refuse_monthly,
    ),
    Format(
        key="meteofrance_stations",
        title_fr="liste des postes de Météo-France (CSV)",
        recognises=_is_list,
        read=read_stations,
    ),
)
