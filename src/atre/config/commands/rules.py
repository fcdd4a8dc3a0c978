"""Montre, compare et écrit les règles datées : plafonds, seuils, facteurs de conversion."""

import argparse
import difflib
import sys
from datetime import date
from pathlib import Path

HELP = "Règles datées : une règle un jour, ce qui change entre deux jours, la liste, la page."
EXAMPLES = (
    "./atre rules show mpr.ampleur.dpe_before --date 2026-03-12",
    "./atre rules diff 2026-08-31 2026-09-01",
    "./atre rules list",
)

PAGE = Path("docs/reference/rules.md")


def add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.description = "Chaque règle a une valeur, une période, une source et une confiance."
    actions = parser.add_subparsers(dest="action", required=True, metavar="ACTION")
    show = actions.add_parser("show", help="une règle un jour, avec sa source")
    show.add_argument("key", metavar="KEY")
    show.add_argument(
        "--date", type=date.fromisoformat, help="jour, AAAA-MM-JJ (aujourd'hui par défaut)"
    )
    diff = actions.add_parser("diff", help="ce qui change entre deux jours")
    diff.add_argument("earlier", type=date.fromisoformat, metavar="D1")
    diff.add_argument("later", type=date.fromisoformat, metavar="D2")
    actions.add_parser("list", help="toutes les clés")
    page = actions.add_parser("page", help=f"écrit {PAGE}")
    page.add_argument("--check", action="store_true", help="dit seulement si la page est à jour")


def run(args: argparse.Namespace) -> int:
    return {"show": _show, "diff": _diff, "list": _list, "page": _page}[args.action](args)


def _show(args: argparse.Namespace) -> int:
    from atre.calc.parameters import UnknownParameter, all_parameters
    from atre.calc.parameters.page import period_fr, value_fr
    from atre.calc.parameters.words import CONFIDENCE_FR, UNITS_FR

    # The command line is where the clock enters: calc itself never asks for today.
    on = args.date or date.today()  # noqa: DTZ011
    found = all_parameters().get(args.key)
    if found is None:
        close = difflib.get_close_matches(args.key, all_parameters(), n=3, cutoff=0.4)
        hint = f" Vouliez-vous dire : {', '.join(close)} ?" if close else ""
        print(f"Aucune règle ne s’appelle « {args.key} ».{hint}", file=sys.stderr)
        return 1
    try:
        value = found.on(on)
    except UnknownParameter as unknown:
        print(unknown.message_fr, file=sys.stderr)
        return 1
    print(value.label_fr)
    print(f"  valeur     {value_fr(value)}")
    print(f"  unité      {UNITS_FR[value.unit]}")
    print(f"  période    {period_fr(value)}")
    print(f"  source     {value.source.line_fr}")
    print(f"  confiance  {CONFIDENCE_FR[value.confidence]}")
    if value.note_fr:
        print(f"  remarque   {value.note_fr}")
    return 0


def _diff(args: argparse.Namespace) -> int:
    from atre.calc.parameters import changes_between
    from atre.calc.parameters.page import value_fr

    changes = changes_between(args.earlier, args.later)
    for change in changes:
        print(change.key)
        for day, value in ((args.earlier, change.before), (args.later, change.after)):
            print(f"  {day}  {value_fr(value) if value else 'aucune valeur connue'}")
    print(f"{len(changes)} règle(s) différente(s) entre le {args.earlier} et le {args.later}.")
    return 0


def _list(args: argparse.Namespace) -> int:
    from atre.calc.parameters import all_parameters

    for key, found in all_parameters().items():
        print(f"{key}  {found.label_fr}")
    return 0


def _page(args: argparse.Namespace) -> int:
    from atre.calc.parameters import all_parameters
    from atre.calc.parameters.page import rules_page

    target = Path(__file__).parents[4] / PAGE
    page = rules_page(all_parameters())
    current = target.exists() and target.read_text(encoding="utf-8") == page
    if args.check:
        print(f"{PAGE} {'est à jour' if current else 'n’est pas à jour : ./atre rules page'}")
        return 0 if current else 1
    if not current:
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_text(page, encoding="utf-8")
    print(f"{PAGE} {'était déjà à jour' if current else 'écrit'}")
    return 0
