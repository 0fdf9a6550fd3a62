"""The editor's form of a quote, the answer that staff write down, what of an accepted quote is to be invoiced."""

from collections.abc import Sequence
from datetime import date
from decimal import Decimal
from typing import Any, ClassVar

from django import forms
from django.http import QueryDict
from django.utils.translation import gettext_lazy as _

from reglo.companies.models import Company
from reglo.dashboard.forms.draft import DocumentForm, HeadForm, initial_head
from reglo.dashboard.forms.figures import AmountField, FigureField
from reglo.invoicing.models import Quote, QuoteVersion
from reglo.invoicing.quote_billing import LineBilling
from reglo.invoicing.quoting import lines_of_version
from reglo.invoicing.services import QuoteInput, QuotePart
from reglo.invoicing.states import DecisionChannel, QuoteOutcome
from reglo.money import Money


class QuoteHeadForm(HeadForm):
    """Everything of a quote but its lines."""

    known = "quote"
    quote = forms.IntegerField(required=False, widget=forms.HiddenInput)
    valid_days = forms.IntegerField(
        label=_("Validité"),
        widget=forms.NumberInput(attrs={"min": 1, "max": 730, "inputmode": "numeric"}),
        error_messages={
            "required": _("Indiquez une validité entre 1 et 730 jours."),
            "invalid": _("Indiquez une validité entre 1 et 730 jours."),
        },
    )
    work_place = forms.CharField(label=_("Lieu d’exécution"), required=False, max_length=300)
    fee = AmountField(label=_("Prix du devis"), required=False, help_text=_("Vide : le devis est gratuit, et le dit."))
    deposit_rate = FigureField(
        label=_("Acompte en %"), required=False, max_digits=5, decimal_places=2, max_value=Decimal(100)
    )
    deposit = AmountField(label=_("Acompte en euros"), required=False)


class QuoteEditorForm(DocumentForm):
    """The version of a quote that is being written, as it is typed."""

    RENAMED: ClassVar[dict[str, str]] = {"fee_minor": "fee", "deposit_minor": "deposit"}

    def __init__(self, *, company: Company, quote: Quote, today: date, data: QueryDict | None = None) -> None:
        """Bound to `data`, or showing the latest version of `quote` (which may be unsaved) as it is."""
        version = quote.latest
        assert version is not None, "a quote has a version from the start"
        self.quote = quote
        super().__init__(
            company=company,
            document=version,
            head=QuoteHeadForm(
                data,
                company=company,
                customer_id=quote.customer_id,
                currency=version.currency,
                initial=_initial(quote, version),
            ),
            stored=lines_of_version(version) if version.pk else [],
            today=today,
            data=data,
            may_be_optional=True,
        )

    def draft(self) -> QuoteInput:
        """What was typed."""
        typed = self.head.cleaned_data
        fee: Money | None = typed["fee"]
        deposit: Money | None = typed["deposit"]
        rate, minor = self.head.discount_typed()
        return QuoteInput(
            customer=typed["customer"],
            lines=[form.line() for form in self.kept],
            prices_include_vat=bool(typed["prices_include_vat"]),
            due_days=typed["due_days"],
            supply_date=typed["supply_date"],
            order_reference=typed["order_reference"],
            mention=typed["mention"].replace("\r\n", "\n"),
            exemption_reason=typed["exemption_reason"],
            discount_rate=rate,
            discount_minor=minor,
            revision=typed["revision"],
            valid_days=typed["valid_days"],
            work_place=typed["work_place"],
            fee_minor=fee.minor if fee else 0,
            deposit_rate=typed["deposit_rate"] or None,
            deposit_minor=deposit.minor if deposit else None,
        )


def _initial(quote: Quote, version: QuoteVersion) -> dict[str, Any]:
    def amount(minor: int | None) -> Money | None:
        return Money(minor, version.currency) if minor else None

    return {
        **initial_head(version, customer_id=quote.customer_id),
        "quote": quote.pk,
        "valid_days": version.valid_days,
        "work_place": version.work_place,
        "fee": amount(version.fee_minor),
        "deposit_rate": version.deposit_rate,
        "deposit": amount(version.deposit_minor),
    }


class AnswerForm(forms.Form):
    """*Noter la réponse*: what the customer answered otherwise than on line."""

    outcome = forms.ChoiceField(
        label=_("Réponse du client"), choices=QuoteOutcome.choices, initial="accepted", widget=forms.RadioSelect
    )
    channel = forms.ChoiceField(
        label=_("Reçue"),
        choices=[(one.value, one.label) for one in DecisionChannel if one is not DecisionChannel.PORTAL],
        initial=DecisionChannel.PHONE.value,
        widget=forms.RadioSelect,
    )
    given_on = forms.DateField(
        label=_("Date de la réponse"),
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
        error_messages={"invalid": _("Écrivez une date, par exemple 03/12/2026.")},
    )
    name = forms.CharField(label=_("Nom de la personne"), required=False, max_length=150)
    options = forms.MultipleChoiceField(
        label=_("Options retenues"), required=False, widget=forms.CheckboxSelectMultiple
    )
    note = forms.CharField(
        label=_("Note"),
        required=False,
        max_length=500,
        help_text=_("Pour vous seul : où est le courrier signé, qui a appelé… En cas de refus, le motif."),
    )

    def __init__(self, *args: Any, version: QuoteVersion, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        choices = [
            (str(line.rank), line.description.splitlines()[0]) for line in lines_of_version(version) if line.optional
        ]
        field = self.fields["options"]
        assert isinstance(field, forms.MultipleChoiceField)
        field.choices = choices
        if not choices:
            del self.fields["options"]

    @property
    def options_chosen(self) -> list[int]:
        return [int(rank) for rank in self.cleaned_data.get("options", [])]


class PartsForm(forms.Form):
    """*Facturer*: of each line that is not wholly invoiced, how many percent; empty: none of it."""

    def __init__(self, *args: Any, lines: Sequence[LineBilling], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.lines = [line for line in lines if line.is_left]
        for line in self.lines:
            self.fields[f"rate-{line.line.rank}"] = FigureField(
                label=line.line.description.splitlines()[0] if line.line.description else _("Ligne sans désignation"),
                required=False,
                max_digits=5,
                decimal_places=2,
                min_value=Decimal(0),
                max_value=Decimal(100),
                initial=line.remaining_rate.normalize(),
            )

    @property
    def rows(self) -> list[tuple[LineBilling, forms.BoundField]]:
        return [(line, self[f"rate-{line.line.rank}"]) for line in self.lines]

    @property
    def parts(self) -> list[QuotePart]:
        typed = ((line.line.rank, self.cleaned_data[f"rate-{line.line.rank}"]) for line in self.lines)
        return [QuotePart(rank, rate) for rank, rate in typed if rate]
