"""The period of an archive."""

from datetime import date
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _


class ArchiveForm(forms.Form):
    """This year until today, unless told otherwise."""

    first_day = forms.DateField(label=_("Du"), widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"))
    last_day = forms.DateField(label=_("Au"), widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"))

    def __init__(self, *args: Any, today: date, **options: Any) -> None:
        super().__init__(
            *args, **{**options, "initial": {"first_day": today.replace(month=1, day=1), "last_day": today}}
        )
