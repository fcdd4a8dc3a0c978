"""The style page, where every component is seen and tested in every state."""

from django.urls import path

from atre.web.design import style

urlpatterns = [
    path("style/", style.style_page, name="style"),
    path("style/communes/", style.commune_examples, name="style_communes"),
    path("style/erreur/<int:status>/", style.error_example, name="style_error"),
]
