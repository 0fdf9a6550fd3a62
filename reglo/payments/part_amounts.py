"""*Payer une partie*: what may be charged of what an invoice still owes. The browser proposes, this decides."""

from dataclasses import dataclass

from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from reglo.errors import RegloError
from reglo.invoicing.models import Invoice
from reglo.invoicing.schedule import NextInstalment, next_instalment_of
from reglo.money import Money
from reglo.payments.card_offers import smallest
from reglo.ui import formats


class PartOutOfBounds(RegloError):
    code = "part_out_of_bounds"
    status = 422
    message = _("Indiquez un montant entre %(least)s et %(most)s.")


class PartLeavesTooLittle(RegloError):
    """What would be left could not be paid on line any more."""

    code = "part_leaves_too_little"
    status = 422
    message = _(
        "Il ne resterait que %(rest)s, trop peu pour un paiement en ligne. Payez %(most)s, ou %(below)s au plus."
    )


@dataclass(frozen=True, slots=True)
class PartBounds:
    """From `least` to `most`, all that remains; never so that less than `least` is left, but nothing."""

    least: Money
    most: Money

    @property
    def below(self) -> Money:
        """The largest part that leaves something to pay."""
        return self.most - self.least

    def allow(self, part: Money) -> bool:
        return part.currency == self.most.currency and (self.least <= part <= self.below or part == self.most)

    def check(self, part: Money) -> None:
        """Raises PartOutOfBounds, PartLeavesTooLittle."""
        if self.allow(part):
            return
        if part.currency == self.most.currency and self.below < part < self.most:
            raise PartLeavesTooLittle(rest=_shown(self.most - part), most=_shown(self.most), below=_shown(self.below))
        raise PartOutOfBounds(least=_shown(self.least), most=_shown(self.most))


def part_bounds(invoice: Invoice) -> PartBounds | None:
    """None where the invoice is paid at once: not allowed, or too little is left to be cut."""
    least = smallest(invoice.currency)
    if not invoice.partial_allowed or invoice.remaining < least + least:
        return None
    return PartBounds(least, invoice.remaining)


def instalment_offered(invoice: Invoice) -> NextInstalment | None:
    """The next instalment, where it can be paid by itself: neither it nor what it leaves is too small to be charged."""
    following = next_instalment_of(invoice)
    if following is None:
        return None
    bounds = PartBounds(smallest(invoice.currency), invoice.remaining)
    return following if following.amount != bounds.most and bounds.allow(following.amount) else None


def may_be_charged(invoice: Invoice, amount: Money) -> bool:
    """Whether a page that asks for `amount` still asks for something that is owed."""
    bounds, instalment = part_bounds(invoice), instalment_offered(invoice)
    return (
        amount == invoice.remaining
        or (instalment is not None and amount == instalment.amount)
        or (bounds is not None and bounds.allow(amount))
    )


def _shown(money: Money) -> str:
    return formats.amount(money, language="en" if get_language() == "en" else "fr")
