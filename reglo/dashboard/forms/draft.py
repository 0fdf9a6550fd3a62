"""The editor's form: the shape of what is typed. What may be sold, and how, is decided by `invoicing`."""

from collections.abc import Iterator, Sequence
from datetime import date
from typing import Any, ClassVar

from django import forms
from django.core.exceptions import ValidationError
from django.db.models import Q
from django.http import QueryDict
from django.utils.translation import gettext_lazy as _

from reglo.catalog.units import UNITS
from reglo.catalog.vat_rates import rates_on
from reglo.companies.models import Company
from reglo.customers.models import Customer
from reglo.dashboard.asked import whole_number
from reglo.dashboard.forms.discounts import AMOUNT, PERCENT, DiscountFields
from reglo.dashboard.forms.figures import AmountField
from reglo.dashboard.forms.lines import FIELDS, LineForm, LineFormSet, initial_line
from reglo.invoicing.models import DocumentHead, DocumentLine, Invoice
from reglo.invoicing.services import DraftInput, DraftRefused, mention_with_card
from reglo.invoicing.states import LineKind
from reglo.money import Money


class HeadForm(DiscountFields):
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

    def __init__(self, *args: Any, company: Company, customer_id: int | None, currency: str, **options: Any) -> None:
        super().__init__(*args, **options)
        self.currency = currency
        self.name_discount_units(currency)
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
        document: DocumentHead,
        head: HeadForm,
        stored: Sequence[DocumentLine],
        today: date,
        data: QueryDict | None,
        may_be_optional: bool = False,
    ) -> None:
        """Bound to `data`, or showing the lines `stored` as they are."""
        self.company, self.document, self.head, self.data = company, document, head, data
        self.line_options: dict[str, Any] = {
            "rates": rates_on(today),
            "charges_vat": company.charges_vat,
            "currency": document.currency,
            "may_be_optional": may_be_optional,
        }
        # What was typed is never compared with what is stored: Django empties a line added by the page that equals it.
        initial = (
            [initial_line(line, rank=rank, currency=document.currency) for rank, line in enumerate(stored, start=1)]
            if data is None
            else None
        )
        self.lines = LineFormSet(data, prefix="lines", initial=initial, form_kwargs=self.line_options)
        if not stored and data is None:
            self.lines.extra = 1

    def is_valid(self) -> bool:
        head, lines = self.head.is_valid(), self.lines.is_valid()
        return head and lines

    @property
    def rows(self) -> list[LineForm]:
        """Every line of the page, by rank; those without one last, as they come."""
        if not self.lines.is_bound:
            return list(self.lines.forms)
        ranks = [whole_number(form.data.get(form.add_prefix("rank"), "")) for form in self.lines.forms]
        places = [(rank is None, rank or 0, index) for index, rank in enumerate(ranks)]
        return [self.lines.forms[index] for _unranked, _rank, index in sorted(places)]

    @property
    def kept(self) -> list[LineForm]:
        """The lines that are there, in order."""
        return [form for form in self.rows if not form.is_dropped]

    @property
    def blanks(self) -> list[LineForm]:
        """An empty line of each kind, for the page to copy."""
        blanks = []
        for kind in LineKind:
            form = LineForm(
                auto_id=self.lines.auto_id,
                prefix=self.lines.add_prefix("__prefix__"),
                initial={"kind": kind.value},
                empty_permitted=True,
                use_required_attribute=False,
                **self.line_options,
            )
            self.lines.add_fields(form, None)
            blanks.append(form)
        return blanks

    @property
    def units(self) -> list[str]:
        return [unit.symbol for unit in UNITS]

    def add_blank(self, kind: LineKind) -> None:
        """One more line at the end of a page that is shown, for whoever has no script."""
        self.lines.initial = [*(self.lines.initial or []), {"kind": kind.value}]
        vars(self.lines).pop("forms", None)

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
                kept[int(index)].add_error(FIELDS.get(field, field), refusal.message)
            elif part == "lines":
                self.lines.non_form_errors().append(ValidationError(refusal.message))
            else:
                self.head.add_error({**FIELDS, **self.RENAMED}.get(part, part), refusal.message)

    @property
    def forms(self) -> Iterator[forms.BaseForm]:
        """For the summary of errors, in the order of the page."""
        yield self.head
        yield from self.rows


class EditorForm(DocumentForm):
    """An invoice as it is typed."""

    RENAMED: ClassVar[dict[str, str]] = {"card_limit_minor": "card_limit"}

    def __init__(self, *, company: Company, invoice: Invoice, today: date, data: QueryDict | None = None) -> None:
        """Bound to `data`, or showing `invoice` (which may be unsaved) as it is."""
        self.invoice = invoice
        super().__init__(
            company=company,
            document=invoice,
            head=DraftForm(
                data,
                company=company,
                customer_id=invoice.customer_id,
                currency=invoice.currency,
                initial=_initial(invoice),
            ),
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
        rate, minor = self.head.discount_typed()
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
            discount_rate=rate,
            discount_minor=minor,
            revision=typed["revision"],
        )


def initial_head(document: DocumentHead, *, customer_id: int | None) -> dict[str, Any]:
    off = document.discount_minor
    return {
        "revision": document.revision,
        "customer": customer_id,
        "prices_include_vat": "1" if document.prices_include_vat else "",
        "supply_date": document.supply_date,
        "order_reference": document.order_reference,
        "due_days": document.due_days,
        "mention": document.mention,
        "exemption_reason": document.exemption_reason,
        "discount": document.discount_rate or (None if off is None else Money(off, document.currency).to_decimal()),
        "discount_unit": PERCENT if off is None else AMOUNT,
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
