"""Scheduled and queued tasks, run beside the web server."""

import argparse

GROUP = "Exploiter un serveur"
HELP = "Fait tourner les tâches planifiées et les envois (à côté du serveur web)."


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Takes none."""


def run(args: argparse.Namespace) -> int:
    import django
    from django.core.management import call_command

    django.setup()
    from atre.jobs import schedule

    schedule.ensure()
    call_command("qcluster")
    return 0
