"""*Créer un avoir*: what is taken back of an invoice, and why."""

from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django import forms
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from reglo.dashboard.forms.figures import AmountField, FigureField
from reglo.invoicing.content import LineContent
from reglo.invoicing.crediting import CreditRoom
from reglo.invoicing.services import CreditedLine, CreditInput, DraftRefused
from reglo.invoicing.services.draft_credit_note import LONGEST_REASON
from reglo.money import Money
from reglo.ui import formats

WHOLE, LINES, AMOUNT = "tout", "lignes", "montant"


@dataclass(frozen=True, slots=True)
class LineChoice:
    """A line of the invoice, how much of it was invoiced (« 6 h »), and its three fields."""

    invoiced: str
    amount: Money
    chosen: forms.BoundField
    quantity: forms.BoundField
    part: forms.BoundField


def _invoiced(line: LineContent) -> str:
    quantity = formats.quantity(Decimal(line.quantity), language=get_language() or "fr")
    return f"{quantity} {line.unit}".strip()


class CreditForm(forms.Form):
    """`asked_as` is drawn with the page, so that a double click prepares one credit note."""

    asked_as = forms.UUIDField(widget=forms.HiddenInput)
    how = forms.ChoiceField(label=_("Que créditer ?"), widget=forms.RadioSelect)
    amount = AmountField(label=_("Montant"), required=False)
    reason = forms.CharField(
        label=_("Motif de l’avoir"),
        max_length=LONGEST_REASON,
        help_text=_("Imprimé sur l’avoir. Par exemple : prestation annulée, retour de marchandise, geste commercial."),
        error_messages={"required": _("Dites pourquoi vous faites cet avoir : c’est imprimé dessus.")},
    )

    def __init__(self, *args: Any, room: CreditRoom, **options: Any) -> None:
        super().__init__(*args, **options)
        self.room = room
        whole = _("Toute la facture") if room.is_untouched else _("Tout ce qui reste de la facture")
        how, amount = self.fields["how"], self.fields["amount"]
        assert isinstance(how, forms.ChoiceField)
        assert isinstance(amount, AmountField)
        how.choices = [(WHOLE, whole), (LINES, _("Certaines lignes")), (AMOUNT, _("Un montant"))]
        amount.currency = room.content.currency
        if room.content.charges_vat:
            amount.label = _("Montant TTC")
        self.sold = {rank: line for rank, line in enumerate(room.content.lines, start=1) if line.is_article}
        for rank, line in self.sold.items():
            self.fields[f"lines-{rank}"] = forms.BooleanField(
                label=line.description.splitlines()[0] if line.description else "—", required=False
            )
            self.fields[f"lines-{rank}-quantity"] = FigureField(
                label=_("Quantité"), max_digits=13, decimal_places=4, required=False
            )
            self.fields[f"lines-{rank}-amount"] = AmountField(
                label=_("ou montant"), currency=room.content.currency, required=False
            )

    @property
    def lines(self) -> list[LineChoice]:
        return [
            LineChoice(
                invoiced=_invoiced(line),
                amount=Money(line.amount_minor, self.room.content.currency),
                chosen=self[f"lines-{rank}"],
                quantity=self[f"lines-{rank}-quantity"],
                part=self[f"lines-{rank}-amount"],
            )
            for rank, line in self.sold.items()
        ]

    def clean(self) -> dict[str, Any]:
        typed = super().clean() or {}
        if typed.get("how") == AMOUNT and typed.get("amount") is None and "amount" not in self.errors:
            self.add_error("amount", _("Indiquez le montant à créditer."))
        for rank in self.sold:
            quantity, amount = (typed.get(f"lines-{rank}-{name}") for name in ("quantity", "amount"))
            if typed.get("how") == LINES and quantity is not None and amount is not None:
                self.add_error(f"lines-{rank}-amount", _("Indiquez une quantité ou un montant, pas les deux."))
        return typed

    def credit(self) -> CreditInput:
        """What a valid form asks for."""
        typed = self.cleaned_data
        reason: str = typed["reason"]
        if typed["how"] == AMOUNT:
            return CreditInput(reason, amount_minor=typed["amount"].minor)
        if typed["how"] == LINES:
            return CreditInput(reason, lines={rank: self._part(rank) for rank in self.sold if typed[f"lines-{rank}"]})
        return CreditInput(reason)

    def refuse(self, refused: DraftRefused) -> None:
        """Each sentence beside its field."""
        for refusal in refused.refusals:
            self.add_error("how" if refusal.field == "lines" else refusal.field, refusal.message)

    def _part(self, rank: int) -> CreditedLine:
        amount: Money | None = self.cleaned_data[f"lines-{rank}-amount"]
        return CreditedLine(
            quantity=self.cleaned_data[f"lines-{rank}-quantity"], amount_minor=None if amount is None else amount.minor
        )
