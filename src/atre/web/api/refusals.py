"""One shape for every refusal: a stable code for programs, a French sentence for people."""

from http import HTTPStatus
from typing import Any

from django.http import HttpRequest, HttpResponse
from pydantic_core import to_json

TYPE = "application/json; charset=utf-8"


class Refused(Exception):
    """A question that gets no answer. `code` is stable; `parameter` names what to change."""

    def __init__(
        self, status: HTTPStatus, code: str, message_fr: str, parameter: str | None = None
    ) -> None:
        super().__init__(message_fr)
        self.status = status
        self.code = code
        self.message_fr = message_fr
        self.parameter = parameter

    @property
    def body(self) -> dict[str, Any]:
        return {"error": self.code, "message": self.message_fr, "parameter": self.parameter}


def bad_parameter(parameter: str, message_fr: str) -> Refused:
    return Refused(HTTPStatus.UNPROCESSABLE_ENTITY, "bad_parameter", message_fr, parameter)


def not_found(code: str, message_fr: str, parameter: str | None = None) -> Refused:
    return Refused(HTTPStatus.NOT_FOUND, code, message_fr, parameter)


def answer_of(refused: Refused) -> HttpResponse:
    """The answer that carries a refusal."""
    answer = HttpResponse(to_json(refused.body), content_type=TYPE, status=refused.status)
    answer.headers["Cache-Control"] = "no-store"
    return answer


def unknown_address(request: HttpRequest) -> Refused:
    return not_found(
        "unknown_address",
        f"« {request.path} » n’est pas une adresse de cette API. La liste est à /api/v1/.",
    )


# What pydantic found wrong, in French; `{…}` are the values it gives with each.
SENTENCES_FR = {
    "missing": "Le paramètre « {name} » manque.",
    "enum": "« {name} » : écrivez l’un de {expected}.",
    "literal_error": "« {name} » : écrivez l’un de {expected}.",
    "int_parsing": "« {name} » : un nombre entier est attendu.",
    "int_type": "« {name} » : un nombre entier est attendu.",
    "int_from_float": "« {name} » : un nombre entier est attendu.",
    "int_parsing_size": "« {name} » : ce nombre est trop grand.",
    "greater_than_equal": "« {name} » : au moins {ge}.",
    "less_than_equal": "« {name} » : au plus {le}.",
    "string_too_short": "« {name} » : au moins {min_length} caractère.",
    "string_too_long": "« {name} » : au plus {max_length} caractères.",
    "string_pattern_mismatch": "« {name} » n’a pas la forme attendue. Voyez /api/v1/.",
}


def of_validation(found: dict[str, Any]) -> Refused:
    """The refusal of the first thing that pydantic found wrong in a question."""
    name = str(found["loc"][-1]) if found.get("loc") else ""
    values = dict(found.get("ctx") or {})
    if "expected" in values:
        values["expected"] = str(values["expected"]).replace("'", "").replace(" or ", ", ")
    sentence = SENTENCES_FR.get(found["type"], "Le paramètre « {name} » n’est pas valide.")
    return bad_parameter(name, sentence.format(name=name, **values))
