"""Forms of the letters about a household to its social worker and to the housing fund."""

from collections.abc import Sequence
from datetime import date
from typing import Any

from django import forms

from atre.documents.from_partners import ENERGIES_FR, Envelope, FslText, SocialWorkerText
from atre.domain.network.models import Organisation
from atre.web.request_form import EuroField
from atre.web.support.forms import lines, words_field

ONE_A_LINE = "Une phrase par ligne."


class PartnerLetterForm(forms.Form):
    """To whom, from where; the household's agreement when it was given orally."""

    service = forms.ChoiceField(
        label="Service", error_messages={"required": "Choisissez un service."}
    )
    attention = forms.CharField(
        label="À l’attention de",
        required=False,
        max_length=60,
        help_text="Le nom de la personne, si vous le connaissez.",
    )
    address = forms.CharField(
        label="Adresse postale du service",
        required=False,
        max_length=300,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text="Si vous laissez vide : celle de sa fiche dans le réseau.",
    )
    place = forms.CharField(
        label="Fait à",
        max_length=80,
        error_messages={"required": "Indiquez d’où la lettre est écrite."},
    )
    agreed = forms.BooleanField(
        label="Le ménage m’a dit qu’il est d’accord pour que ce service connaisse sa situation",
        required=False,
        help_text="À cocher seulement si son accord n’est pas déjà noté. Il sera enregistré à "
        "votre nom, et le ménage pourra le retirer.",
    )

    def __init__(
        self,
        data: Any = None,
        *,
        services: Sequence[Organisation],
        agreed: set[int],
        initial: dict[str, Any],
    ) -> None:
        super().__init__(data, initial=initial)
        self.services = {str(service.pk): service for service in services}
        fields: dict[str, Any] = self.fields
        fields["service"].choices = [
            ("", "Choisir un service"),
            *(
                (pk, f"{row.name} (accord noté)" if row.pk in agreed else row.name)
                for pk, row in self.services.items()
            ),
        ]
        # The agreement is asked once the letter is written.
        self.order_fields([name for name in self.fields if name != "agreed"])

    @property
    def chosen(self) -> Organisation:
        return self.services[self.cleaned_data["service"]]

    def envelope(self, *, on: date) -> Envelope:
        told = self.cleaned_data
        return Envelope(
            service=self.chosen,
            attention=told["attention"],
            address=told["address"],
            place=told["place"],
            written_on=on,
        )


class SocialWorkerForm(PartnerLetterForm):
    situation = words_field(
        "La situation",
        "Dites quelle est la situation.",
        rows=4,
        help_text=f"{ONE_A_LINE} Seulement ce que ce service a besoin de savoir.",
    )
    done = words_field("Ce que l’agence a fait", "", required=False, help_text=ONE_A_LINE)
    requests = words_field(
        "Ce que vous demandez", "Dites ce que vous demandez.", help_text=ONE_A_LINE
    )

    def text(self) -> SocialWorkerText:
        told = self.cleaned_data
        return SocialWorkerText(
            situation=lines(told["situation"]),
            done=lines(told["done"]),
            requests=lines(told["requests"]),
        )


class FslForm(PartnerLetterForm):
    energy = forms.ChoiceField(
        label="Énergie de la facture",
        choices=[("", "Choisir"), *ENERGIES_FR.items()],
        error_messages={"required": "Choisissez une énergie."},
    )
    supplier = forms.CharField(label="Fournisseur", required=False, max_length=80)
    debt_eur = EuroField(label="Somme due", required=False)
    main_residence = forms.BooleanField(
        label="Ce logement est la résidence principale du ménage",
        required=False,
        help_text="La lettre cite alors la trêve hivernale, si l’énergie y donne droit.",
    )
    reasons = words_field(
        "Pourquoi la facture est difficile à payer",
        "Dites pourquoi la facture est difficile à payer.",
        rows=4,
        help_text=ONE_A_LINE,
    )
    already_done = words_field("Ce qui a déjà été fait", "", required=False, help_text=ONE_A_LINE)

    def text(self) -> FslText:
        told = self.cleaned_data
        return FslText(
            energy=told["energy"],
            supplier=told["supplier"],
            debt_eur=told["debt_eur"],
            main_residence=told["main_residence"],
            reasons=lines(told["reasons"]),
            already_done=lines(told["already_done"]),
        )
