"""What our mails say, until a person writes otherwise. In the language of the document."""

from dataclasses import dataclass
from datetime import date

from django.utils import translation
from django.utils.translation import gettext as _

from reglo.delivery.headers import one_line
from reglo.invoicing.content import DocumentContent
<<<<<<< ours
from reglo.invoicing.models import Invoice, Quote
from reglo.invoicing.states import InvoiceStatus, QuoteStatus
||||||| base
from reglo.invoicing.models import Invoice
from reglo.invoicing.states import InvoiceStatus
=======
from reglo.invoicing.models import Invoice
from reglo.invoicing.schedule import next_instalment_of, still_due_of
from reglo.invoicing.states import InvoiceStatus
from reglo.money import Money
>>>>>>> theirs
from reglo.payments.decline_words import debit_words
from reglo.payments.models import Payment, PaymentAttempt
from reglo.payments.states import Method
from reglo.rendering.wording import WORDINGS
from reglo.ui import formats


@dataclass(frozen=True, slots=True)
class Wording:
    """`body` holds the line `[link_label]`, which becomes the link."""

    subject: str
    body: str
    link_label: str


def document_wording(document: Invoice) -> Wording:
    """The mail that carries an issued document."""
    if document.is_opening:
        return opening_wording(document)
    return credit_note_wording(document) if document.is_credit_note else invoice_wording(document)


def credit_note_wording(credit_note: Invoice) -> Wording:
    """The mail that carries a credit note: what it corrects, and what the customer has to do, which is nothing."""
    content = DocumentContent.from_json(credit_note.frozen)
    assert content.correction is not None, "a credit note says what it corrects"
    with translation.override(content.language):
        gross = formats.amount(credit_note.gross, language=content.language)
        words = {
            "number": content.number,
            "seller": content.seller.name,
            "amount": gross,
            "gross": _("%s TTC") % gross if content.charges_vat else gross,
            "invoice": content.correction.number,
            "day": formats.day(date.fromisoformat(content.correction.issue_date), language=content.language),
            "remaining": formats.amount(_corrected(credit_note).remaining, language=content.language),
        }
        subject = _("Avoir %(number)s – %(seller)s – %(amount)s")
        sentences = [
            _(
                "Vous trouverez ci-joint l’avoir %(number)s, d’un montant de %(gross)s, "
                "sur la facture %(invoice)s du %(day)s."
            ),
            _standing_words(_corrected(credit_note)),
        ]
        return _letter(words, subject, sentences, link_label=_("Voir l’avoir"))


def _corrected(credit_note: Invoice) -> Invoice:
    assert credit_note.corrects is not None, "a credit note corrects an invoice"
    return credit_note.corrects


def _standing_words(invoice: Invoice) -> str:
    """What the credit note leaves to be done, which is seldom anything."""
    if invoice.status == InvoiceStatus.CREDITED:
        return _("Cette facture est annulée : il n’y a plus rien à payer.")
    if invoice.remaining:
        return _("Il reste %(remaining)s à régler sur cette facture.")
    return _("Cette facture est réduite d’autant.")


def invoice_wording(invoice: Invoice) -> Wording:
    """The mail that carries an issued invoice, for what is still owed."""
    content = DocumentContent.from_json(invoice.frozen)
    with translation.override(content.language):
        gross = formats.amount(invoice.gross, language=content.language)
        words = {
            "number": content.number,
            "seller": content.seller.name,
            "gross": _("%s TTC") % gross if content.charges_vat else gross,
            "remaining": formats.amount(invoice.remaining, language=content.language),
            "due": _due_words(content),
        }
        instalments = _instalment_words(invoice, language=content.language)
        if instalments:
            return _instalments_letter(words | instalments, invoice, content)
        if not invoice.remaining:
            subject = _("Facture %(number)s – %(seller)s")
            sentence = _("Vous trouverez ci-joint la facture %(number)s, d’un montant de %(gross)s, déjà réglée.")
            return _letter(words, subject, [sentence], link_label=_("Voir la facture"))
        subject = _("Facture %(number)s – %(seller)s – %(remaining)s %(due)s")
        if invoice.remaining == invoice.gross:
            sentence = _("Vous trouverez ci-joint la facture %(number)s, d’un montant de %(gross)s, %(due)s.")
        else:
            sentence = _(
                "Vous trouverez ci-joint la facture %(number)s, d’un montant de %(gross)s, "
                "dont il reste %(remaining)s %(due)s."
            )
        personal = _("Ce lien vous est personnel. Si vous avez déjà réglé, ne tenez pas compte de ce message.")
        return _letter(words, subject, [sentence], personal, link_label=_("Voir et payer la facture"))


def quote_wording(quote: Quote) -> Wording:
    """The mail that carries a finalised quote: what is asked of its reader, and until when."""
    assert quote.offered is not None, "only what is finalised is mailed"
    content = DocumentContent.from_json(quote.offered.frozen)
    with translation.override(content.language):
        gross = formats.amount(quote.offered.gross, language=content.language)
        words = {
            "number": content.number,
            "version": str(quote.offered.number),
            "seller": content.seller.name,
            "amount": gross,
            "gross": _("%s TTC") % gross if content.charges_vat else gross,
            "until": formats.day(date.fromisoformat(content.due_date), language=content.language),
        }
        if quote.status == QuoteStatus.ACCEPTED:
            subject = _("Devis %(number)s accepté – %(seller)s")
            sentence = _("Vous trouverez ci-joint le devis %(number)s, avec votre accord. Merci de votre confiance.")
            return _letter(words, subject, [sentence], link_label=_("Voir le devis"))
        subject = _("Devis %(number)s – %(seller)s – %(amount)s, valable jusqu’au %(until)s")
        if quote.offered.number == 1:
            sentences = [_("Vous trouverez ci-joint le devis %(number)s, d’un montant de %(gross)s.")]
        else:
            sentences = [
                _("Vous trouverez ci-joint la version %(version)s du devis %(number)s, d’un montant de %(gross)s."),
                _("Elle remplace la précédente."),
            ]
        sentences.append(_("Vous pouvez le lire et y répondre en ligne, jusqu’au %(until)s."))
        personal = _("Ce lien vous est personnel : il permet d’accepter le devis en votre nom.")
        return _letter(words, subject, sentences, personal, link_label=_("Lire le devis et y répondre"))


def opening_wording(invoice: Invoice) -> Wording:
    """The mail about an invoice of a former tool: what is still owed of it, and where it is paid from now on."""
    content = DocumentContent.from_json(invoice.frozen)
    assert content.opening is not None, "what was taken over says so"
    with translation.override(content.language):
        words = {
            "number": content.number,
            "seller": content.seller.name,
            "day": formats.day(date.fromisoformat(content.issue_date), language=content.language),
            "total": formats.amount(Money(content.opening.total_minor, content.currency), language=content.language),
            "remaining": formats.amount(invoice.remaining, language=content.language),
            "due": _due_words(content),
        }
        if not invoice.remaining:
            subject = _("Facture %(number)s – %(seller)s")
            sentence = _("La facture %(number)s du %(day)s, d’un montant de %(total)s, est réglée.")
            return _letter(words, subject, [sentence], link_label=_("Voir la facture"))
        subject = _("Facture %(number)s – %(seller)s – %(remaining)s %(due)s")
        sentence = _(
            "De la facture %(number)s du %(day)s, d’un montant de %(total)s, il reste %(remaining)s %(due)s. "
            "Vous pouvez la payer avec le lien ci-dessous."
        )
        personal = _("Ce lien vous est personnel. Si vous avez déjà réglé, ne tenez pas compte de ce message.")
        return _letter(words, subject, [sentence], personal, link_label=_("Voir et payer la facture"))


def _instalments_letter(words: dict[str, str], invoice: Invoice, content: DocumentContent) -> Wording:
    """The mail of an invoice that is paid in several times: the next instalment, then all of them."""
    subject = _("Facture %(number)s – %(seller)s – %(next)s")
    sentence = _("Vous trouverez ci-joint la facture %(number)s, d’un montant de %(gross)s, payable en %(count)s fois.")
    rows = [
        _("– %(amount)s avant le %(day)s")
        % {
            "amount": formats.amount(Money(one.amount_minor, content.currency), language=content.language),
            "day": formats.day(one.due_date, language=content.language),
        }
        for one in still_due_of(invoice)
    ]
    dates = "\n".join([_("Il reste à régler :"), *rows])
    personal = _("Ce lien vous est personnel. Si vous avez déjà réglé, ne tenez pas compte de ce message.")
    return _letter(words, subject, [sentence], personal, link_label=_("Voir et payer la facture"), before_link=dates)


def _instalment_words(invoice: Invoice, *, language: str) -> dict[str, str]:
    """« 1re échéance : 400,00 € avant le 15 décembre 2026 »; empty where all is due at once, or paid."""
    following = next_instalment_of(invoice)
    if following is None:
        return {}
    words = {
        "rank": formats.nth(following.rank, language=language),
        "amount": formats.amount(following.amount, language=language),
        "day": formats.day(following.due_date, language=language),
    }
    return {
        "next": _("%(rank)s échéance : %(amount)s avant le %(day)s") % words,
        "count": str(following.count),
    }


def receipt_wording(payment: Payment, *, invoice: Invoice) -> Wording:
    """The mail that thanks for a payment of `invoice`."""
    content = DocumentContent.from_json(invoice.frozen)
    with translation.override(content.language):
        words = {
            "number": content.number,
            "seller": content.seller.name,
            "amount": formats.amount(payment.amount, language=content.language),
            "means": WORDINGS[content.language].paid_by[Method(payment.method)],
            "day": formats.day(payment.paid_on, language=content.language),
            "remaining": formats.amount(invoice.remaining, language=content.language),
            "due": _due_words(content),
        }
        sentences = [
            _("Nous avons bien reçu votre paiement de %(amount)s %(means)s, le %(day)s, pour la facture %(number)s."),
            _("Vous trouverez ci-joint votre reçu."),
        ]
        if instalment := _instalment_words(invoice, language=content.language):
            sentences.append(_("%(next)s.") % instalment)
        elif invoice.remaining:
            sentences.append(_("Il reste %(remaining)s %(due)s."))
        subject = _("Reçu – Facture %(number)s – %(seller)s – %(amount)s")
        return _letter(words, subject, sentences, link_label=_("Voir la facture et le reçu"))


def refusal_wording(attempt: PaymentAttempt, *, invoice: Invoice) -> Wording:
    """The mail that says that a delayed payment of `invoice` did not arrive, and why."""
    content = DocumentContent.from_json(invoice.frozen)
    with translation.override(content.language):
        words = {
            "number": content.number,
            "seller": content.seller.name,
            "amount": formats.amount(attempt.amount, language=content.language),
            "day": formats.day(attempt.created_at.astimezone(invoice.company.zone).date(), language=content.language),
            "reason": debit_words(attempt.failure),
        }
        sentences = [
            _("Le prélèvement de %(amount)s demandé le %(day)s pour la facture %(number)s n’a pas abouti. %(reason)s"),
            _("Rien n’a été débité : la facture reste à payer, par le même moyen ou par un autre."),
        ]
        personal = _("Ce lien vous est personnel. Si vous avez déjà réglé, ne tenez pas compte de ce message.")
        subject = _("Votre paiement n’a pas abouti – Facture %(number)s – %(seller)s – %(amount)s")
        return _letter(words, subject, sentences, personal, link_label=_("Voir et payer la facture"))


def _due_words(content: DocumentContent) -> str:
    if content.due_date <= content.issue_date:
        return _("à régler à réception")
    return _("à régler avant le %s") % formats.day(date.fromisoformat(content.due_date), language=content.language)


def _letter(
    words: dict[str, str],
    subject: str,
    sentences: list[str],
    closing: str = "",
    *,
    link_label: str,
    before_link: str = "",
) -> Wording:
    paragraphs = [
        _("Bonjour,"),
        " ".join(sentences) % words,
        before_link,
        f"[{link_label}]",
        closing,
        _("Cordialement,"),
    ]
    return Wording(one_line(subject % words), "\n\n".join(filter(None, paragraphs)), link_label)
