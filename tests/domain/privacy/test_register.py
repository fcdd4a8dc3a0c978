"""No column about a household escapes the register."""

import pytest
from django.apps import apps

from atre.domain.agencies.models import TenantModel
from atre.domain.privacy.register import REGISTER

TABLES = sorted(model._meta.label for model in apps.get_models() if issubclass(model, TenantModel))
BY_LABEL = {holding.model: holding for holding in REGISTER}


def test_every_tenant_table_is_registered_once():
    assert sorted(holding.model for holding in REGISTER) == TABLES


@pytest.mark.parametrize("label", TABLES)
def test_every_column_is_either_erased_or_said_to_tell_nothing(label):
    holding = BY_LABEL[label]
    if holding.deleted or holding.not_the_household:
        return
    columns = {column.name for column in holding.model_class()._meta.concrete_fields}
    declared = set(holding.blanked) | set(holding.plain)
    assert columns - declared == set(), "dites ce que devient cette colonne à l’effacement"
    assert not set(holding.blanked) & set(holding.plain)
    assert set(holding.blanked) <= columns
