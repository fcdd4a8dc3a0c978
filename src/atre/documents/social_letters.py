"""Letters to those who can help pay: the social worker, the FSL."""

from datetime import date
from decimal import Decimal

from atre.calc.wording import euros_fr
from atre.documents.french import UNKNOWN, french_date, sentence
from atre.documents.landlord_letters import POLITE_CLOSING, SALUTATION
from atre.documents.law import citations
from atre.documents.letter_blocks import Block, LetterBody, bullets, facts, heading, paragraph
from atre.documents.letter_content import FslSupport, SocialWorkerLink
from atre.documents.people import Agreement


def social_worker_body(link: SocialWorkerLink, *, programme: str, agency: str) -> LetterBody:
    return LetterBody(
        title="Lettre au travailleur social",
        subject=f"situation de {link.household_name}",
        salutation=SALUTATION,
        blocks=[
            paragraph(
                f"Vous suivez {link.household_name}. Notre structure, {agency}, a visité son logement le "
                f"{french_date(link.visited_on)}, dans le cadre du dispositif {programme}."
            ),
            paragraph(_agreement(link.household_name, link.agreement)),
            *_section("La situation", link.situation),
            *_section("Ce que nous avons fait", link.done),
            *_section("Ce que nous vous demandons", link.requests),
            paragraph("Nous sommes à votre disposition pour en parler et avancer ensemble."),
        ],
        closing=POLITE_CLOSING,
    )


def fsl_body(support: FslSupport, *, programme: str, agency: str, on: date) -> LetterBody:
    rules = ["fsl.who_runs_it"]
    if support.requested_on is not None:
        rules.append("arrears.supply_kept_during_fsl")
    if support.main_residence and support.energy.lower() in {
        "électricité",
        "gaz",
        "gaz naturel",
        "chaleur",
    }:
        rules.append("arrears.winter_truce")
    return LetterBody(
        title="Soutien à une demande d’aide au FSL",
        subject=f"soutien à la demande d’aide au FSL de {support.household_name}",
        salutation=SALUTATION,
        blocks=[
            paragraph(
                f"Notre structure, {agency}, accompagne {support.household_name} dans le cadre du dispositif {programme}. "
                f"Nous avons visité son logement le {french_date(support.visited_on)}. "
                "Nous soutenons sa demande d’aide."
            ),
            paragraph(_agreement(support.household_name, support.agreement)),
            heading("La demande"),
            facts(_request_rows(support), header=("Ce qui est demandé", "Réponse")),
            *_section("Pourquoi la facture est difficile à payer", support.reasons),
            *_section("Ce qui a déjà été fait", support.already_done),
            heading("Les règles"),
            bullets(citations(rules, on=on)),
            paragraph("Nous pouvons vous donner d’autres informations, avec l’accord du ménage."),
        ],
        closing=POLITE_CLOSING,
    )


def _request_rows(support: FslSupport) -> list[tuple[str, str]]:
    return [
        ("Logement", support.household_address),
        ("Énergie", support.energy),
        ("Fournisseur", support.supplier or UNKNOWN),
        ("Somme due", _exact_euros(support.debt_eur)),
        ("Aide demandée", _exact_euros(support.requested_eur)),
        ("Date de la demande", french_date(support.requested_on)),
    ]


def _exact_euros(amount: Decimal | None) -> str:
    return UNKNOWN if amount is None else euros_fr(amount)


def _agreement(household_name: str, agreement: Agreement) -> str:
    given = french_date(agreement.given_on)
    return f"{household_name} a donné son accord le {given}, pour : {sentence(agreement.scope)}"


def _section(title: str, sentences: tuple[str, ...]) -> list[Block]:
    if not sentences:
        return []
    return [heading(title), bullets([sentence(text) for text in sentences])]
