"""The story of an invoice in sentences: « Envoyée à claire@… », « Payée par carte, 1 240,00 €, frais 18,85 € »."""

from collections.abc import Iterator, Mapping
from datetime import datetime
from typing import Any

from django.utils.translation import get_language
from django.utils.translation import gettext as _

from reglo.dashboard.contested import dispute_sentence
from reglo.dashboard.refund_sentences import Sentence, refund_sentence
from reglo.delivery.states import MessageKind
from reglo.events.kinds import Kind
from reglo.events.models import Event
from reglo.events.queries import content_of
from reglo.invoicing.models import Invoice
from reglo.money import Money
from reglo.payments.decline_words import debit_words
from reglo.payments.models import Payment
from reglo.payments.queries import invoice_events, payments_of
from reglo.payments.states import Method
from reglo.rendering.wording import WORDINGS
from reglo.ui import formats


def story_of(invoice: Invoice) -> list[Sentence]:
    """What happened to the invoice, latest first. What only matters to the machinery is left out."""
    payments = {str(payment.pk): payment for payment in payments_of(invoice)}
    events = list(invoice_events(invoice))
    # An invoice turns right after the money that settles it, in the same transaction.
    turned = [*(event.kind == Kind.INVOICE_SETTLED for event in events[1:]), False]
    sentences = (
        _sentence(event, invoice, payments, completes=completes)
        for event, completes in zip(events, turned, strict=False)
    )
    return [sentence for sentence in sentences if sentence][::-1]


def _sentence(event: Event, invoice: Invoice, payments: Mapping[str, Payment], *, completes: bool) -> Sentence | None:
    told, kind = content_of(event), Kind(event.kind)
    match kind:
        case Kind.INVOICE_ISSUED:
            who = _(" par %s") % event.actor if event.actor else ""
            return Sentence(
                _("Finalisée sous le numéro %(number)s%(who)s") % {"number": invoice.number, "who": who},
                event.occurred_at,
            )
        case Kind.OPENING_IMPORTED:
            who = _(" par %s") % event.actor if event.actor else ""
            return Sentence(_("Reprise d’un autre logiciel%s") % who, event.occurred_at)
        case Kind.OPENING_PAPER_ATTACHED:
            return Sentence(_("PDF d’origine joint"), event.occurred_at)
        case Kind.CREDIT_NOTE_ISSUED:
            who = _(" par %s") % event.actor if event.actor else ""
            text = _("Émis sous le numéro %(number)s%(who)s") % {"number": invoice.number, "who": who}
            return Sentence(text, event.occurred_at)
        case Kind.MESSAGE_SENT | Kind.MESSAGE_FAILED:
            return _mail_sentence(kind, told, event.occurred_at, is_credit_note=invoice.is_credit_note)
        case Kind.LINK_OPENED:
            return Sentence(_("Lien consulté"), event.occurred_at)
        case Kind.LINK_REVOKED:
            return Sentence(_("Lien révoqué"), event.occurred_at, "attention")
        case Kind.ATTEMPT_STARTED:
            return Sentence(_("Paiement en ligne commencé"), event.occurred_at)
        case Kind.ATTEMPT_FAILED:
            return _failure_sentence(told, event.occurred_at)
        case Kind.REFUND_REQUESTED | Kind.REFUND_FAILED | Kind.PAYMENT_REFUNDED | Kind.PAYMENT_ALLOCATED:
            return refund_sentence(event, told, invoice)
        case Kind.PAYMENT_RECORDED | Kind.PAYMENT_REVERSED:
            payment = payments.get(event.subject_id)
            if payment is None or (
                kind == Kind.PAYMENT_RECORDED and told.get("number", invoice.number) != invoice.number
            ):
                return None
            return _payment_sentence(kind, told, payment, invoice, completes=completes, at=event.occurred_at)
        case (
            Kind.DISPUTE_OPENED
            | Kind.DISPUTE_MOVED
            | Kind.DISPUTE_WITHDRAWN
            | Kind.DISPUTE_REINSTATED
            | Kind.DISPUTE_SETTLED
        ):
            disputed = payments.get(event.subject_id)
            if disputed is None:
                return None
            text, tone = dispute_sentence(kind, told, disputed)
            return Sentence(text, event.occurred_at, tone)
        case Kind.INVOICE_REOPENED:
            return Sentence(_("N’est plus entièrement payée"), event.occurred_at, "attention")
        case Kind.DEPOSIT_DEDUCTED | Kind.DEPOSIT_RELEASED:
            return _deduction_sentence(kind, told, event.occurred_at)
        case Kind.INVOICE_CREDITED:
            return _credit_sentence(told, event.occurred_at)
        case _:
            return None


def _deduction_sentence(kind: Kind, told: Mapping[str, Any], at: datetime) -> Sentence:
    deducted = kind == Kind.DEPOSIT_DEDUCTED
    text = _("%(amount)s déduits de la facture %(number)s") if deducted else _("Ne l’est plus de la facture %(number)s")
    amount = Money(int(told.get("gross_minor", 0)), told.get("currency", "EUR"))
    return Sentence(text % {"number": told.get("invoice", ""), "amount": _shown(amount)}, at)


def _credit_sentence(told: Mapping[str, Any], at: datetime) -> Sentence:
    text = _("Annulée par l’avoir %(number)s") if told.get("whole") else _("Avoir %(number)s de %(amount)s")
    amount = Money(int(told.get("gross_minor", 0)), told.get("currency", "EUR"))
    return Sentence(text % {"number": told.get("number", ""), "amount": _shown(amount)}, at, "attention")


def _mail_sentence(kind: Kind, told: Mapping[str, Any], at: datetime, *, is_credit_note: bool) -> Sentence:
    words = {"to": told.get("to", ""), "reason": told.get("reason", "")}
    about = told.get("kind")
    if kind == Kind.MESSAGE_FAILED:
        text = (
            _("Le reçu à %(to)s n’est pas parti. %(reason)s")
            if about == MessageKind.RECEIPT
            else _("L’e-mail à %(to)s n’est pas parti. %(reason)s")
        )
        return Sentence(text % words, at, "failed")
    sent = {
        MessageKind.RECEIPT: _("Reçu envoyé à %(to)s"),
        MessageKind.REFUSAL: _("Le client sait que son paiement n’a pas abouti : e-mail à %(to)s"),
    }
    document = _("Envoyé à %(to)s") if is_credit_note else _("Envoyée à %(to)s")
    return Sentence(sent.get(MessageKind(about or MessageKind.INVOICE), document) % words, at)


def _failure_sentence(told: Mapping[str, Any], at: datetime) -> Sentence:
    """A debit says why, days later: the seller is asked about it."""
    if told.get("method") != Method.SEPA_DEBIT:
        return Sentence(_("Le paiement en ligne n’a pas abouti"), at, "attention")
    reason = debit_words(str(told.get("failure", "")))
    return Sentence(_("Le prélèvement n’a pas abouti. %s") % reason, at, "failed")


def _payment_sentence(
    kind: Kind, told: Mapping[str, Any], payment: Payment, invoice: Invoice, *, completes: bool, at: datetime
) -> Sentence:
    amount = Money(abs(int(told.get("amount_minor", payment.amount_minor))), payment.currency)
    if kind == Kind.PAYMENT_REVERSED:
        reason = told.get("reason")
        text = _("Encaissement de %(amount)s annulé : %(reason)s") if reason else _("Encaissement de %(amount)s annulé")
        return Sentence(text % {"amount": _shown(amount), "reason": reason}, at, "attention")
    return Sentence(
        ", ".join(_payment_parts(told, payment, amount, whole=completes or amount.minor >= invoice.gross_minor)),
        at,
        "arrived",
    )


def _payment_parts(told: Mapping[str, Any], payment: Payment, amount: Money, *, whole: bool) -> Iterator[str]:
    """« Payée par carte », « 1 240,00 € », « frais 18,85 € »."""
    means = WORDINGS[get_language() or "fr"].paid_by[Method(payment.method)]
    yield ((_("Payée %s") if whole else _("Payée en partie %s")) % means).strip()
    yield _shown(amount)
    if payment.fee:
        yield _("frais %s") % _shown(payment.fee)
    if asked := int(told.get("asked_minor", 0)):
        yield _("alors que %s étaient demandés") % _shown(Money(asked, str(told["asked_currency"])))
    if surplus := int(told.get("surplus_minor", 0)):
        yield _("dont %s de trop-perçu") % _shown(Money(surplus, payment.currency))


def _shown(money: Money) -> str:
    return formats.amount(money, language=get_language() or "fr")
