"""Letters of a mediation with a landlord. What is asked is precise, dated, and agreed with the tenant."""

from collections.abc import Sequence
from datetime import date

from atre.calc.wording import list_fr
from atre.documents.french import french_date, sentence
from atre.documents.law import decency_citations
from atre.documents.letter_blocks import Block, LetterBody, bullets, heading, paragraph, strong
from atre.documents.letter_content import LandlordCase, LandlordFormalNotice, LandlordReminder

SALUTATION = "Madame, Monsieur,"
POLITE_CLOSING = "Nous vous prions d’agréer, Madame, Monsieur, nos salutations distinguées."


def first_contact_body(case: LandlordCase, *, programme: str, agency: str, on: date) -> LetterBody:
    return LetterBody(
        title="Lettre au propriétaire",
        subject=f"le logement que vous louez à {case.tenant_name}, {case.dwelling_address}",
        salutation=SALUTATION,
        blocks=[
            paragraph(
                f"Notre structure, {agency}, aide les habitants à mieux se chauffer et à payer moins d’énergie. Dans le cadre du "
                f"dispositif {programme}, nous avons visité ce logement le {french_date(case.visited_on)}."
            ),
            paragraph(_agreement(case)),
            *_seen_and_asked(case, on=on),
            heading("Comment avancer ensemble"),
            paragraph(
                "Nous pouvons en parler avec vous, et chercher avec vous les aides qui existent pour ces travaux."
            ),
            strong(f"Merci de nous répondre avant le {french_date(case.reply_by)}."),
        ],
        closing=POLITE_CLOSING,
    )


def reminder_body(reminder: LandlordReminder, *, on: date) -> LetterBody:
    case = reminder.case
    dates = list_fr(_days(reminder.sent_on))
    answer = (
        f"Vous nous avez répondu : {sentence(reminder.answer_so_far)} Nous vous en remercions. "
        "Il reste des points à régler."
        if reminder.answer_so_far
        else "À ce jour, nous n’avons pas reçu de réponse."
    )
    return LetterBody(
        title="Rappel au propriétaire",
        subject=f"rappel, logement que vous louez à {case.tenant_name}, {case.dwelling_address}",
        salutation=SALUTATION,
        blocks=[
            paragraph(f"Nous vous avons écrit au sujet de ce logement {dates}. {answer}"),
            paragraph(_agreement(case)),
            *_seen_and_asked(case, on=on),
            strong(f"Merci de nous répondre avant le {french_date(case.reply_by)}."),
            paragraph(
                "Un appel suffit pour commencer. Si vous avez déjà prévu quelque chose, dites-le-nous : "
                "nous en informerons votre locataire."
            ),
        ],
        closing=POLITE_CLOSING,
    )


def formal_notice_body(notice: LandlordFormalNotice, *, agency: str, on: date) -> LetterBody:
    case = notice.case
    dates = list_fr(_days(notice.sent_on))
    law = decency_citations(case.dwelling, on=on)
    return LetterBody(
        title="Projet de mise en demeure, à signer par le locataire",
        subject=f"mise en demeure, logement situé {case.dwelling_address}",
        salutation=SALUTATION,
        blocks=[
            paragraph(f"Je suis locataire de votre logement situé {case.dwelling_address}."),
            paragraph("Dans ce logement, voici les problèmes constatés :"),
            bullets([sentence(finding) for finding in case.findings]),
            paragraph(
                f"Une lettre vous a déjà été envoyée à ce sujet {dates}. Les problèmes ne sont pas réglés."
            ),
            strong(
                f"Je vous mets en demeure d’agir avant le {french_date(case.reply_by)}. Je vous demande :"
            ),
            bullets([sentence(request) for request in case.requests]),
            *_law(law),
            paragraph(
                "Sans action de votre part à cette date, je pourrai faire valoir mes droits par les voies "
                "que la loi prévoit."
            ),
            paragraph(f"Cette lettre a été préparée avec l’aide de la structure {agency}."),
        ],
        closing="Veuillez agréer, Madame, Monsieur, mes salutations distinguées.",
        signed_by=case.tenant_name,
        sender_lines=notice.tenant_address_lines,
        delivery="Lettre recommandée avec avis de réception",
        after=_before_sending(agency),
    )


def _before_sending(agency: str) -> list[Block]:
    return [
        heading("Avant d’envoyer cette lettre"),
        paragraph("Cette page est pour vous. Ne l’envoyez pas."),
        paragraph(
            f"Notre structure, {agency}, a préparé ce projet avec vous. C’est votre lettre : vous décidez de l’envoyer ou non. "
            "Vous pouvez changer chaque phrase."
        ),
        bullets(
            [
                "Relisez tout. Corrigez ce qui n’est pas juste.",
                "Écrivez le lieu et la date, puis signez.",
                "Gardez une copie de la lettre signée.",
                "Envoyez-la à la poste, en recommandé avec avis de réception. Gardez les papiers de la poste.",
                "Continuez à payer votre loyer.",
                "Appelez-nous quand vous avez une réponse, ou quand la date est passée.",
            ]
        ),
        paragraph(
            "Pour un conseil de droit sur votre bail, vous pouvez demander à l’Adil de votre département."
        ),
    ]


def _days(days: Sequence[date]) -> list[str]:
    return [f"le {french_date(day)}" for day in sorted(days)]


def _agreement(case: LandlordCase) -> str:
    given = french_date(case.agreement.given_on)
    return (
        f"{case.tenant_name} est d’accord pour que nous vous écrivions (accord donné le {given})."
    )


def _seen_and_asked(case: LandlordCase, *, on: date) -> list[Block]:
    return [
        heading("Ce que nous avons vu"),
        bullets([sentence(finding) for finding in case.findings]),
        heading("Ce que nous vous demandons"),
        bullets([sentence(request) for request in case.requests]),
        *_law(decency_citations(case.dwelling, on=on)),
    ]


def _law(sentences: list[str]) -> list[Block]:
    return [heading("Ce que dit la loi"), bullets(sentences)] if sentences else []
