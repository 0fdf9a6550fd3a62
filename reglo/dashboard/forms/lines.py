"""One line of the editor: an article, a title, a subtotal or a comment."""

from collections.abc import Sequence
from decimal import Decimal
from typing import Any

from django import forms
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from reglo.catalog.models import Product
from reglo.companies.states import Nature
from reglo.dashboard.forms.discounts import AMOUNT, PERCENT, DiscountFields
from reglo.dashboard.forms.figures import FigureField, chosen_rate
from reglo.invoicing.content import plain
from reglo.invoicing.models import DocumentLine, QuoteLine
from reglo.invoicing.services import LineInput
from reglo.invoicing.services.save_draft import MOST_LINES
from reglo.invoicing.states import LineKind
from reglo.money import Money
from reglo.ui import formats

ZERO = Decimal(0)
TOO_LARGE = _("Ce montant est trop grand : Réglo accepte jusqu’à 10 000 000 000,00. Vérifiez la quantité et le prix.")
PLACEHOLDERS = {
    LineKind.ARTICLE: _("Désignation"),
    LineKind.SECTION: _("Titre de la section"),
    LineKind.SUBTOTAL: _("Sous-total"),
    LineKind.COMMENT: _("Commentaire"),
}
# A field of LineInput → the field where it is typed.
FIELDS = {"discount_rate": "discount", "discount_minor": "discount"}


class LineForm(DiscountFields):
    """One line. An article without description nor price, a title or a comment without a word, is not there.

    `rank` is its place among the lines, which moves without the fields being renamed; `pasted` marks what *Annuler*
    takes away.
    """

    kind = forms.ChoiceField(required=False, choices=LineKind.choices, widget=forms.HiddenInput)
    rank = forms.IntegerField(required=False, min_value=0, widget=forms.HiddenInput(attrs={"data-line-rank": True}))
    pasted = forms.BooleanField(required=False, widget=forms.HiddenInput)
    description = forms.CharField(label=_("Désignation"), required=False, strip=True)
    nature = forms.ChoiceField(
        label=_("Nature"),
        required=False,
        choices=[(Nature.SERVICES.value, _("Service")), (Nature.GOODS.value, _("Bien"))],
        initial=Nature.SERVICES.value,
    )
    quantity = FigureField(label=_("Quantité"), required=False, max_digits=13, decimal_places=4, initial=Decimal(1))
    unit = forms.CharField(
        label=_("Unité"), required=False, max_length=20, widget=forms.TextInput(attrs={"list": "units"})
    )
    unit_price = FigureField(
        label=_("Prix unitaire"),
        required=False,
        max_digits=17,
        decimal_places=4,
        shown_decimals=2,
        error_messages={"max_whole_digits": TOO_LARGE, "max_digits": TOO_LARGE},
    )
    vat_rate = forms.TypedChoiceField(
        label=_("TVA"),
        coerce=chosen_rate,
        error_messages={"invalid_choice": _("Ce taux de TVA n’existe pas à cette date.")},
    )
    optional = forms.BooleanField(label=_("En option"), required=False)

    def __init__(
        self,
        *args: Any,
        rates: Sequence[Decimal],
        charges_vat: bool,
        currency: str = "EUR",
        may_be_optional: bool = False,
        **options: Any,
    ) -> None:
        super().__init__(*args, **options)
        if not may_be_optional:
            del self.fields["optional"]
        self.currency = currency
        self.line_kind = self._kind()
        if charges_vat:
            field = self.fields["vat_rate"]
            assert isinstance(field, forms.ChoiceField)
            language = get_language() or "fr"
            field.choices = [(plain(rate), formats.rate(rate, language=language)) for rate in rates]
            field.initial = plain(rates[0])
        else:
            del self.fields["vat_rate"]
        if self.line_kind != LineKind.ARTICLE:
            for name in set(self.fields) - {"kind", "rank", "pasted", "description"}:
                del self.fields[name]
        self.name_discount_units(currency)
        self._describe()

    def _kind(self) -> LineKind:
        said = self.data.get(self.add_prefix("kind")) if self.is_bound else self.initial.get("kind")
        return LineKind(said) if said in LineKind.values else LineKind.ARTICLE

    def _describe(self) -> None:
        """What a screen reader says of each field, and what stands in the description while it is empty."""
        if self.line_kind in {LineKind.ARTICLE, LineKind.COMMENT}:
            self.fields["description"].widget = forms.Textarea(attrs={"rows": 1})
        words = str(PLACEHOLDERS[self.line_kind])
        for name, field in self.fields.items():
            if name in {"kind", "rank", "pasted"}:
                continue
            label = words if name == "description" else str(field.label)
            field.widget.attrs.update({"aria-label": label, "aria-describedby": f"{self.prefix}-errors"})
        self.fields["description"].widget.attrs |= {"placeholder": words, "data-line-text": True}

    @property
    def is_article(self) -> bool:
        return self.line_kind == LineKind.ARTICLE

    @property
    def is_subtotal(self) -> bool:
        return self.line_kind == LineKind.SUBTOTAL

    @property
    def is_dropped(self) -> bool:
        """Ticked away, or never filled in."""
        typed = self.cleaned_data
        if typed.get("DELETE"):
            return True
        return not (self.is_subtotal or typed.get("description") or typed.get("unit_price"))

    def line(self) -> LineInput:
        typed = self.cleaned_data
        if not self.is_article:
            return LineInput(typed["description"], kind=self.line_kind)
        rate, minor = self.discount_typed()
        return LineInput(
            description=typed["description"],
            nature=Nature(typed["nature"] or Nature.SERVICES),
            quantity=typed["quantity"] if typed["quantity"] is not None else ZERO,
            unit=typed["unit"],
            unit_price=typed["unit_price"] if typed["unit_price"] is not None else ZERO,
            discount_rate=rate or ZERO,
            discount_minor=minor or 0,
            vat_rate=typed.get("vat_rate", ZERO),
            optional=typed.get("optional", False),
        )


LineFormSet = forms.formset_factory(LineForm, extra=0, can_delete=True, max_num=MOST_LINES, absolute_max=MOST_LINES + 1)


def initial_line(line: DocumentLine | Product, *, rank: int | None = None, currency: str = "EUR") -> dict[str, Any]:
    """What the fields of a line show of it."""
    if isinstance(line, DocumentLine) and not line.is_article:
        return {"kind": line.kind, "rank": rank, "description": line.description}
    initial: dict[str, Any] = {
        "kind": LineKind.ARTICLE.value,
        "rank": rank,
        "description": line.description,
        "nature": line.nature,
        "unit": line.unit,
        "unit_price": line.unit_price,
        "vat_rate": plain(line.vat_rate),
    }
    if isinstance(line, QuoteLine):
        initial["optional"] = line.optional
    if isinstance(line, DocumentLine):
        amount = Money(line.discount_minor, currency).to_decimal() if line.discount_minor else None
        initial |= {
            "quantity": line.quantity,
            "discount": line.discount_rate or amount,
            "discount_unit": PERCENT if line.discount_rate or amount is None else AMOUNT,
        }
    return initial
