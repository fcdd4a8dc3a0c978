"""What the API promises: its addresses, its refusals, and the OpenAPI document made of them."""

import logging
from functools import cache
from http import HTTPStatus
from typing import Any

from django.http import HttpRequest, HttpResponse
from ninja import NinjaAPI
from ninja.errors import ValidationError
from ninja.operation import Operation
from ninja.renderers import BaseRenderer
from pydantic_core import to_json

from atre.web.api import describing, figures, places
from atre.web.api.refusals import Refused, answer_of, of_validation

logger = logging.getLogger(__name__)
ROOT = "api/v1/"
DESCRIPTION_FR = (
    "Les chiffres ouverts de l’observatoire : lecture seule, sans compte. Chaque valeur dit son unité, "
    "sa source, son millésime, l’année des communes et la part de données secrètes. `null` veut dire "
    "secret ou inconnu, jamais zéro. Les dossiers des agences n’y sont pas."
)


class Json(BaseRenderer):
    """JSON without a number that JSON does not have."""

    media_type = "application/json"

    def render(self, request: HttpRequest, data: Any, *, response_status: int) -> bytes:
        return to_json(data, inf_nan_mode="null")


class Api(NinjaAPI):
    """Operations are named after their function: a name that clients are made from never moves."""

    def get_openapi_operation_id(self, operation: Operation) -> str:
        return str(operation.view_func.__name__)


api = Api(
    title="API de l’observatoire",
    version="1",
    description=DESCRIPTION_FR,
    urls_namespace="atre_api",
    openapi_url="",
    docs_url="",
    renderer=Json(),
)
for router in (describing.router, places.router, figures.router):
    api.add_router("", router)


@api.exception_handler(Refused)
def refused(request: HttpRequest, found: Refused) -> HttpResponse:
    return answer_of(found)


@api.exception_handler(ValidationError)
def misspelt(request: HttpRequest, found: ValidationError) -> HttpResponse:
    return answer_of(of_validation(found.errors[0]))


@cache
def openapi() -> dict[str, Any]:
    """The OpenAPI 3.1 document."""
    return dict(api.get_openapi_schema(path_prefix=f"/{ROOT}"))


def parameters_of(address: str) -> frozenset[str]:
    """The names that an address takes after its « ? »."""
    listed = openapi()["paths"][f"/{ROOT}{address}"]["get"].get("parameters", [])
    return frozenset(one["name"] for one in listed if one["in"] == "query")


@api.exception_handler(Exception)
def our_fault(request: HttpRequest, found: Exception) -> HttpResponse:
    """The fault is in our log; who asked gets the same shape as any refusal."""
    logger.error("%s: %s", request.path, type(found).__name__, exc_info=found)
    return answer_of(
        Refused(
            HTTPStatus.INTERNAL_SERVER_ERROR,
            "our_fault",
            "Une erreur de notre côté : elle est notée dans notre journal. Réessayez plus tard.",
        )
    )
