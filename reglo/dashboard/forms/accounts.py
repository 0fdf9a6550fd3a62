"""The account map: a number and a label for each role, from a date on."""

from collections.abc import Iterator
from datetime import date
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.forms import BoundField
from django.utils.translation import gettext as _

from reglo.ledger.chart import DEFAULT_CHART
from reglo.ledger.services import BadAccountNumber
from reglo.ledger.states import AccountRole


class AccountsForm(forms.Form):
    """`current` is the map in force; `effective_date` defaults to `today`."""

    def __init__(self, *args: Any, current: dict[AccountRole, tuple[str, str]], today: date, **options: Any) -> None:
        super().__init__(*args, **options)
        for role in AccountRole:
            number, label = current.get(role, DEFAULT_CHART[role])
            self.fields[role.value] = forms.CharField(
                label=role.label,
                initial=number,
                max_length=12,
                error_messages={
                    "required": _("Indiquez un numéro de compte, par exemple %s.") % DEFAULT_CHART[role][0]
                },
                widget=forms.TextInput(
                    attrs={"autocomplete": "off", "aria-label": _("%s : numéro de compte") % role.label}
                ),
            )
            self.fields[_label_of(role)] = forms.CharField(
                label=_("Intitulé"),
                initial=label,
                max_length=120,
                error_messages={"required": _("Indiquez un intitulé.")},
                widget=forms.TextInput(attrs={"aria-label": _("%s : intitulé") % role.label}),
            )
        self.fields["effective_date"] = forms.DateField(
            label=_("À partir du"),
            initial=today,
            widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
            help_text=_("Les écritures datées d’avant gardent leurs comptes."),
        )

    @property
    def accounts(self) -> dict[AccountRole, tuple[str, str]]:
        return {role: (self.cleaned_data[role.value], self.cleaned_data[_label_of(role)]) for role in AccountRole}

    def rows(self) -> Iterator[tuple[AccountRole, BoundField, BoundField]]:
        """For the page: the role, the field of its number and that of its label."""
        for role in AccountRole:
            yield role, self[role.value], self[_label_of(role)]

    def refuse(self, error: BadAccountNumber) -> None:
        self.add_error(error.field, ValidationError(str(error), code=error.code))


def _label_of(role: AccountRole) -> str:
    return f"{role.value}_label"
