"""What granian serves."""

import os
import threading

from django.core.signals import request_finished
from django.core.wsgi import get_wsgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "atre.config.settings")

application = get_wsgi_application()


def read_the_gazetteer_once(**_: object) -> None:
    """Build the index of communes behind the first page, which stays as quick as it was.

    It takes one to two seconds a process; left to the first search, a person waits for it.
    """
    request_finished.disconnect(read_the_gazetteer_once)
    threading.Thread(target=_read_gazetteer, name="gazetteer", daemon=True).start()


def _read_gazetteer() -> None:
    from django.db import connection

    from atre.domain.territories.selectors import gazetteer

    try:
        gazetteer()
    finally:
        connection.close()


request_finished.connect(read_the_gazetteer_once)
