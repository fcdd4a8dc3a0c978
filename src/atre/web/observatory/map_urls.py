"""Routes of the map; they stand before those of territories, whose words they would be."""

from django.urls import path

from atre.web.observatory.views import map_data, map_need, map_page

urlpatterns = [
    path("observatoire/carte/", map_page.map_page, name="observatory_map"),
    path("observatoire/carte/valeurs/", map_data.values, name="observatory_map_values"),
    path("observatoire/carte/integrer/", map_page.embedded, name="observatory_map_embed"),
    path("observatoire/carte/besoin/", map_need.need, name="observatory_need"),
    path(
        "observatoire/carte/besoin/dossiers/",
        map_need.reached_values,
        name="observatory_reached_values",
    ),
    path("observatoire/carte/<slug:name>.pmtiles", map_data.tile_file, name="observatory_tiles"),
]
