"""What granian serves."""

import os
import threading

from django.core.signals import request_finished
from django.core.wsgi import get_wsgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "atre.config.settings")

application = get_wsgi_application()


def warm_up_once(**_: object) -> None:
    """Build the index of communes and open the observatory's engine behind the first page, which
    stays as quick as it was.

    They take one to two seconds each, a process; left to the first search or the first territory, a
    person waits for them.
    """
    request_finished.disconnect(warm_up_once)
    threading.Thread(target=_warm_up, name="warm-up", daemon=True).start()


def _warm_up() -> None:
    _read_gazetteer()
    _read_atlas()


def _read_gazetteer() -> None:
    from django.db import connection

    from atre.domain.territories.selectors import gazetteer

    try:
        gazetteer()
    finally:
        connection.close()


def _read_atlas() -> None:
    from atre.warehouse.edition import NotBuilt
    from atre.warehouse.folders import data_folder
    from atre.warehouse.gate import released
    from atre.warehouse.territories import Kind, atlas

    try:
        # A thread opens an engine of its own: what is kept for the others is the libraries and the
        # atlas.
        known = atlas(data_folder())
        released("population", known.territory(f"com:{next(iter(known.names[Kind.COMMUNE]))}"))
    except NotBuilt:
        return


request_finished.connect(warm_up_once)
