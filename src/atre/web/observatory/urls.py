"""Routes of the observatory. Addresses of sources stand before those of territories."""

from django.urls import path

from atre.web.observatory import map_urls
from atre.web.observatory.views import door, downloads, drops, extract, similar, sources, territory

PLACE = "observatoire/<slug:place>/<slug:code>/"

urlpatterns = [
    path("observatoire/", door.door, name="observatory"),
    path("observatoire/territoires/", door.suggestions, name="observatory_suggestions"),
    path("observatoire/choix/", door.drawn, name="observatory_drawn"),
    path("observatoire/sources/", sources.sources, name="observatory_sources"),
    path("observatoire/sources/deposer/", drops.drop, name="observatory_drop"),
    path("observatoire/sources/depot/<slug:source>/", drops.progress, name="observatory_progress"),
    path(
        "observatoire/sources/<slug:source>/non-lues.csv",
        sources.rejects,
        name="observatory_rejects",
    ),
    *map_urls.urlpatterns,
    path(PLACE, territory.territory, name="observatory_territory"),
    path(f"{PLACE}lignes/", territory.figure_rows, name="observatory_rows"),
    path(f"{PLACE}communes/", downloads.communes, name="observatory_communes"),
    path(f"{PLACE}semblables/", similar.similar, name="observatory_similar"),
    path(f"{PLACE}telecharger/", downloads.choose, name="observatory_downloads"),
    path(f"{PLACE}extrait/", extract.extract, name="observatory_extract"),
    path(f"{PLACE}<str:file>", downloads.file, name="observatory_file"),
]
