"""Dropping an official file: recognised at once, then read and built beside the server."""

from collections.abc import Iterator
from typing import Any

from django.contrib import messages
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django_q.tasks import async_task

from atre.domain.audit import actions as audit
from atre.formats.reading import UnreadableFile
from atre.formats.recognition import recognise_stream
from atre.warehouse.folders import data_folder
from atre.warehouse.sources import drops
from atre.warehouse.sources.drops import Drop, DropState
from atre.warehouse.sources.receipts import receipt_of
from atre.web.access import screen
from atre.web.observatory.forms import DropForm

RIGHT = "observatory.import"
TASK = "atre.jobs.observatory_drops.take_in"
STATES_FR = {
    DropState.WAITING: ("En attente du moteur de tâches", "waiting"),
    DropState.READING: ("Lecture du fichier", "active"),
    DropState.BUILDING: ("Lu ; construction des tables", "active"),
    DropState.DONE: ("Reçu, et compté dans les chiffres", "done"),
    DropState.REFUSED: ("Refusé : rien n’en est gardé", "attention"),
    DropState.FAILED: ("Arrêté : les chiffres d’avant restent servis", "attention"),
}


@screen(right=RIGHT, writes=True)
def drop(request: HttpRequest) -> HttpResponse:
    """The form; a file that is not recognised is said so, and the page stays."""
    form = DropForm(request.POST or None, request.FILES or None)
    if request.method == "POST" and form.is_valid():
        try:
            dropped = _dropped(request, form.cleaned_data["file"])
        except UnreadableFile as refusal:
            form.add_error("file", refusal.message_fr)
        else:
            return redirect("observatory_progress", source=dropped.key)
    status = 422 if form.is_bound and form.errors else 200
    return render(request, "observatory/drop.html", {"form": form}, status=status)


def _dropped(request: HttpRequest, file: Any) -> Drop:
    """Keeps the file and asks for its reading, unless this content is already there or on its way.

    Raises UnreadableFile; nothing of the file is kept then.
    """
    folders, chunks = data_folder(), _chunks(file)
    sha256, path = drops.keep(folders, chunks, name=file.name)
    try:
        with path.open("rb") as stream:
            title = recognise_stream(stream).title_fr
    except UnreadableFile:
        drops.erase(folders, sha256)
        raise
    known = drops.drop_of(folders, sha256[:16])
    if known is not None and not known.is_finished:
        return known
    fresh = drops.new_drop(sha256=sha256, name=path.name, title_fr=title, now=timezone.now())
    if receipt_of(folders, sha256) is not None:
        drops.erase(folders, sha256)
        return drops.note(folders, fresh, state=DropState.DONE)
    fresh = drops.note(folders, fresh)
    audit.record(
        agency=request.membership.agency_id,
        action="drop_territory_file",
        obj=request.agency,
        by=request.membership,
        details={"file": fresh.key, "format": title},
    )
    transaction.on_commit(lambda: async_task(TASK, fresh.key))
    return fresh


def _chunks(file: Any) -> Iterator[bytes]:
    yield from file.chunks()


@screen(right=RIGHT)
def progress(request: HttpRequest, source: str) -> HttpResponse:
    """How far a dropped file is. The page asks by itself until it is finished."""
    found = drops.drop_of(data_folder(), source)
    if found is None:
        messages.warning(request, "Ce dépôt n’existe plus : voici les fichiers reçus.")
        return redirect("observatory_sources")
    words, tone = STATES_FR[found.state]
    receipt = receipt_of(data_folder(), found.sha256)
    context = {"drop": found, "words": words, "tone": tone, "receipt": receipt}
    template = "observatory/progress_part.html" if request.htmx else "observatory/progress.html"
    return render(request, template, context)
