from django.db import migrations, models

from atre.domain.agencies import isolation


def copy_from_households(apps, schema_editor):
    """Agency by agency: row-level security shows a migration no other rows."""
    cases = apps.get_model("households", "Case").objects
    households = apps.get_model("households", "Household").objects
    for agency_id in apps.get_model("agencies", "Agency").objects.values_list("pk", flat=True):
        isolation.enter(agency_id)
        erased = households.filter(agency_id=agency_id, erased_at__isnull=False)
        for pk, erased_at in erased.values_list("pk", "erased_at"):
            cases.filter(agency_id=agency_id, household_id=pk).update(erased_at=erased_at)
    isolation.enter(None)


class Migration(migrations.Migration):
    dependencies = [("households", "0003_cases_waiting_oldest_first")]

    operations = [
        migrations.AddField(
            model_name="case",
            name="erased_at",
            field=models.DateTimeField(blank=True, null=True, verbose_name="effacement"),
        ),
        migrations.RunPython(copy_from_households, migrations.RunPython.noop),
    ]
