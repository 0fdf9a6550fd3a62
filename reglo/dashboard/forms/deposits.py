"""*Demander un acompte*, *Facture de situation*, and the deposits that an invoice deducts."""

from collections.abc import Mapping, Sequence
from datetime import date
from decimal import Decimal
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from reglo.catalog.vat_rates import rates_on
from reglo.companies.models import Company
from reglo.companies.states import Nature
from reglo.customers.models import Customer
from reglo.dashboard.forms.figures import AmountField, FigureField, chosen_rate
from reglo.invoicing.content import plain
from reglo.invoicing.models import Deduction, Invoice
from reglo.invoicing.quote_billing import HUNDRED, LineBilling
from reglo.invoicing.services import DepositInput, FreeDeposit, Progress
from reglo.money import Money

RATE, AMOUNT = "pourcentage", "montant"


class QuoteDepositForm(forms.Form):
    """A part of what was accepted, or an amount, VAT included."""

    how = forms.ChoiceField(
        label=_("Combien demander ?"),
        widget=forms.RadioSelect,
        choices=[(RATE, _("Une part du devis")), (AMOUNT, _("Un montant"))],
        initial=RATE,
    )
    rate = FigureField(
        label=_("Part du devis, en %"),
        max_digits=5,
        decimal_places=2,
        min_value=Decimal("0.01"),
        max_value=HUNDRED,
        required=False,
    )
    amount = AmountField(label=_("Montant"), required=False)

    def __init__(self, *args: Any, company: Company, **options: Any) -> None:
        super().__init__(*args, **options)
        amount = self.fields["amount"]
        assert isinstance(amount, AmountField)
        amount.currency = company.currency
        if company.charges_vat:
            amount.label = _("Montant TTC")

    def clean(self) -> dict[str, Any]:
        typed: dict[str, Any] = super().clean() or {}
        name = "amount" if typed.get("how") == AMOUNT else "rate"
        if typed.get(name) is None and name not in self.errors:
            self.add_error(name, _("Indiquez combien demander."))
        return typed

    def deposit(self) -> DepositInput:
        if self.cleaned_data["how"] == AMOUNT:
            return DepositInput(amount_minor=self.cleaned_data["amount"].minor)
        return DepositInput(rate=self.cleaned_data["rate"])


class FreeDepositForm(forms.Form):
    """Of a customer, without a quote: for what, how much, at which rate."""

    description = forms.CharField(
        label=_("Sur quoi porte l’acompte ?"),
        max_length=400,
        help_text=_("Imprimé sur la facture. Par exemple : acompte sur votre commande du 3 décembre."),
    )
    amount = AmountField(label=_("Montant"))
    vat_rate = forms.TypedChoiceField(label=_("Taux de TVA"), coerce=chosen_rate)
    nature = forms.ChoiceField(label=_("Nature"), choices=Nature.choices, initial=Nature.SERVICES)

    def __init__(self, *args: Any, company: Company, today: date, **options: Any) -> None:
        super().__init__(*args, **options)
        amount, rate = self.fields["amount"], self.fields["vat_rate"]
        assert isinstance(amount, AmountField)
        assert isinstance(rate, forms.TypedChoiceField)
        amount.currency = company.currency
        if not company.charges_vat:
            del self.fields["vat_rate"]
            return
        amount.label = _("Montant TTC")
        rate.choices = [(plain(known), f"{plain(known).replace('.', ',')}\u00a0%") for known in rates_on(today)]

    def deposit(self, customer: Customer) -> FreeDeposit:
        typed = self.cleaned_data
        return FreeDeposit(
            customer=customer,
            description=typed["description"],
            amount_minor=typed["amount"].minor,
            vat_rate=typed.get("vat_rate", Decimal(0)),
            nature=Nature(typed["nature"]),
        )


class SituationForm(forms.Form):
    """Of each line of the quote, how far it has come in all, in percent."""

    def __init__(self, *args: Any, lines: Sequence[LineBilling], **options: Any) -> None:
        super().__init__(*args, **options)
        self.lines = [line for line in lines if line.is_left]
        for line in self.lines:
            self.fields[f"rate-{line.line.rank}"] = FigureField(
                label=line.line.description.splitlines()[0] if line.line.description else _("Ligne sans désignation"),
                required=False,
                max_digits=5,
                decimal_places=2,
                min_value=Decimal(0),
                max_value=HUNDRED,
                initial=line.invoiced_rate.normalize(),
            )

    @property
    def rows(self) -> list[tuple[LineBilling, forms.BoundField]]:
        return [(line, self[f"rate-{line.line.rank}"]) for line in self.lines]

    @property
    def progress(self) -> list[Progress]:
        """Of the lines that moved: one left as it was shown stays where it is."""
        typed = ((line, self.cleaned_data[f"rate-{line.line.rank}"]) for line in self.lines)
        return [
            Progress(line.line.rank, rate) for line, rate in typed if rate is not None and rate != line.invoiced_rate
        ]


class DeductionsForm(forms.Form):
    """Which deposits an invoice deducts, and how much of each: all that is possible where nothing is typed."""

    def __init__(
        self, *args: Any, deposits: Sequence[Invoice], chosen: Sequence[Deduction], currency: str, **options: Any
    ) -> None:
        super().__init__(*args, **options)
        asked = {deduction.deposit_id: deduction.asked_minor for deduction in chosen}
        self.deposits = deposits
        for deposit in deposits:
            minor = asked.get(deposit.pk)
            self.fields[f"deposit-{deposit.pk}"] = forms.BooleanField(
                label=str(deposit), required=False, initial=deposit.pk in asked
            )
            self.fields[f"amount-{deposit.pk}"] = AmountField(
                label=_("Montant à déduire, vide pour tout ce qui est possible"),
                currency=currency,
                required=False,
                initial=None if minor is None else Money(minor, currency),
            )

    @property
    def rows(self) -> list[tuple[Invoice, forms.BoundField, forms.BoundField]]:
        return [(one, self[f"deposit-{one.pk}"], self[f"amount-{one.pk}"]) for one in self.deposits]

    def clean(self) -> dict[str, Any]:
        typed: dict[str, Any] = super().clean() or {}
        for deposit in self.deposits:
            amount: Money | None = typed.get(f"amount-{deposit.pk}")
            if amount is not None and amount.minor <= 0:
                self.add_error(f"amount-{deposit.pk}", _("Indiquez un montant positif."))
        return typed

    @property
    def chosen(self) -> Mapping[int, int | None]:
        """Deposit → how much, in minor units."""
        typed = self.cleaned_data
        amounts = {one.pk: typed[f"amount-{one.pk}"] for one in self.deposits if typed[f"deposit-{one.pk}"]}
        return {key: None if amount is None else amount.minor for key, amount in amounts.items()}
