"""The one-year questionnaire: three answers to each question, and the new bills."""

from collections.abc import Mapping
from datetime import date
from decimal import Decimal
from typing import Any

from django import forms

from atre.calc.wording import NO_BREAK
from atre.domain.support import questionnaire
from atre.domain.support.actions.following import Told
from atre.domain.support.enums import FollowUpState
from atre.domain.support.models import FollowUp
from atre.domain.visits import catalogue
from atre.domain.visits.faults import DocumentRefused
from atre.web.design.fields import ErrorEntry, error_entries
from atre.web.request_form import EuroField
from atre.web.support.forms import date_field, words_field
from atre.web.visit.form_sections import Rows
from atre.web.visit.section_form import RowSet, lines_in_words

ANSWER_LABELS = {"yes": "Oui", "no": "Non", "unknown": "Ne sait pas"}
BILL_ROWS = Rows(("bills",), "Factures depuis la visite", "Ajouter une facture", 2)
GESTURE = "gesture_"


class QuestionnaireForm(forms.Form):
    """Answers as radios. Nothing is chosen for the household: unanswered is « unknown »."""

    answered_on = date_field("Réponses données le")
    revision = forms.IntegerField(widget=forms.HiddenInput)

    def __init__(
        self,
        data: Any = None,
        *,
        follow_up: FollowUp,
        gestures: list[str],
        asks_incomes: bool,
        on: date,
    ) -> None:
        answers = follow_up.answers or questionnaire.empty(gestures)
        self.gestures, self.asks_incomes = gestures, asks_incomes
        super().__init__(data, initial=self._initial(answers, follow_up, on))
        for name, question in questionnaire.QUESTIONS.items():
            self.fields[name] = _answer_field(question)
        for code in gestures:
            label = f"{catalogue.GESTURES[code].label}{NO_BREAK}: le faites-vous encore{NO_BREAK}?"
            self.fields[GESTURE + code] = _answer_field(label)
        for name, label in questionnaire.TEXTS.items():
            self.fields[name] = words_field(label, "", required=False, rows=2)
        if asks_incomes:
            for name, label in questionnaire.INCOMES.items():
                self.fields[name] = EuroField(label=label, required=False)

    @staticmethod
    def _initial(answers: Mapping[str, Any], follow_up: FollowUp, on: date) -> dict[str, Any]:
        initial: dict[str, Any] = {
            name: value for name, value in answers.items() if name not in {"schema", "gestures"}
        }
        initial |= {GESTURE + code: value for code, value in answers["gestures"].items()}
        for name in questionnaire.INCOMES:
            initial[name] = None if answers[name] is None else Decimal(answers[name])
        return initial | {
            "answered_on": follow_up.answered_on or on,
            "revision": follow_up.revision,
        }

    def questions(self) -> list[forms.BoundField]:
        return [self[name] for name in questionnaire.QUESTIONS]

    def gesture_questions(self) -> list[forms.BoundField]:
        return [self[GESTURE + code] for code in self.gestures]

    def texts(self) -> list[forms.BoundField]:
        names = [*questionnaire.TEXTS, *(questionnaire.INCOMES if self.asks_incomes else ())]
        return [self[name] for name in names]

    def answers(self) -> dict[str, Any]:
        """What was answered, as the domain keeps it. Call once valid."""
        told = self.cleaned_data
        incomes = {
            name: None if told.get(name) is None else format(told[name], "f")
            for name in questionnaire.INCOMES
        }
        return {
            "schema": questionnaire.VERSION,
            **{name: told[name] or questionnaire.UNKNOWN for name in questionnaire.QUESTIONS},
            **{name: told[name].strip() or None for name in questionnaire.TEXTS},
            **incomes,
            "gestures": {
                code: told[GESTURE + code] or questionnaire.UNKNOWN for code in self.gestures
            },
        }


def _answer_field(question: str) -> forms.ChoiceField:
    return forms.ChoiceField(
        label=question,
        required=False,
        choices=list(ANSWER_LABELS.items()),
        widget=forms.RadioSelect,
    )


class FollowUpForm:
    """The questionnaire and its rows of bills, read and shown together."""

    def __init__(self, data: Any = None, **options: Any) -> None:
        follow_up: FollowUp = options["follow_up"]
        self.questionnaire = QuestionnaireForm(data, **options)
        self.bills = RowSet(BILL_ROWS, follow_up.bills, data)

    def is_valid(self) -> bool:
        return all([self.questionnaire.is_valid(), self.bills.formset.is_valid()])

    def told(self) -> Told:
        return Told(
            answers=self.questionnaire.answers(),
            bills=self.bills.lines(),
            answered_on=self.questionnaire.cleaned_data["answered_on"],
        )

    def show_faults(self, refusal: DocumentRefused) -> None:
        """Put each refusal of a bill at its own line."""
        for fault in refusal.faults:
            rank = fault.path[1] if len(fault.path) == 3 else None
            if isinstance(rank, int) and rank < len(self.bills.kept):
                self.bills.kept[rank].add_error(str(fault.path[2]), fault.message_fr)
            else:
                self.questionnaire.add_error(None, fault.message_fr)

    @property
    def errors(self) -> list[ErrorEntry]:
        """Every refusal of the page, in its order, for one summary."""
        return error_entries([self.questionnaire, self.bills.formset])

    def conflict_rows(self, current: FollowUp) -> list[dict[str, Any]]:
        """Each answer where both versions stand, in words."""
        mine = self.questionnaire.answers()
        theirs = current.answers or questionnaire.empty(self.questionnaire.gestures)
        labels = questionnaire.QUESTIONS | questionnaire.TEXTS | questionnaire.INCOMES
        rows = [
            {"label": label, "yours": _word(mine[name]), "theirs": _word(theirs[name])}
            for name, label in labels.items()
            if name not in questionnaire.INCOMES or self.questionnaire.asks_incomes
        ]
        rows += [
            {
                "label": catalogue.GESTURES[code].label,
                "yours": _word(mine["gestures"][code]),
                "theirs": _word(theirs["gestures"].get(code)),
            }
            for code in mine["gestures"]
        ]
        rows.append(
            {
                "label": "Factures",
                "yours": lines_in_words(self.bills.fields, self.bills.lines()),
                "theirs": lines_in_words(self.bills.fields, current.bills),
            }
        )
        return rows


def _word(value: Any) -> Any:
    return ANSWER_LABELS.get(value, value) if isinstance(value, str) else value


class WithoutAnswerForm(forms.Form):
    outcome = forms.ChoiceField(
        label="Ce qui s’est passé",
        widget=forms.RadioSelect,
        choices=[
            (state.value, state.label)
            for state in (FollowUpState.UNREACHABLE, FollowUpState.DECLINED)
        ],
        error_messages={"required": "Dites ce qui s’est passé."},
    )
    reason = words_field(
        "Ce qui a été tenté, ou ce qui a été dit",
        "Écrivez ce qui a été tenté, ou ce qui a été dit.",
        help_text="Par exemple : quatre appels à des heures différentes, un courrier sans retour.",
    )
    revision = forms.IntegerField(widget=forms.HiddenInput)

    def __init__(self, data: Any = None, *, follow_up: FollowUp) -> None:
        super().__init__(data, initial={"revision": follow_up.revision})


class PaperForm(forms.Form):
    """Where and until when, for the questionnaire printed as a letter."""

    place = forms.CharField(
        label="Fait à",
        max_length=80,
        error_messages={"required": "Indiquez d’où la lettre est écrite."},
    )
    reply_by = date_field("Réponse demandée avant le")
