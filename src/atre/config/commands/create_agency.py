"""A real agency, from its SIREN codes to its first director's invitation."""

import argparse
import sys
from typing import TYPE_CHECKING

from atre.config.progress import StepFailed

if TYPE_CHECKING:
    from atre.jobs.agency_setup import AgencySetup, PerimeterPreview, ProgrammeSetup, SetUp

GROUP = "Exploiter un serveur"
HELP = "Crée une agence : territoire, dispositifs, invitation de sa direction."
EXAMPLES = (
    "./atre create-agency",
    './atre create-agency --name "ALEC du Val" --siren 248300394 --siren 200040210 '
    '--programme "Visites énergie:tres_modestes" --director-name "Camille Exemple" '
    "--director-email direction@example.org --yes",
)
CLASSES = {
    "tres_modestes": "ménages très modestes (plafonds de l’Anah)",
    "modestes": "modestes et très modestes",
    "intermediaires": "jusqu’aux revenus intermédiaires",
    "none": "sans condition de ressources",
}
NARROW = "\u202f"


def add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.description = (
        f"{HELP}\n\nSans option, la commande pose ses questions une à une. Elle montre les communes "
        "et la\npopulation du territoire avant de rien écrire, puis affiche un lien d’invitation "
        "valable\nquatorze jours pour la première personne de la direction, qui invitera les autres."
        "\n\nÀ lancer sur une base sans démonstration : ./atre up --empty, ou un serveur préparé "
        'par\n./atre prepare. Le SIREN d’une intercommunalité : ./atre territory "son nom".'
    )
    parser.add_argument("--name", help="nom de l’agence, tel que le public le connaît")
    parser.add_argument(
        "--siren",
        action="append",
        default=[],
        metavar="SIREN",
        help="intercommunalité (EPCI ou EPT) du territoire ; autant de fois qu’il le faut",
    )
    parser.add_argument(
        "--programme",
        action="append",
        default=[],
        metavar="NOM:RESSOURCES",
        help="dispositif et ressources acceptées : " + ", ".join(CLASSES),
    )
    parser.add_argument("--director-name", help="prénom et nom de la direction")
    parser.add_argument("--director-email", help="son adresse e-mail")
    parser.add_argument("--code", help="préfixe des références de dossier, « MVE » par exemple")
    parser.add_argument("--yes", action="store_true", help="ne demande pas de confirmer")


def run(args: argparse.Namespace) -> int:
    from atre.config import preparation

    preparation.configure()
    preparation.ensure_reference_data()
    preparation.ensure_database()
    from atre.domain.errors import DomainError

    refuse_beside_the_demonstration()
    try:
        return create(args)
    except DomainError as refusal:
        advice = "".join(f"\n  {line}" for line in getattr(refusal, "suggestions", ()))
        raise StepFailed(f"{refusal.message_fr}{advice}") from refusal


def refuse_beside_the_demonstration() -> None:
    """Invented households must never be mistaken for a real agency's."""
    from atre.jobs import demonstration

    if demonstration.is_loaded():
        raise StepFailed(
            "Cette base contient la démonstration. Créez votre agence dans une base vide : "
            "ATRE_DATA_DIR=/un/autre/dossier ./atre up --empty, ou une autre DATABASE_URL."
        )


def create(args: argparse.Namespace) -> int:
    from django.conf import settings
    from django.utils.timezone import localdate

    from atre.jobs import agency_setup

    asked = complete(args)
    agency_setup.check(asked)
    print(describe(agency_setup.preview(asked.sirens)))
    print(closing_lines(asked))
    if not args.yes and not confirmed():
        print("Rien n’a été créé.")
        return 1
    made = agency_setup.set_up_agency(asked, on=localdate(), base_url=settings.BASE_URL)
    print(report(made, asked))
    return 0


def complete(args: argparse.Namespace) -> "AgencySetup":
    """The options given, and an answer to a question for each of those missing."""
    from atre.jobs.agency_setup import AgencySetup

    ask_or_refuse(args)
    name = args.name or ask("Nom de l’agence")
    sirens = args.siren or ask("Codes SIREN des intercommunalités, séparés par des espaces").split()
    programmes = args.programme or [ask_programme()]
    return AgencySetup(
        name=name,
        sirens=tuple(siren.replace(" ", "") for siren in sirens),
        programmes=tuple(read_programme(text) for text in programmes),
        director_name=args.director_name or ask("Prénom et nom de la direction"),
        director_email=args.director_email or ask("Son adresse e-mail"),
        code=args.code.upper() if args.code else None,
    )


def ask_or_refuse(args: argparse.Namespace) -> None:
    """Without anyone at a keyboard, says which options are missing instead of waiting for ever."""
    options = ("name", "siren", "programme", "director_name", "director_email")
    missing = [f"--{name.replace('_', '-')}" for name in options if not getattr(args, name)]
    if not args.yes:
        missing.append("--yes")
    if missing and not sys.stdin.isatty():
        raise StepFailed(
            f"Personne ne peut répondre ici : ajoutez {', '.join(missing)}. "
            "Voir ./atre create-agency --help"
        )


def ask(question: str) -> str:
    while True:
        try:
            answer = input(f"{question} : ").strip()
        except EOFError:
            raise StepFailed("Réponse interrompue : rien n’a été créé.") from None
        if answer:
            return answer


def ask_programme() -> str:
    name = ask("Nom du premier dispositif")
    print("Ressources acceptées :")
    for code, label in CLASSES.items():
        print(f"  {code:<16}{label}")
    return f"{name}:{ask('Ressources')}"


def read_programme(text: str) -> "ProgrammeSetup":
    """« Visites énergie:tres_modestes »; the income class is always said, never supposed."""
    from atre.domain.agencies.enums import RequiredIncomeClass
    from atre.jobs.agency_setup import ProgrammeSetup

    name, _, code = text.rpartition(":")
    if not name.strip() or code.strip() not in CLASSES:
        raise StepFailed(
            f"« {text} » n’est pas un dispositif complet : écrivez son nom, deux-points, puis les "
            f"ressources acceptées ({', '.join(CLASSES)})."
        )
    return ProgrammeSetup(name.strip(), RequiredIncomeClass(code.strip()))


def describe(found: "PerimeterPreview") -> str:
    """The territory for whoever confirms: groupings, communes, each population with its year."""
    lines = ["", "Territoire"]
    lines += [f"  {row.pk}  {row.name}" for row in found.groupings]
    lines.append(f"  {number(found.summary.communes)} communes")
    for figure in found.summary.population:
        kind = "population municipale" if figure.kind == "municipal" else "population totale"
        known = "" if figure.is_complete else f", connue pour {number(figure.known)} communes"
        lines.append(
            f"  {number(figure.value)} habitants ({kind}, année légale {figure.year}{known})"
        )
    return "\n".join(lines)


def closing_lines(asked: "AgencySetup") -> str:
    lines = ["", f"Agence     : {asked.name}"]
    lines += [f"Dispositif : {p.name}, {CLASSES[p.income_class]}" for p in asked.programmes]
    lines.append(f"Direction  : {asked.director_name}, {asked.director_email}")
    return "\n".join(lines)


def confirmed() -> bool:
    return ask("\nCréer cette agence ? (oui/non)").lower() in {"o", "oui"}


def report(made: "SetUp", asked: "AgencySetup") -> str:
    from django.conf import settings

    pages = "\n".join(f"  {settings.BASE_URL}/{p.slug}/demande" for p in made.programmes)
    return (
        f"\n« {made.agency.name} » est créée ; ses dossiers porteront le préfixe {made.agency.code}.\n"
        f"Demandes en ligne :\n{pages}\n\n"
        f"Invitation de {asked.director_name}, valable 14 jours, utilisable une fois. Elle part "
        "aussi par e-mail :\n"
        f"  {made.invitation_link}\n"
        "Ne la transmettez qu’à cette personne."
    )


def number(value: int) -> str:
    return f"{value:,}".replace(",", NARROW)
