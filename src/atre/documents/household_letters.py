"""Letters to the household itself: the appointment, and the questions one year later."""

from atre.calc.wording import NO_BREAK, list_fr
from atre.documents.french import UNKNOWN, french_date, french_day_and_time, french_phone, sentence
from atre.documents.letter_blocks import (
    Block,
    LetterBody,
    bullets,
    facts,
    heading,
    paragraph,
    private_link,
    question,
)
from atre.documents.letter_content import AppointmentConfirmation, OneYearQuestionnaire
from atre.documents.private_link import private_link_data

FRIENDLY_CLOSING = "Bien cordialement,"
YES_NO_UNSURE = ("Oui", "Non", "Je ne sais pas")
LESS_SAME_MORE = (
    "Elles ont baissé",
    "Elles n’ont pas changé",
    "Elles ont augmenté",
    "Je ne sais pas",
)


def appointment_body(appointment: AppointmentConfirmation, *, programme: str) -> LetterBody:
    who = list_fr(appointment.visitors) or UNKNOWN
    if appointment.visitor_organisation:
        who += f" ({appointment.visitor_organisation})"
    return LetterBody(
        title="Confirmation de votre rendez-vous",
        subject="votre rendez-vous de visite énergie",
        salutation=f"Bonjour {appointment.household_name},",
        blocks=[
            paragraph(
                f"Votre rendez-vous est confirmé. C’est une visite chez vous, avec le dispositif {programme}."
            ),
            facts(
                [
                    ("Quand", french_day_and_time(appointment.starts_at)),
                    ("Combien de temps", _duration(appointment.minutes)),
                    ("Où", appointment.place),
                    ("Qui vient", who),
                ],
                header=("Votre rendez-vous", "Ce qui est prévu"),
            ),
            *_prepare(appointment.to_prepare),
            *_assurances(appointment.assurances),
            heading("Vous ne pouvez pas être là ?"),
            paragraph(
                f"Ce n’est pas grave. {_how_to_change(appointment)} Nous choisirons une autre date ensemble."
            ),
        ],
        closing=FRIENDLY_CLOSING,
    )


def questionnaire_body(follow_up: OneYearQuestionnaire, *, programme: str) -> LetterBody:
    return LetterBody(
        title="Vos nouvelles, un an après la visite",
        subject="un an après votre visite énergie, comment allez-vous ?",
        salutation=f"Bonjour {follow_up.household_name},",
        blocks=[
            paragraph(
                f"Le {french_date(follow_up.visited_on)}, nous sommes venus chez vous avec le dispositif {programme}. "
                "Nous aimerions savoir ce qui a changé pour vous."
            ),
            paragraph(
                "Les questions sont sur les pages suivantes. Vous pouvez en laisser de côté. "
                "Il n’y a pas de mauvaise réponse. Vos réponses ne changent rien à vos aides."
            ),
            paragraph(
                f"Renvoyez-nous ces pages avant le {french_date(follow_up.reply_by)}. "
                "Si c’est plus simple, appelez-nous : nous remplirons les réponses avec vous."
            ),
            *_link(follow_up.private_link),
            paragraph(
                "Si vous ne voulez pas répondre, dites-le-nous : nous ne vous écrirons plus à ce sujet."
            ),
        ],
        closing="Merci, et bien cordialement,",
        after=_questions(follow_up.gestures),
    )


def _questions(gestures: tuple[str, ...]) -> list[Block]:
    return [
        heading("Vos réponses"),
        question(
            "1. Cet hiver, avez-vous eu trop froid chez vous ?",
            ("Jamais", "Parfois", "Souvent", "Je ne sais pas"),
        ),
        question(
            "2. Cet été, avez-vous eu trop chaud chez vous ?",
            ("Jamais", "Parfois", "Souvent", "Je ne sais pas"),
        ),
        question("3. Y a-t-il de l’humidité ou des moisissures ?", YES_NO_UNSURE),
        question("4. Depuis la visite, vos factures d’énergie et d’eau :", LESS_SAME_MORE),
        question(
            "5. Cette année, avez-vous eu du mal à payer ces factures ?",
            ("Jamais", "Parfois", "Souvent", "Je ne sais pas"),
        ),
        *_gesture_questions(gestures),
        question(
            "7. Des travaux ont-ils été faits dans le logement ?", YES_NO_UNSURE, writing_lines=1
        ),
        question("8. Avez-vous reçu une aide depuis la visite ?", YES_NO_UNSURE, writing_lines=1),
        question("9. Voulez-vous que nous vous rappelions ?", ("Oui", "Non")),
        question("10. Ce que vous voulez ajouter :", (), writing_lines=3),
    ]


def _gesture_questions(gestures: tuple[str, ...]) -> list[Block]:
    if not gestures:
        return [
            question(
                "6. Avez-vous gardé des gestes conseillés à la visite ?",
                YES_NO_UNSURE,
                writing_lines=1,
            )
        ]
    return [
        question(
            "6. Cochez les gestes que vous faites toujours :", (*gestures, "Aucun de ces gestes")
        )
    ]


def _duration(minutes: int | None) -> str:
    if minutes is None:
        return UNKNOWN
    hours, rest = divmod(minutes, 60)
    if not hours:
        return f"environ {rest}{NO_BREAK}minutes"
    return f"environ {hours}{NO_BREAK}h" + (f"{NO_BREAK}{rest:02d}" if rest else "")


def _how_to_change(appointment: AppointmentConfirmation) -> str:
    if appointment.change_phone is None:
        return f"Écrivez-nous : {appointment.change_email}."
    call = f"Appelez le {french_phone(appointment.change_phone)}"
    return (
        f"{call}, ou écrivez à {appointment.change_email}."
        if appointment.change_email
        else f"{call}."
    )


def _prepare(items: tuple[str, ...]) -> list[Block]:
    return (
        [heading("À préparer, si vous les trouvez"), bullets([sentence(item) for item in items])]
        if items
        else []
    )


def _assurances(items: tuple[str, ...]) -> list[Block]:
    return [heading("Bon à savoir"), bullets([sentence(item) for item in items])] if items else []


def _link(url: str | None) -> list[Block]:
    return [private_link(private_link_data(url))] if url else []
