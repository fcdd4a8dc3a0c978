"""Juge les aides d'un projet, ou la catégorie de revenus d'un ménage."""

import argparse
import json
import sys
from datetime import date
from decimal import Decimal, InvalidOperation
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from atre.calc.aids.double_funding import DoubleFunding
    from atre.calc.aids.financing_answer import FinancingAnswer
    from atre.calc.aids.project import Project
    from atre.calc.aids.result import AidAnswer

HELP = "Aides, prêt et reste à charge d'un projet ; catégorie de revenus d'un ménage."
EXAMPLES = (
    "./atre aids situation.yaml --date 2026-03-12 --explain",
    "./atre aids situation.yaml --date 2026-03-12 --json",
    "./atre aids income-class --rfr 28934.2 --persons 1 --commune 93006 --date 2025-06-01",
)
INCOME_CLASS = "income-class"


def add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "situation",
        metavar="FICHIER",
        help=f"fichier YAML d'une situation (docs/reference/situation.md), ou {INCOME_CLASS}",
    )
    parser.add_argument(
        "--date",
        type=date.fromisoformat,
        help="date de dépôt, AAAA-MM-JJ (l'emporte sur le fichier)",
    )
    parser.add_argument("--route", choices=("ampleur", "gestes"), help="sans elle, les deux")
    parser.add_argument("--explain", action="store_true", help="chaque étape, sa règle, sa source")
    parser.add_argument("--json", action="store_true", help="réponse lisible par une machine")
    income = parser.add_argument_group(INCOME_CLASS)
    income.add_argument("--rfr", type=_amount, help="revenu fiscal de référence, en euros")
    income.add_argument("--persons", type=int, help="nombre de personnes du ménage")
    income.add_argument("--commune", help="code Insee de la commune, par exemple 93006")


def run(args: argparse.Namespace) -> int:
    from atre.calc.errors import CalcRefusal

    try:
        return _income_class(args) if args.situation == INCOME_CLASS else _project(args)
    except CalcRefusal as refusal:
        where = f"{refusal.field} : " if refusal.field else ""
        print(f"{where}{refusal.message_fr}", file=sys.stderr)
        return 2


def _income_class(args: argparse.Namespace) -> int:
    from atre.calc.aids.ile_de_france import in_ile_de_france
    from atre.calc.aids.income_class_answer import explain_income_class

    if args.date is None:
        print("Il manque la date de dépôt : --date AAAA-MM-JJ.", file=sys.stderr)
        return 2
    answer = explain_income_class(
        rfr_eur=args.rfr,
        persons=args.persons,
        in_idf=None if args.commune is None else in_ile_de_france(args.commune),
        on=args.date,
    )
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


def _project(args: argparse.Namespace) -> int:
    from atre.calc.aids.financing import Route, financing_plans
    from atre.calc.aids.financing_answer import explain_plan

    project = _read(Path(args.situation))
    on = args.date or project.deposit_on
    if on is None:
        print(
            "Il manque la date de dépôt : --date, ou deposit_on dans le fichier.", file=sys.stderr
        )
        return 2
    route = Route(args.route) if args.route else project.route
    routes = (route,) if route else tuple(Route)
    answers = [explain_plan(financing_plans(project.situation, on, one)) for one in routes]
    others = _other_aids(project, on)
    slime_fr = _slime(project, on)
    bonus, funding = _co_owner_bonus(project, on), _double_funding(project, on)
    if args.json:
        said: dict[str, Any] = {
            "on": on.isoformat(),
            "plans": {str(answer.route): answer.as_dict() for answer in answers},
            "other_aids": {str(aid.aid): aid.as_dict() for aid in others},
            "copropriete_individual_bonus": None if bonus is None else bonus.as_dict(),
            "slime_fr": slime_fr,
            "double_funding": None if funding is None else funding.as_dict(),
        }
        print(json.dumps(said, ensure_ascii=False, indent=2))
        return 0
    for answer in answers:
        _print_plan(answer, explain=args.explain)
    if others:
        print("\nAutres aides")
    for aid in others:
        _print_aid(aid, explain=args.explain)
    if slime_fr:
        print(f"\nSlime : {slime_fr}")
    if bonus is not None:
        print("\nPrime individuelle du copropriétaire, si l’immeuble reçoit l’aide")
        _print_aid(bonus, explain=args.explain)
    if funding is not None:
        _print_double_funding(funding, same_expense=project.same_expense)
    return 0


def _read(path: Path) -> "Project":
    import yaml

    from atre.calc.aids.project import project_from
    from atre.calc.errors import RefusedInput

    try:
        return project_from(yaml.safe_load(path.read_text(encoding="utf-8")))
    except (OSError, UnicodeDecodeError) as error:
        raise RefusedInput(f"{path} ne se lit pas : {error}.") from error
    except yaml.YAMLError as error:
        raise RefusedInput(f"{path} n'est pas un fichier YAML correct : {error}.") from error


def _other_aids(project: "Project", on: date) -> "list[AidAnswer]":
    """What does not belong to one route: judged only if the file says something about it."""
    from atre.calc.aids.cheque_energie import cheque_energie
    from atre.calc.aids.maprimeadapt import maprimeadapt
    from atre.calc.aids.mpr_copropriete import mpr_copropriete
    from atre.calc.aids.reduced_vat import reduced_vat

    situation = project.situation
    judged = []
    if situation.works is not None:
        judged.append(reduced_vat(situation, on))
    for name, judge in (
        ("rfr_eur", cheque_energie),
        ("copro_dwellings", mpr_copropriete),
        ("adaptation_works_ht_eur", maprimeadapt),
    ):
        if name in situation.columns:
            judged.append(judge(situation, on))
    return [results.explain() for results in judged]


def _slime(project: "Project", on: date) -> str | None:
    from atre.calc.aids.applicant import applicants
    from atre.calc.aids.slime import slime

    if project.slime_class is None:
        return None
    situation = project.situation
    classes = applicants(situation, on).codes
    poverty = situation.flag("energy_poverty")
    return slime(classes, poverty, on, local=project.slime_class).sentence_fr()


def _co_owner_bonus(project: "Project", on: date) -> "AidAnswer | None":
    from atre.calc.aids.mpr_copropriete import copropriete_individual_bonus

    if "copro_dwellings" not in project.situation.columns:
        return None
    return copropriete_individual_bonus(project.situation, on).explain()


def _double_funding(project: "Project", on: date) -> "DoubleFunding | None":
    """One source alone is never paid twice: the guard speaks from two on."""
    import numpy as np

    from atre.calc.aids.double_funding import Funding, double_funding
    from atre.calc.three_valued import UNKNOWN_CODE

    if len(project.funding_sources) < 2:
        return None
    sources = {one: one in project.funding_sources for one in Funding}
    same = UNKNOWN_CODE if project.same_expense is None else int(project.same_expense)
    return double_funding(sources, np.int8(same), on)


def _print_double_funding(funding: "DoubleFunding", *, same_expense: bool | None) -> None:
    found = funding.findings()
    if not found:
        print("\nDouble financement : rien à signaler.")
        return
    condition = ", si c’est la même dépense" if same_expense is None else ""
    print(f"\nDouble financement{condition}")
    for pair in found:
        print(f"  {pair.sentence_fr}")


def _print_plan(answer: "FinancingAnswer", *, explain: bool) -> None:
    print(f"\nPlan de financement, {answer.route.label_fr}")
    for sentence in answer.sentences_fr:
        print(f"  {sentence}")
    for caution in answer.cautions_fr:
        print(f"  Attention : {caution}")
    if explain:
        for aid in (*answer.aids, answer.loan):
            _print_aid(aid, explain=True)


def _print_aid(aid: "AidAnswer", *, explain: bool) -> None:
    from atre.calc.wording import euros_fr

    print(f"\n{aid.sentence_fr}")
    for caution in aid.cautions_fr:
        print(f"  Attention : {caution}")
    if not explain:
        return
    marks = {"yes": "oui", "no": "non", "unknown": "inconnu"}
    for step in aid.steps:
        if step.answer is None:
            mark = "montant inconnu" if step.amount_eur is None else euros_fr(step.amount_eur)
        else:
            mark = marks[step.answer]
        print(f"  [{mark}] {step.sentence_fr}")
        for fact in step.facts:
            print(f"      {fact.key}, {_period(fact)}. {fact.source.line_fr}.")


def _period(fact: Any) -> str:
    from atre.calc.parameters.page import period_fr

    return period_fr(fact)


def _amount(text: str) -> Decimal:
    try:
        return Decimal(text.replace(",", "."))
    except InvalidOperation as error:
        raise argparse.ArgumentTypeError(f"« {text} » n’est pas un montant") from error
