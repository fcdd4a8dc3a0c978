"""What runs by itself, and how often. `./atre worker` writes it into the task engine."""

from dataclasses import dataclass
from datetime import datetime, time, timedelta

from django.utils import timezone
from django_q.models import Schedule

MINUTES, DAILY = Schedule.MINUTES, Schedule.DAILY


@dataclass(frozen=True)
class Recurring:
    """A function without argument, its rhythm, and the hour of the first daily run."""

    name: str
    function: str
    rhythm: str
    minutes: int | None = None
    hour: int = 0


RECURRING: tuple[Recurring, ...] = (
    Recurring("Envoyer les messages", "atre.jobs.outbox.send_due", MINUTES, minutes=1),
    Recurring("Tenir les rappels de visite", "atre.jobs.reminders.keep_reminders", DAILY, hour=6),
    Recurring("Ouvrir les suivis à un an", "atre.jobs.follow_ups.open_due", DAILY, hour=5),
    Recurring(
        "Relancer les partenaires", "atre.jobs.orientations.remind_unanswered", DAILY, hour=7
    ),
    Recurring(
        "Effacer les fichiers de reprise",
        "atre.jobs.case_import.expiry.erase_expired",
        DAILY,
        hour=4,
    ),
    Recurring(
        "Compter les dossiers pour l’observatoire",
        "atre.jobs.case_export.export_all",
        DAILY,
        hour=2,
    ),
    Recurring("Appliquer les durées de conservation", "atre.jobs.retention.apply", DAILY, hour=3),
)


def ensure() -> None:
    """Write the schedule; a task that is no longer in it stops running."""
    now = timezone.localtime()
    for task in RECURRING:
        Schedule.objects.get_or_create(
            name=task.name,
            defaults={
                "func": task.function,
                "schedule_type": task.rhythm,
                "minutes": task.minutes,
                "next_run": _first_run(task, now),
                "repeats": -1,
            },
        )
    Schedule.objects.exclude(name__in=[task.name for task in RECURRING]).delete()


def _first_run(task: Recurring, now: datetime) -> datetime:
    if task.rhythm == MINUTES:
        return now
    today = timezone.make_aware(datetime.combine(now.date(), time(task.hour)))
    return today if today > now else today + timedelta(days=1)
