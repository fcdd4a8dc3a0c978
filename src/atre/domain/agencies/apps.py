from django.apps import AppConfig
from django.db.models.signals import post_migrate


class AgenciesConfig(AppConfig):
    name = "atre.domain.agencies"
    label = "agencies"
    verbose_name = "Agences"

    def ready(self) -> None:
        from atre.domain.agencies import isolation

        post_migrate.connect(isolation.enforce_row_security, dispatch_uid="row-security")
