"""The editor's form: the shape of what is typed. What may be sold, and how, is decided by `invoicing`."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import date
from typing import Any, ClassVar

from django import forms
from django.core.exceptions import ValidationError
from django.db.models import Q
from django.forms import BoundField
from django.http import QueryDict
from django.utils.translation import gettext_lazy as _

<<<<<<< ours
from reglo.catalog.units import UNITS
from reglo.catalog.vat_rates import rates_on
||||||| base
from reglo.catalog.models import Product
from reglo.catalog.vat_rates import rates_on
=======
from reglo.catalog.models import Product
from reglo.catalog.vat_rates import oss_rate_on
from reglo.catalog.vat_treatments import OSS
>>>>>>> theirs
from reglo.companies.models import Company
<<<<<<< ours
from reglo.customers.models import Customer
from reglo.dashboard.asked import whole_number
from reglo.dashboard.forms.discounts import AMOUNT, PERCENT, DiscountFields
from reglo.dashboard.forms.figures import AmountField
from reglo.dashboard.forms.lines import FIELDS, LineForm, LineFormSet, initial_line
from reglo.invoicing.models import DocumentHead, DocumentLine, Invoice
from reglo.invoicing.services import DraftInput, DraftRefused, mention_with_card
from reglo.invoicing.states import LineKind
||||||| base
from reglo.companies.states import Nature
from reglo.customers.models import Customer
from reglo.dashboard.forms.figures import AmountField, FigureField, chosen_rate
from reglo.invoicing.content import plain
from reglo.invoicing.models import Invoice, InvoiceLine
from reglo.invoicing.services import DraftInput, DraftRefused, LineInput, mention_with_card
from reglo.invoicing.services.save_draft import MOST_LINES
=======
from reglo.companies.states import Nature, TermsKind, Trade
from reglo.customers.models import Customer, Language
from reglo.dashboard.forms.customers import countries
from reglo.dashboard.forms.figures import AmountField, FigureField
from reglo.dashboard.forms.terms import TermsForm
from reglo.dashboard.forms.vat_choice import Choices, VatField, token_of, token_of_line, vat_choices
from reglo.invoicing.habits import Habits, habits_of
from reglo.invoicing.line_vat import LineVat, proposed_vat
from reglo.invoicing.models import Invoice, InvoiceLine
from reglo.invoicing.services import DraftInput, DraftRefused, LineInput, mention_in, mention_with_card
from reglo.invoicing.services.save_draft import MOST_LINES
>>>>>>> theirs
from reglo.money import Money


class HeadForm(DiscountFields):
    """What any document has above and under its lines. `revision` is empty when the person chose to keep her own
    version; `known` names the field that holds the document, once it is written."""

<<<<<<< ours
    known: ClassVar[str]
||||||| base
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

    def __init__(self, *args: Any, rates: Sequence[Decimal], charges_vat: bool, **options: Any) -> None:
        super().__init__(*args, **options)
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
        )


LineFormSet = forms.formset_factory(LineForm, extra=0, can_delete=True, max_num=MOST_LINES, absolute_max=MOST_LINES + 1)


class DraftForm(forms.Form):
    """Everything of the draft but its lines. `revision` is empty when the person chose to keep her own version."""

    invoice = forms.IntegerField(required=False, widget=forms.HiddenInput)
=======
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
    vat_rate = VatField()
    oss_rate = FigureField(
        label=_("Taux du pays du client"),
        required=False,
        max_digits=5,
        decimal_places=2,
        min_value=ZERO,
        error_messages={"min_value": _("Le taux ne peut pas être négatif.")},
    )

    def __init__(self, *args: Any, vat_choices: Choices, vat_proposed: str, charges_vat: bool, **options: Any) -> None:
        super().__init__(*args, **options)
        if charges_vat:
            field = self.fields["vat_rate"]
            assert isinstance(field, VatField)
            field.offer(vat_choices, kept=self.initial.get("vat_rate", ""))
            field.initial = vat_proposed
        else:
            del self.fields["vat_rate"], self.fields["oss_rate"]
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
        """An empty rate of another country is left to what knows the customer (`EditorForm`)."""
        typed = self.cleaned_data
        vat: LineVat = typed.get("vat_rate") or LineVat("", ZERO)
        return LineInput(
            description=typed["description"],
            nature=Nature(typed["nature"]),
            quantity=typed["quantity"] if typed["quantity"] is not None else ZERO,
            unit=typed["unit"],
            unit_price=typed["unit_price"] if typed["unit_price"] is not None else ZERO,
            discount_rate=typed["discount_rate"] if typed["discount_rate"] is not None else ZERO,
            vat_rate=(typed.get("oss_rate") or ZERO) if vat.exemption == OSS else vat.rate,
            vat_category=vat.category,
            exemption=vat.exemption,
        )


LineFormSet = forms.formset_factory(LineForm, extra=0, can_delete=True, max_num=MOST_LINES, absolute_max=MOST_LINES + 1)


class DraftForm(TermsForm):
    """Everything of the draft but its lines. `revision` is empty when the person chose to keep her own version."""

    invoice = forms.IntegerField(required=False, widget=forms.HiddenInput)
>>>>>>> theirs
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
<<<<<<< ours
    due_days = forms.IntegerField(
        label=_("Délai de paiement"),
        widget=forms.NumberInput(attrs={"min": 0, "max": 365, "inputmode": "numeric"}),
        error_messages={
            "required": _("Indiquez un délai entre 0 et 365 jours."),
            "invalid": _("Indiquez un délai entre 0 et 365 jours."),
        },
    )
||||||| base
    due_days = forms.IntegerField(
        label=_("Délai de paiement"),
        widget=forms.NumberInput(attrs={"min": 0, "max": 365, "inputmode": "numeric"}),
        error_messages={
            "required": _("Indiquez un délai entre 0 et 365 jours."),
            "invalid": _("Indiquez un délai entre 0 et 365 jours."),
        },
    )
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
=======
    attention = forms.CharField(label=_("À l’attention de"), required=False, max_length=235)
    language = forms.ChoiceField(label=_("Langue"), choices=Language.choices, required=False)
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
>>>>>>> theirs
    mention = forms.CharField(
        label=_("Autres mentions"), required=False, max_length=2000, widget=forms.Textarea(attrs={"rows": 3})
    )
    exemption_reason = forms.CharField(
        label=_("Motif d’exonération de TVA"),
        required=False,
        max_length=200,
        help_text=_(
            "Une ligne est exonérée pour un autre motif : citez l’article de loi, par exemple « Exonération de TVA, "
            "art. 261 B du CGI »."
        ),
    )
    delivery_address = forms.CharField(label=_("Adresse de livraison"), required=False, max_length=200)
    delivery_postal_code = forms.CharField(label=_("Code postal"), required=False, max_length=10)
    delivery_city = forms.CharField(label=_("Ville"), required=False, max_length=100)
    delivery_country = forms.ChoiceField(label=_("Pays"), required=False)
    works_certified = forms.BooleanField(
        label=_("Le client a certifié les travaux au taux réduit"),
        required=False,
        widget=forms.CheckboxInput(attrs={"role": "switch"}),
        help_text=_(
            "Il a signé, sur le devis ou le contrat, que le logement est achevé depuis plus de deux ans. La mention "
            "est imprimée sur la facture."
        ),
    )

<<<<<<< ours
    def __init__(self, *args: Any, company: Company, customer_id: int | None, currency: str, **options: Any) -> None:
||||||| base
    def __init__(self, *args: Any, company: Company, invoice: Invoice, **options: Any) -> None:
=======
    def __init__(self, *args: Any, company: Company, invoice: Invoice, today: date, **options: Any) -> None:
>>>>>>> theirs
        super().__init__(*args, **options)
<<<<<<< ours
        self.currency = currency
        self.name_discount_units(currency)
        chosen = Q(archived_at=None) | Q(id=customer_id)
||||||| base
        chosen = Q(archived_at=None) | Q(id=invoice.customer_id)
=======
        self.add_instalments(invoice, today)
        chosen = Q(archived_at=None) | Q(id=invoice.customer_id)
>>>>>>> theirs
        choice = self.fields["customer"]
        assert isinstance(choice, forms.ModelChoiceField)
        choice.queryset = Customer.objects.filter(chosen, company=company)
        country = self.fields["delivery_country"]
        assert isinstance(country, forms.ChoiceField)
        country.choices = [("", _("Celui du client")), *countries(get_language() or "fr")]

    @property
    def with_error_places(self) -> Iterator[BoundField]:
        """The fields that the page shows with a place for an error: what it posted, but what is ticked or hidden."""
        ticked = (forms.CheckboxInput, forms.RadioSelect, forms.HiddenInput)
        for field in self:
            if field.html_name in self.data and not isinstance(field.field.widget, ticked):
                yield field


class DraftForm(HeadForm):
    """Everything of an invoice but its lines."""

<<<<<<< ours
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
||||||| base
    def __init__(self, *, company: Company, invoice: Invoice, today: date, data: QueryDict | None = None) -> None:
        """Bound to `data`, or showing `invoice` (which may be unsaved) as it is."""
        self.company, self.invoice = company, invoice
        stored = list(invoice.lines.order_by("rank")) if invoice.pk else []
        options = {"rates": rates_on(today), "charges_vat": company.charges_vat}
        self.head = DraftForm(data, company=company, invoice=invoice, initial=_initial(invoice))
=======
    def __init__(self, *, company: Company, invoice: Invoice, today: date, data: QueryDict | None = None) -> None:
        """Bound to `data`, or showing `invoice` (which may be unsaved) as it is."""
        self.company, self.invoice, self.today = company, invoice, today
        self.charges_vat = company.vat_on(today).charges_vat
        self.vat_followed = False  # whether the page still shows the VAT that the former customer had
        stored = list(invoice.lines.order_by("rank")) if invoice.pk else []
        options = {
            "vat_choices": vat_choices(company, day=today),
            "vat_proposed": token_of(self._proposed(invoice.customer, Nature.SERVICES)),
            "charges_vat": self.charges_vat,
        }
        self.head = DraftForm(data, company=company, invoice=invoice, today=today, initial=_initial(invoice))
>>>>>>> theirs
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
        habits = self._habits()
        if typed["card_allowed"] != self.invoice.card_allowed:
            mention = mention_with_card(mention, card_allowed=typed["card_allowed"], language=habits.language)
        elif habits.language != self.invoice.language:
            mention = mention_in(habits.language, mention)
        limit: Money | None = typed["card_limit"]
        rate, minor = self.head.discount_typed()
        return DraftInput(
            customer=typed["customer"],
            lines=[self._for_customer(form.line(), typed["customer"]) for form in self.kept],
            prices_include_vat=bool(typed["prices_include_vat"]),
            terms_kind=habits.terms_kind,
            due_days=habits.due_days,
            due_on=typed["due_on"],
            instalments=typed["instalments"] if habits.terms_kind == TermsKind.INSTALMENTS else (),
            discount_days=typed["discount_days"],
            early_discount_rate=typed["early_discount_rate"],
            supply_date=typed["supply_date"],
            order_reference=habits.order_reference,
            attention=habits.attention,
            language=habits.language,
            card_allowed=typed["card_allowed"],
            card_limit_minor=None if limit is None else limit.minor,
            partial_allowed=typed["partial_allowed"],
            mention=mention,
            exemption_reason=typed["exemption_reason"],
            discount_rate=rate,
            discount_minor=minor,
            delivery_address=typed["delivery_address"],
            delivery_postal_code=typed["delivery_postal_code"],
            delivery_city=typed["delivery_city"],
            delivery_country=typed["delivery_country"],
            works_certified=typed["works_certified"],
            revision=typed["revision"],
        )

<<<<<<< ours
||||||| base
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
                self.head.add_error({"card_limit_minor": "card_limit"}.get(part, part), refusal.message)
=======
    @property
    def does_works(self) -> bool:
        return self.company.practises(Trade.BUILDING)

    def _for_customer(self, line: LineInput, customer: Customer | None) -> LineInput:
        """The line with the VAT of its customer: what was proposed for the former one follows; a choice stays.
        An OSS rate left empty is that of the customer's country."""
        if not self.charges_vat:
            return line
        if customer != self.invoice.customer:
            before, after = (self._proposed(one, line.nature) for one in (self.invoice.customer, customer))
            self.vat_followed = self.vat_followed or before != after
            if LineVat(line.vat_category, line.vat_rate, line.exemption) == before:
                line = replace(line, vat_rate=after.rate, vat_category=after.category, exemption=after.exemption)
        if line.exemption == OSS and not line.vat_rate and customer:
            line = replace(line, vat_rate=oss_rate_on(self.today, customer.country) or ZERO)
        return line

    def _proposed(self, customer: Customer | None, nature: Nature) -> LineVat:
        return proposed_vat(
            company=self.company, charges_vat=self.charges_vat, customer=customer, nature=nature, day=self.today
        )

    def _habits(self) -> Habits:
        """As typed; where another customer was just chosen, what was left as the former one has it becomes hers."""
        typed = self.head.cleaned_data
        asked = Habits(
            typed["terms_kind"],
            typed["due_days"],
            Language(typed["language"] or self.invoice.language),
            typed["order_reference"],
            typed["attention"] if "attention" in self.head.data else self.invoice.attention,
        )
        if typed["customer"] == self.invoice.customer:
            return asked
        before, after = habits_of(self.company, self.invoice.customer), habits_of(self.company, typed["customer"])
        return asked.followed(before, after)

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
                self.head.add_error({"card_limit_minor": "card_limit"}.get(part, part), refusal.message)
>>>>>>> theirs

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
<<<<<<< ours
||||||| base
        "revision": invoice.revision,
        "customer": invoice.customer_id,
        "prices_include_vat": "1" if invoice.prices_include_vat else "",
        "supply_date": invoice.supply_date,
        "order_reference": invoice.order_reference,
        "due_days": invoice.due_days,
=======
        "revision": invoice.revision,
        "customer": invoice.customer_id,
        "prices_include_vat": "1" if invoice.prices_include_vat else "",
        "supply_date": invoice.supply_date,
        "order_reference": invoice.order_reference,
        "attention": invoice.attention,
        "language": invoice.language,
>>>>>>> theirs
        "card_allowed": invoice.card_allowed,
        "partial_allowed": invoice.partial_allowed,
        "card_limit": None if limit is None else Money(limit, invoice.currency),
<<<<<<< ours
||||||| base
        "mention": invoice.mention,
        "exemption_reason": invoice.exemption_reason,
    }


def _initial_line(line: InvoiceLine | Product) -> dict[str, Any]:
    initial: dict[str, Any] = {
        "description": line.description,
        "nature": line.nature,
        "unit": line.unit,
        "unit_price": line.unit_price,
        "vat_rate": plain(line.vat_rate),
=======
        "mention": invoice.mention,
        "exemption_reason": invoice.exemption_reason,
        "delivery_address": invoice.delivery_address,
        "delivery_postal_code": invoice.delivery_postal_code,
        "delivery_city": invoice.delivery_city,
        "delivery_country": invoice.delivery_country,
        "works_certified": invoice.works_certified,
    }


def _initial_line(line: InvoiceLine | Product) -> dict[str, Any]:
    initial: dict[str, Any] = {
        "description": line.description,
        "nature": line.nature,
        "unit": line.unit,
        "unit_price": line.unit_price,
>>>>>>> theirs
    }
<<<<<<< ours
||||||| base
    if isinstance(line, InvoiceLine):
        initial |= {"quantity": line.quantity, "discount_rate": line.discount_rate or None}
    return initial
=======
    if token := token_of_line(line):
        initial["vat_rate"] = token
    if line.exemption == OSS:
        initial["oss_rate"] = line.vat_rate
    if isinstance(line, InvoiceLine):
        initial |= {"quantity": line.quantity, "discount_rate": line.discount_rate or None}
    return initial
>>>>>>> theirs
