"""The questions asked one year later. Every answer is yes, no or unknown; amounts may be missing."""

from collections.abc import Iterable, Mapping
from functools import cache
from typing import Any

from atre.calc.wording import NO_BREAK
from atre.domain.errors import InvalidInput
from atre.domain.visits import catalogue

VERSION = 1
UNKNOWN = "unknown"
ANSWERS = ("yes", "no", UNKNOWN)

# Name → the question as it is put to the household.
ASKED: dict[str, str] = {
    "cold_in_winter": "Avez-vous encore eu froid chez vous l’hiver dernier ?",
    "hot_in_summer": "Avez-vous eu trop chaud chez vous l’été dernier ?",
    "damp": "Y a-t-il de l’humidité ou des moisissures ?",
    "late_on_payments": "Avez-vous eu des retards de paiement d’énergie ou d’eau cette année ?",
    "works_done": "Des travaux ont-ils été faits dans le logement ?",
    "help_was_useful": "Ce que nous avons fait ensemble vous a-t-il été utile ?",
    "says_out_of_poverty": "Pensez-vous être sorti de vos difficultés d’énergie ?",
}
QUESTIONS = {name: text.replace(" ?", f"{NO_BREAK}?") for name, text in ASKED.items()}
TEXTS: dict[str, str] = {
    "works": "Quels travaux",
    "words": "Ce que dit le ménage, avec ses mots",
}
# Disposable incomes of one year, asked only where the programme's test compares them to bills.
INCOMES: dict[str, str] = {
    "income_before_eur": "Ressources sur un an, au moment de la visite (€)",
    "income_after_eur": "Ressources sur un an, aujourd’hui (€)",
}


@cache
def schema() -> dict[str, Any]:
    """JSON Schema of the answers: {"schema", <questions>, "gestures": {code: answer}, …}."""
    three: dict[str, Any] = {"enum": list(ANSWERS)}
    amount = {"type": ["string", "null"], "pattern": r"^\d{1,7}(\.\d{1,2})?$"}
    text = {"type": ["string", "null"], "maxLength": 1000}
    properties: dict[str, Any] = {
        "schema": {"const": VERSION},
        **dict.fromkeys(QUESTIONS, three),
        **dict.fromkeys(TEXTS, text),
        **dict.fromkeys(INCOMES, amount),
        "gestures": {
            "type": "object",
            "propertyNames": {"enum": list(catalogue.GESTURES)},
            "additionalProperties": three,
        },
    }
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "type": "object",
        "additionalProperties": False,
        "required": list(properties),
        "properties": properties,
    }


def empty(gestures: Iterable[str] = ()) -> dict[str, Any]:
    """Answers in which everything is unknown, for the gestures advised at the visit."""
    return {
        "schema": VERSION,
        **dict.fromkeys(QUESTIONS, UNKNOWN),
        **dict.fromkeys(TEXTS),
        **dict.fromkeys(INCOMES),
        "gestures": dict.fromkeys(gestures, UNKNOWN),
    }


def check(answers: Mapping[str, Any]) -> None:
    """`InvalidInput` at the first answer that is not one of those the form offers."""
    import jsonschema

    validator = jsonschema.Draft202012Validator(schema())
    fault = next(iter(validator.iter_errors(dict(answers))), None)
    if fault is None:
        return
    path = [str(step) for step in fault.absolute_path]
    name = path[0] if path else ""
    question = QUESTIONS.get(name) or TEXTS.get(name) or INCOMES.get(name) or "Le questionnaire"
    raise InvalidInput(f"« {question} » : cette réponse n’est pas possible.", field=name or None)


def as_bool(answer: str) -> bool | None:
    """Yes, no, or None when not known."""
    return {"yes": True, "no": False}.get(answer)
