"""What alerts say, in French: the people of a company have no language of their own, and the law's is this one."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.utils.translation import gettext as _

from reglo.companies.models import Company
from reglo.delivery.headers import one_line
from reglo.events.kinds import Kind
from reglo.events.models import Event
from reglo.events.queries import content_of
from reglo.money import Money
from reglo.payments.models import Dispute
from reglo.payments.states import DisputeState
from reglo.ui import formats

LANGUAGE = "fr"


@dataclass(frozen=True, slots=True)
class AlertWords:
    """`paragraphs` between « Bonjour, » and the button."""

    subject: str
    paragraphs: tuple[str, ...]


def alert_words(event: Event, *, company: Company) -> AlertWords | None:
    """None where the event calls for nobody: it is over already, or its content was erased."""
    content = content_of(event)
    words = _WORDS[Kind(event.kind)](event, content, company)
    return words and AlertWords(one_line(words.subject), words.paragraphs)


def _dispute(event: Event, content: Mapping[str, Any], company: Company) -> AlertWords | None:
    dispute = Dispute.objects.filter(company=company, payment_id=event.subject_id).order_by("-opened_at").first()
    if dispute is None or dispute.state not in {DisputeState.INQUIRY, DisputeState.OPEN}:
        return None
    said = {"amount": _amount(dispute.amount), "number": content.get("number", "")}
    if dispute.state == DisputeState.INQUIRY:
        subject = _("La banque d’un client demande des explications – %(number)s – %(amount)s")
        sentence = _(
            "La banque de votre client demande des explications sur le paiement de %(amount)s de la facture "
            "%(number)s. L’argent ne vous a pas été repris."
        )
    else:
        subject = _("Paiement contesté – %(number)s – %(amount)s")
        sentence = _(
            "Votre client conteste auprès de sa banque le paiement de %(amount)s de la facture %(number)s. "
            "L’argent est retenu jusqu’à la décision de la banque."
        )
    return AlertWords(subject % said, (sentence % said, _answer_words(dispute.evidence_due_at, company)))


def _answer_words(due: datetime | None, company: Company) -> str:
    if due is None:
        return _("Cette contestation n’attend pas de réponse de votre part.")
    day = formats.day(due.astimezone(company.zone).date(), language=LANGUAGE)
    return _(
        "Répondez chez Stripe avant le %(day)s, avec vos preuves : devis accepté, facture, échanges. Sans réponse, "
        "la banque donnera raison à votre client."
    ) % {"day": day}


def _payout(event: Event, content: Mapping[str, Any], company: Company) -> AlertWords | None:
    return _about_money(
        content,
        _("Virement Stripe échoué – %(amount)s"),
        _("Le virement de %(amount)s que Stripe devait faire sur votre compte bancaire a échoué."),
        _("L’argent n’est pas perdu : il est revenu sur votre solde Stripe. Vérifiez votre IBAN chez Stripe."),
    )


def _account(event: Event, content: Mapping[str, Any], company: Company) -> AlertWords:
    return AlertWords(
        _("Stripe n’accepte plus votre clé"),
        (
            _("Vos clients ne peuvent plus payer par carte, et ce qu’ils ont déjà payé attend d’être enregistré."),
            _("Rien n’est perdu : reconnectez le compte, et ce qui attend reprend de lui-même."),
        ),
    )


def _refund(event: Event, content: Mapping[str, Any], company: Company) -> AlertWords | None:
    """Refused at once, or sent back days after it had succeeded: the amount is then what came back, negative."""
    if event.kind == Kind.PAYMENT_REFUNDED and content.get("amount_minor", 0) >= 0:
        return None
    return _about_money(
        content,
        _("Un remboursement n’a pas abouti – %(amount)s"),
        _("Le remboursement de %(amount)s n’est pas arrivé chez votre client."),
        _("Si vous lui devez encore cet argent, remboursez-le à nouveau, ou par un virement."),
    )


def _chain(event: Event, content: Mapping[str, Any], company: Company) -> AlertWords | None:
    if not content:
        return None
    day = formats.day(date.fromisoformat(content["day"]), language=LANGUAGE)
    return AlertWords(
        _("Empreinte de vos documents au %(day)s – %(company)s") % {"day": day, "company": company.name},
        (
            _("Vos documents émis forment une chaîne : chacun porte l’empreinte du précédent. En voici la fin.")
            + f"\n{content['position']} · {content['head']}",
            _("Gardez cet e-mail : il prouve que rien n’a été modifié depuis. Vous n’avez rien d’autre à faire."),
        ),
    )


def _about_money(content: Mapping[str, Any], subject: str, *sentences: str) -> AlertWords | None:
    if not content:
        return None
    said = {"amount": _amount(Money(abs(content["amount_minor"]), content["currency"]))}
    return AlertWords(subject % said, tuple(sentence % said for sentence in sentences))


def _amount(money: Money) -> str:
    return formats.amount(money, language=LANGUAGE)


_WORDS: dict[Kind, Callable[[Event, Mapping[str, Any], Company], AlertWords | None]] = {
    Kind.DISPUTE_OPENED: _dispute,
    Kind.PAYOUT_FAILED: _payout,
    Kind.ACCOUNT_BROKEN: _account,
    Kind.REFUND_FAILED: _refund,
    Kind.PAYMENT_REFUNDED: _refund,
    Kind.CHAIN_HEAD_TOLD: _chain,
}
