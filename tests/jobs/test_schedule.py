"""What runs by itself exists, is written once, and stops when it leaves the list."""

import pytest
from django.utils.module_loading import import_string
from django_q.models import Schedule

from atre.jobs import schedule


@pytest.mark.parametrize("task", schedule.RECURRING, ids=lambda task: task.function)
def test_a_recurring_task_can_be_called(task):
    assert callable(import_string(task.function))


@pytest.mark.django_db
def test_the_schedule_is_written_once_and_forgets_what_left_it():
    Schedule.objects.create(name="Ancienne tâche", func="atre.jobs.ancienne")
    schedule.ensure()
    schedule.ensure()
    assert set(Schedule.objects.values_list("name", flat=True)) == {
        task.name for task in schedule.RECURRING
    }
