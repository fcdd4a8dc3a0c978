"""The cited extract of a territory, written to a file. Needs Django."""

import argparse
from dataclasses import replace
from pathlib import Path

from django.utils.timezone import localdate

from atre.documents.territory_extract import render_territory_extract
from atre.warehouse.atomic import write_bytes
from atre.warehouse.territories import Kind, Territory
from atre.web.observatory.extract import CHAPTERS, PURPOSES, territory_extract
from atre.web.observatory.places import COUNTRY, SET, WORD_OF, Place


class NotAnExtract(ValueError):
    """A purpose or a chapter that does not exist; `message_fr` gives those that do."""

    def __init__(self, asked: str, known: list[str]) -> None:
        self.message_fr = f"« {asked} » n’existe pas ici : choisissez parmi {', '.join(known)}."
        super().__init__(self.message_fr)


def write(args: argparse.Namespace, territory: Territory) -> Path:
    """Writes the PDF whole or not at all. Raises NotAnExtract, NotBuilt."""
    if args.purpose not in PURPOSES:
        raise NotAnExtract(args.purpose, list(PURPOSES))
    chapters = args.chapters.split(",") if args.chapters else PURPOSES[args.purpose].chapters
    for key in chapters:
        if key not in CHAPTERS:
            raise NotAnExtract(key, list(CHAPTERS))
    made = territory_extract(
        place_of(territory, args.name),
        purpose=args.purpose,
        chapters=chapters,
        author=args.author,
        issued_on=localdate(),
    )
    target = Path(args.out).resolve()
    write_bytes(target, render_territory_extract(made))
    return target


def place_of(territory: Territory, name: str | None) -> Place:
    """A territory under the name of its document; one without code is named by its communes."""
    named = replace(territory, name=name or territory.name)
    if territory.kind is Kind.SET:
        return Place(named, SET, "-".join(territory.communes))
    is_country = territory.kind is Kind.COUNTRY
    return Place(named, WORD_OF[territory.kind], COUNTRY if is_country else territory.code)
