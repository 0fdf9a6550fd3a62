"""*Conditions de paiement*: how the due date is counted, the instalments, the early-payment discount."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.forms import BoundField
from django.utils.translation import gettext_lazy as _

from reglo.companies.states import TermsKind
from reglo.dashboard.forms.figures import FigureField, typed
from reglo.invoicing.models import Invoice
from reglo.invoicing.terms import (
    COUNTED_IN_DAYS,
    LEAST_INSTALMENTS,
    MOST_DAYS,
    MOST_INSTALMENTS,
    Part,
    proposed_parts,
)
from reglo.money import Money

DAYS_WANTED = _("Indiquez un délai entre 0 et 365 jours.")
_RATE = re.compile(r"%\s*$")


class DayField(forms.DateField):
    widget = forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")

    def __init__(self, **options: Any) -> None:
        invalid = {"invalid": _("Écrivez une date, par exemple 03/12/2026.")}
        super().__init__(required=False, error_messages=invalid, **options)


class PartField(FigureField):
    """« 30 % » of the total, or an amount; left empty, the rest. Its value is a rate, a `Money`, or None."""

    def __init__(self, *, currency: str = "EUR", **options: Any) -> None:
        super().__init__(required=False, max_digits=12, decimal_places=2, min_value=Decimal("0.01"), **options)
        self.currency = currency

    def clean(self, value: Any) -> Any:
        number = super().clean(value)
        if number is None or _RATE.search(str(value)):
            return number
        return Money.from_decimal(number, self.currency)

    def prepare_value(self, value: Any) -> Any:
        if isinstance(value, Money):
            return typed(value.to_decimal(), 2)
        return f"{typed(value)}\u00a0%" if isinstance(value, Decimal) else value


@dataclass(frozen=True, slots=True)
class InstalmentRow:
    rank: int
    day: BoundField
    part: BoundField


class TermsForm(forms.Form):
    """The part of the draft's form that says when it is paid. What is not posted stays as it was."""

    terms_kind = forms.ChoiceField(label=_("Échéance"), choices=TermsKind.choices, required=False)
    due_days = forms.IntegerField(
        label=_("Délai de paiement"),
        required=False,
        widget=forms.NumberInput(attrs={"min": 0, "max": MOST_DAYS, "inputmode": "numeric"}),
        error_messages={"invalid": DAYS_WANTED},
    )
    due_on = DayField(label=_("À régler avant le"))
    instalment_count = forms.TypedChoiceField(
        label=_("Nombre d’échéances"),
        choices=[(count, str(count)) for count in range(LEAST_INSTALMENTS, MOST_INSTALMENTS + 1)],
        coerce=int,
        empty_value=None,
        required=False,
    )
    early_discount_rate = FigureField(label=_("Escompte, en %"), required=False, max_digits=5, decimal_places=2)
    discount_days = forms.IntegerField(
        label=_("si payé sous"),
        required=False,
        widget=forms.NumberInput(attrs={"min": 1, "max": MOST_DAYS, "inputmode": "numeric"}),
        error_messages={"invalid": _("Indiquez un délai entre 1 et 365 jours.")},
    )

    invoice_before: Invoice
    today: date

    def add_instalments(self, invoice: Invoice, today: date) -> None:
        """Fields for as many rows as a schedule may have."""
        self.invoice_before, self.today = invoice, today
        for rank in range(1, MOST_INSTALMENTS + 1):
            words = {"rank": rank}
            self.fields[f"instalment_day_{rank}"] = DayField(label=_("Date de l’échéance %(rank)d") % words)
            self.fields[f"instalment_part_{rank}"] = PartField(
                label=_("Part de l’échéance %(rank)d") % words, currency=invoice.currency
            )
        self.initial = {**self.initial, **initial_terms(invoice)}

    @property
    def instalment_rows(self) -> Iterator[InstalmentRow]:
        """The rows that the page shows."""
        count = len(self.invoice_before.instalments)
        if self.is_bound and str(self.data.get("instalment_count", "")).isdecimal():
            count = min(int(self.data["instalment_count"]), MOST_INSTALMENTS)
        for rank in range(1, count + 1):
            yield InstalmentRow(rank, self[f"instalment_day_{rank}"], self[f"instalment_part_{rank}"])

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or self.cleaned_data
        kind = TermsKind(cleaned.get("terms_kind") or self.invoice_before.terms_kind)
        days = cleaned.get("due_days")
        if days is None and "due_days" not in self.errors:
            if kind in COUNTED_IN_DAYS and "due_days" in self.data:
                self.add_error("due_days", str(DAYS_WANTED))
            days = self.invoice_before.due_days
        cleaned |= {"terms_kind": kind, "due_days": days}
        cleaned["instalments"] = self._parts(cleaned) if kind == TermsKind.INSTALMENTS else ()
        if kind != TermsKind.DATE:
            cleaned["due_on"] = None
        elif "due_on" not in self.data:
            cleaned["due_on"] = self.invoice_before.due_on or self.today + timedelta(days=self.invoice_before.due_days)
        return cleaned

    def _parts(self, cleaned: dict[str, Any]) -> tuple[Part, ...]:
        """Those typed; of another number, or for the first time, those that are proposed."""
        before = self.invoice_before
        count = cleaned.get("instalment_count") or len(before.instalments) or LEAST_INSTALMENTS
        if before.terms_kind != TermsKind.INSTALMENTS or f"instalment_day_{count}" not in self.data:
            return self._proposed(count)
        if f"instalment_day_{count + 1}" in self.data:
            return self._proposed(count)
        parts = []
        for rank in range(1, count + 1):
            day, part = cleaned.get(f"instalment_day_{rank}"), cleaned.get(f"instalment_part_{rank}")
            if day is None:
                if f"instalment_day_{rank}" not in self.errors:
                    self.add_error(f"instalment_day_{rank}", ValidationError(_("Indiquez une date.")))
                continue
            minor = part.minor if isinstance(part, Money) else None
            parts.append(Part(day, part if isinstance(part, Decimal) else None, minor))
        return tuple(parts)

    def _proposed(self, count: int) -> tuple[Part, ...]:
        return proposed_parts(count, first=self.today + timedelta(days=self.invoice_before.due_days))


def initial_terms(invoice: Invoice) -> dict[str, Any]:
    initial: dict[str, Any] = {
        "terms_kind": invoice.terms_kind,
        "due_days": invoice.due_days,
        "due_on": invoice.due_on,
        "instalment_count": len(invoice.instalments) or LEAST_INSTALMENTS,
        "early_discount_rate": invoice.early_discount_rate,
        "discount_days": invoice.discount_days,
    }
    for rank, part in enumerate(invoice.terms.parts, start=1):
        initial[f"instalment_day_{rank}"] = part.due_date
        initial[f"instalment_part_{rank}"] = (
            part.rate if part.amount_minor is None else Money(part.amount_minor, invoice.currency)
        )
    return initial
