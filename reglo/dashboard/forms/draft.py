"""The editor's form: the shape of what is typed. What may be sold, and how, is decided by `invoicing`."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import date
from decimal import Decimal
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.db.models import Q
from django.forms import BoundField
from django.http import QueryDict
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from reglo.catalog.models import Product
from reglo.catalog.vat_rates import oss_rate_on
from reglo.catalog.vat_treatments import OSS
from reglo.companies.models import Company
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
from reglo.money import Money

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

    def __init__(self, *args: Any, company: Company, invoice: Invoice, today: date, **options: Any) -> None:
        super().__init__(*args, **options)
        self.add_instalments(invoice, today)
        chosen = Q(archived_at=None) | Q(id=invoice.customer_id)
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


class EditorForm:
    """The draft and its lines as one form: `head` and `lines`, with every error at its field."""

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
            delivery_address=typed["delivery_address"],
            delivery_postal_code=typed["delivery_postal_code"],
            delivery_city=typed["delivery_city"],
            delivery_country=typed["delivery_country"],
            works_certified=typed["works_certified"],
            revision=typed["revision"],
        )

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

    @property
    def forms(self) -> Iterator[forms.BaseForm]:
        """For the summary of errors, in the order of the page."""
        yield self.head
        yield from self.lines.forms


def _initial(invoice: Invoice) -> dict[str, Any]:
    limit = invoice.card_limit_minor
    return {
        "invoice": invoice.pk,
        "revision": invoice.revision,
        "customer": invoice.customer_id,
        "prices_include_vat": "1" if invoice.prices_include_vat else "",
        "supply_date": invoice.supply_date,
        "order_reference": invoice.order_reference,
        "attention": invoice.attention,
        "language": invoice.language,
        "card_allowed": invoice.card_allowed,
        "partial_allowed": invoice.partial_allowed,
        "card_limit": None if limit is None else Money(limit, invoice.currency),
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
    }
    if token := token_of_line(line):
        initial["vat_rate"] = token
    if line.exemption == OSS:
        initial["oss_rate"] = line.vat_rate
    if isinstance(line, InvoiceLine):
        initial |= {"quantity": line.quantity, "discount_rate": line.discount_rate or None}
    return initial
