from django.apps import AppConfig
from django.db.models.signals import post_migrate


class AuditConfig(AppConfig):
    name = "atre.domain.audit"
    label = "audit"
    verbose_name = "Journal"

    def ready(self) -> None:
        from atre.domain.audit import protection

        post_migrate.connect(
            protection.forbid_changes, sender=self, dispatch_uid="journal-protection"
        )
