"""Routes of the taking over of files. Included before the routes that take any reference."""

from django.urls import path

from atre.web.household import imports_views as views

urlpatterns = [
    path("", views.case_import, name="case_import"),
    path("<uuid:identifier>/colonnes/", views.case_import_columns, name="case_import_columns"),
    path("<uuid:identifier>/verification/", views.case_import_check, name="case_import_check"),
    path("<uuid:identifier>/reprise/", views.case_import_run, name="case_import_run"),
    path("<uuid:identifier>/non-repris/", views.case_import_rejects, name="case_import_rejects"),
    path("<uuid:identifier>/effacer/", views.case_import_forget, name="case_import_forget"),
]
