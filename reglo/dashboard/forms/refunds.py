"""What to give back of a payment, and what else a *trop-perçu* may pay."""

from typing import Any

from django import forms
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from reglo.dashboard.forms.figures import AmountField
from reglo.invoicing.models import Invoice
from reglo.money import Money
from reglo.payments.states import RefundReason
from reglo.ui import formats

WHOLE, PART = "whole", "part"


class RefundForm(forms.Form):
    """`refund_id`, drawn with the page, makes a double click one refund; `left` is what the page says is left.

    `surplus`, posted where only the *trop-perçu* is given back, is what the page calls so.
    """

    refund_id = forms.UUIDField(widget=forms.HiddenInput)
    left = forms.IntegerField(widget=forms.HiddenInput)
    surplus = forms.IntegerField(widget=forms.HiddenInput, required=False)
    what = forms.ChoiceField(
        label=_("Combien ?"), choices=[(WHOLE, ""), (PART, _("Une partie"))], widget=forms.RadioSelect
    )
    amount = AmountField(label=_("Montant, pour une partie"), required=False)
    reason = forms.ChoiceField(label=_("Pourquoi ?"), choices=RefundReason.choices, widget=forms.RadioSelect)

    def __init__(self, *args: Any, left: Money, **options: Any) -> None:
        super().__init__(*args, **options)
        amount, what = self.fields["amount"], self.fields["what"]
        assert isinstance(amount, AmountField)
        assert isinstance(what, forms.ChoiceField)
        amount.currency = left.currency
        whole = _("Tout : %s") % formats.amount(left, language=get_language() or "fr")
        what.choices = [(WHOLE, whole), (PART, _("Une partie"))]

    def clean(self) -> dict[str, Any]:
        typed: dict[str, Any] = super().clean() or {}
        if typed.get("what") == PART and typed.get("amount") is None and "amount" not in self.errors:
            self.add_error("amount", _("Indiquez le montant à rembourser."))
        return typed

    @property
    def amount_minor(self) -> int:
        """Of a valid form."""
        typed = self.cleaned_data
        return int(typed["left"] if typed["what"] == WHOLE else typed["amount"].minor)


class SurplusForm(forms.Form):
    invoice = forms.TypedChoiceField(label=_("Facture à régler"), coerce=int, widget=forms.RadioSelect)

    def __init__(self, *args: Any, invoices: list[tuple[Invoice, str]], **options: Any) -> None:
        super().__init__(*args, **options)
        chosen = self.fields["invoice"]
        assert isinstance(chosen, forms.ChoiceField)
        chosen.choices = [(invoice.pk, words) for invoice, words in invoices]
