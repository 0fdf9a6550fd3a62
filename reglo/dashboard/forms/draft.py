"""The editor's form: the shape of what is typed. What may be sold, and how, is decided by `invoicing`."""

from collections.abc import Iterator, Sequence
from datetime import date
from decimal import Decimal
from typing import Any, ClassVar

from django import forms
from django.core.exceptions import ValidationError
from django.db.models import Q
from django.http import QueryDict
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from reglo.catalog.models import Product
from reglo.catalog.vat_rates import rates_on
from reglo.companies.models import Company
from reglo.companies.states import Nature
from reglo.customers.models import Customer
from reglo.dashboard.forms.figures import AmountField, FigureField, chosen_rate
from reglo.invoicing.content import plain
from reglo.invoicing.models import DocumentHead, DocumentLine, Invoice, QuoteLine
from reglo.invoicing.services import DraftInput, DraftRefused, LineInput, mention_with_card
from reglo.invoicing.services.save_draft import MOST_LINES
from reglo.money import Money
from reglo.ui import formats

ZERO = Decimal(0)
TOO_LARGE = _("Ce montant est trop grand : Réglo accepte jusqu’à 10 000 000 000,00. Vérifiez la quantité et le prix.")


class LineForm(forms.Form):
    """One line. Left without description nor price, it is not there."""

    description = forms.CharField(label=_("Désignation"), required=False, strip=True)
    nature = forms.ChoiceField(
        label=_("Nature"),
        choices=[(Nature.SERVICES.value, _("Service")), (Nature.GOODS.value, _("Bien"))],
        initial=Nature.SERVICES.value,
    )
    quantity = FigureField(label=_("Quantité"), required=False, max_digits=13, decimal_places=4, initial=Decimal(1))
    unit = forms.CharField(label=_("Unité"), required=False, max_length=20)
    unit_price = FigureField(
        label=_("Prix unitaire"),
        required=False,
        max_digits=17,
        decimal_places=4,
        shown_decimals=2,
        error_messages={"max_whole_digits": TOO_LARGE, "max_digits": TOO_LARGE},
    )
    discount_rate = FigureField(label=_("Remise en %"), required=False, max_digits=5, decimal_places=2)
    vat_rate = forms.TypedChoiceField(
        label=_("TVA"),
        coerce=chosen_rate,
        error_messages={"invalid_choice": _("Ce taux de TVA n’existe pas à cette date.")},
    )
    optional = forms.BooleanField(label=_("En option"), required=False)

    def __init__(
        self, *args: Any, rates: Sequence[Decimal], charges_vat: bool, may_be_optional: bool = False, **options: Any
    ) -> None:
        super().__init__(*args, **options)
        if not may_be_optional:
            del self.fields["optional"]
        if charges_vat:
            field = self.fields["vat_rate"]
            assert isinstance(field, forms.ChoiceField)
            language = get_language() or "fr"
            field.choices = [(plain(rate), formats.rate(rate, language=language)) for rate in rates]
            field.initial = plain(rates[0])
        else:
            del self.fields["vat_rate"]
        self.fields["description"].widget = forms.Textarea(attrs={"rows": 1})
        for name, field in self.fields.items():
            field.widget.attrs.update({"aria-label": str(field.label), "aria-describedby": f"{self.prefix}-errors"})
            if name == "description":
                field.widget.attrs["placeholder"] = str(field.label)

    @property
    def is_dropped(self) -> bool:
        """Ticked away, or never filled in."""
        typed = self.cleaned_data
        return bool(typed.get("DELETE")) or not (typed.get("description") or typed.get("unit_price"))

    def line(self) -> LineInput:
        typed = self.cleaned_data
        return LineInput(
            description=typed["description"],
            nature=Nature(typed["nature"]),
            quantity=typed["quantity"] if typed["quantity"] is not None else ZERO,
            unit=typed["unit"],
            unit_price=typed["unit_price"] if typed["unit_price"] is not None else ZERO,
            discount_rate=typed["discount_rate"] if typed["discount_rate"] is not None else ZERO,
            vat_rate=typed.get("vat_rate", ZERO),
            optional=typed.get("optional", False),
        )


LineFormSet = forms.formset_factory(LineForm, extra=0, can_delete=True, max_num=MOST_LINES, absolute_max=MOST_LINES + 1)


class HeadForm(forms.Form):
    """What any document has above and under its lines. `revision` is empty when the person chose to keep her own
    version; `known` names the field that holds the document, once it is written."""

    known: ClassVar[str]
    revision = forms.IntegerField(required=False, widget=forms.HiddenInput)
    customer = forms.ModelChoiceField(
        label=_("Client"),
        queryset=Customer.objects.none(),
        required=False,
        widget=forms.HiddenInput,
        error_messages={"invalid_choice": _("Ce client n’existe plus : choisissez-en un autre.")},
    )
    prices_include_vat = forms.TypedChoiceField(
        label=_("Prix saisis"),
        choices=[("", _("HT")), ("1", _("TTC"))],
        coerce=bool,
        empty_value="",
        required=False,
        widget=forms.RadioSelect,
    )
    supply_date = forms.DateField(
        label=_("Date de la prestation ou de la livraison"),
        required=False,
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
        error_messages={"invalid": _("Écrivez une date, par exemple 03/12/2026.")},
    )
    order_reference = forms.CharField(label=_("Référence du client"), required=False, max_length=60)
    due_days = forms.IntegerField(
        label=_("Délai de paiement"),
        widget=forms.NumberInput(attrs={"min": 0, "max": 365, "inputmode": "numeric"}),
        error_messages={
            "required": _("Indiquez un délai entre 0 et 365 jours."),
            "invalid": _("Indiquez un délai entre 0 et 365 jours."),
        },
    )
    mention = forms.CharField(
        label=_("Autres mentions"), required=False, max_length=2000, widget=forms.Textarea(attrs={"rows": 3})
    )
    exemption_reason = forms.CharField(
        label=_("Motif d’exonération de TVA"),
        required=False,
        max_length=200,
        help_text=_(
            "Une ligne est sans TVA : citez l’article de loi, par exemple « Exonération, art. 261-4-4° du CGI »."
        ),
    )

    def __init__(self, *args: Any, company: Company, customer_id: int | None, **options: Any) -> None:
        super().__init__(*args, **options)
        chosen = Q(archived_at=None) | Q(id=customer_id)
        choice = self.fields["customer"]
        assert isinstance(choice, forms.ModelChoiceField)
        choice.queryset = Customer.objects.filter(chosen, company=company)


class DraftForm(HeadForm):
    """Everything of an invoice but its lines."""

    known = "invoice"
    invoice = forms.IntegerField(required=False, widget=forms.HiddenInput)
    card_allowed = forms.BooleanField(
        label=_("Accepter le paiement par carte"),
        required=False,
        widget=forms.CheckboxInput(attrs={"role": "switch"}),
    )
    partial_allowed = forms.BooleanField(
        label=_("Autoriser le paiement en plusieurs fois"),
        required=False,
        widget=forms.CheckboxInput(attrs={"role": "switch"}),
    )
    card_limit = AmountField(label=_("Proposer la carte jusqu’à"), required=False)


class DocumentForm:
    """A draft and its lines as one form: `head` and `lines`, with every error at its field."""

    # How the service calls a field that the form calls otherwise.
    RENAMED: ClassVar[dict[str, str]] = {}

    def __init__(
        self,
        *,
        company: Company,
        head: HeadForm,
        stored: Sequence[DocumentLine],
        today: date,
        data: QueryDict | None,
        may_be_optional: bool = False,
    ) -> None:
        """Bound to `data`, or showing the lines `stored` as they are."""
        self.company, self.head = company, head
        options = {
            "rates": rates_on(today),
            "charges_vat": company.charges_vat,
            "may_be_optional": may_be_optional,
        }
        # What was typed is never compared with what is stored: Django empties a line added by the page that equals it.
        initial = [_initial_line(line) for line in stored] if data is None else None
        self.lines = LineFormSet(data, prefix="lines", initial=initial, form_kwargs=options)
        if not stored and data is None:
            self.lines.extra = 1

    def is_valid(self) -> bool:
        head, lines = self.head.is_valid(), self.lines.is_valid()
        return head and lines

    @property
    def kept(self) -> list[LineForm]:
        """The lines that are there, in order."""
        return [form for form in self.lines.forms if not form.is_dropped]

    @property
    def known(self) -> forms.BoundField:
        """The hidden field that holds the document."""
        return self.head[self.head.known]

    def refuse(self, refused: DraftRefused) -> None:
        """Put each refusal of the service at its field."""
        kept = self.kept
        for refusal in refused.refusals:
            part, _dash, rest = refusal.field.partition("-")
            if part == "lines" and rest:
                index, _dash, field = rest.partition("-")
                kept[int(index)].add_error(field, refusal.message)
            elif part == "lines":
                self.lines.non_form_errors().append(ValidationError(refusal.message))
            else:
                self.head.add_error(self.RENAMED.get(part, part), refusal.message)

    @property
    def forms(self) -> Iterator[forms.BaseForm]:
        """For the summary of errors, in the order of the page."""
        yield self.head
        yield from self.lines.forms


class EditorForm(DocumentForm):
    """An invoice as it is typed."""

    RENAMED: ClassVar[dict[str, str]] = {"card_limit_minor": "card_limit"}

    def __init__(self, *, company: Company, invoice: Invoice, today: date, data: QueryDict | None = None) -> None:
        """Bound to `data`, or showing `invoice` (which may be unsaved) as it is."""
        self.invoice = invoice
        super().__init__(
            company=company,
            head=DraftForm(data, company=company, customer_id=invoice.customer_id, initial=_initial(invoice)),
            stored=list(invoice.lines.order_by("rank")) if invoice.pk else [],
            today=today,
            data=data,
        )

    def draft(self) -> DraftInput:
        """What was typed. Turning the card on or off writes or removes its sentence among the mentions."""
        typed = self.head.cleaned_data
        mention = typed["mention"].replace("\r\n", "\n")
        if typed["card_allowed"] != self.invoice.card_allowed:
            mention = mention_with_card(mention, card_allowed=typed["card_allowed"])
        limit: Money | None = typed["card_limit"]
        return DraftInput(
            customer=typed["customer"],
            lines=[form.line() for form in self.kept],
            prices_include_vat=bool(typed["prices_include_vat"]),
            due_days=typed["due_days"],
            supply_date=typed["supply_date"],
            order_reference=typed["order_reference"],
            card_allowed=typed["card_allowed"],
            card_limit_minor=None if limit is None else limit.minor,
            partial_allowed=typed["partial_allowed"],
            mention=mention,
            exemption_reason=typed["exemption_reason"],
            revision=typed["revision"],
        )


def initial_head(document: DocumentHead, *, customer_id: int | None) -> dict[str, Any]:
    return {
        "revision": document.revision,
        "customer": customer_id,
        "prices_include_vat": "1" if document.prices_include_vat else "",
        "supply_date": document.supply_date,
        "order_reference": document.order_reference,
        "due_days": document.due_days,
        "mention": document.mention,
        "exemption_reason": document.exemption_reason,
    }


def _initial(invoice: Invoice) -> dict[str, Any]:
    limit = invoice.card_limit_minor
    return {
        **initial_head(invoice, customer_id=invoice.customer_id),
        "invoice": invoice.pk,
        "card_allowed": invoice.card_allowed,
        "partial_allowed": invoice.partial_allowed,
        "card_limit": None if limit is None else Money(limit, invoice.currency),
    }


def _initial_line(line: DocumentLine | Product) -> dict[str, Any]:
    initial: dict[str, Any] = {
        "description": line.description,
        "nature": line.nature,
        "unit": line.unit,
        "unit_price": line.unit_price,
        "vat_rate": plain(line.vat_rate),
    }
    if isinstance(line, QuoteLine):
        initial["optional"] = line.optional
    if isinstance(line, DocumentLine):
        initial |= {"quantity": line.quantity, "discount_rate": line.discount_rate or None}
    return initial
