"""Judge aids from the command line; today the Anah income class."""

import argparse
import json
import sys
from datetime import date
from decimal import Decimal, InvalidOperation

HELP = "income class of a household (aids income-class --rfr 28934.2 --persons 1 --commune 93006)"


def add_arguments(parser: argparse.ArgumentParser) -> None:
    actions = parser.add_subparsers(dest="action", required=True, metavar="ACTION")
    income = actions.add_parser("income-class", help="the Anah class, its ceiling and its source")
    income.add_argument("--rfr", type=_amount, help="revenu fiscal de référence, in euros")
    income.add_argument("--persons", type=int, help="persons in the household")
    income.add_argument("--commune", help="INSEE code of the dwelling's commune, such as 93006")
    income.add_argument("--date", type=date.fromisoformat, required=True, help="deposit date")
    income.add_argument("--json", action="store_true", help="machine-readable answer")


def run(args: argparse.Namespace) -> int:
    from atre.calc.aids.ile_de_france import in_ile_de_france
    from atre.calc.aids.income_class_answer import explain_income_class
    from atre.calc.errors import CalcRefusal

    try:
        answer = explain_income_class(
            rfr_eur=args.rfr,
            persons=args.persons,
            in_idf=None if args.commune is None else in_ile_de_france(args.commune),
            on=args.date,
        )
    except CalcRefusal as refusal:
        print(refusal.message_fr, file=sys.stderr)
        return 2
    if args.json:
        print(json.dumps(answer.as_dict(), ensure_ascii=False, indent=2))
        return 0
    print(answer.sentence_fr)
    if answer.source_title:
        print(
            f"Table : {answer.table_key}. Source : {answer.source_title}, {answer.source_address}"
        )
    if answer.caution_fr:
        print(f"Attention : {answer.caution_fr}")
    return 0


def _amount(text: str) -> Decimal:
    try:
        return Decimal(text.replace(",", "."))
    except InvalidOperation as error:
        raise argparse.ArgumentTypeError(f"« {text} » n’est pas un montant") from error
