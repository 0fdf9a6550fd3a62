"""Begin an invoice."""

from datetime import datetime

from django.db import transaction

from reglo.companies.models import Company
from reglo.customers.models import Customer, Language
from reglo.invoicing.habits import habits_of
from reglo.invoicing.models import Invoice

PAY_ONLINE_MENTION = "Facture payable en ligne par carte bancaire, via le lien sécurisé reçu par e-mail."
_PAY_ONLINE = {
    Language.FRENCH: PAY_ONLINE_MENTION,
    Language.ENGLISH: "This invoice can be paid online by card, via the secure link received by e-mail.",
}


def create_draft(*, company: Company, customer: Customer | None = None, now: datetime) -> Invoice:
    """An empty draft with the company's habits."""
    invoice = blank_draft(company=company, customer=customer, now=now)
    with transaction.atomic():
        invoice.save(force_insert=True)
    return invoice


def blank_draft(*, company: Company, customer: Customer | None = None, now: datetime) -> Invoice:
    """The draft that `create_draft` would write, unsaved: prices, card and its mention, the terms and language of this
    customer."""
    assert customer is None or customer.company_id == company.id, "a customer of another company"
    habits = habits_of(company, customer)
    return Invoice(
        company=company,
        customer=customer,
        created_at=now,
        edited_at=now,
        currency=company.currency,
        prices_include_vat=company.prices_include_vat
        and company.vat_on(now.astimezone(company.zone).date()).charges_vat,
        terms_kind=habits.terms_kind,
        due_days=habits.due_days,
        language=habits.language,
        order_reference=habits.order_reference,
        attention=habits.attention,
        card_allowed=company.card_payments,
        card_limit_minor=company.card_limit_minor,
        partial_allowed=company.partial_payments,
        mention=mention_with_card(company.mention, card_allowed=company.card_payments, language=habits.language),
    )


def mention_with_card(mention: str, *, card_allowed: bool, language: Language = Language.FRENCH) -> str:
    """`mention` with the pay-online sentence when the card is allowed, without it otherwise; the rest untouched."""
    kept = "\n".join(line for line in mention.splitlines() if line.strip() not in _PAY_ONLINE.values()).strip()
    return f"{_PAY_ONLINE[language]}\n{kept}".strip() if card_allowed else kept


def mention_in(language: Language, mention: str) -> str:
    """`mention` with its pay-online sentence, where it has one, in that language."""
    sentences = _PAY_ONLINE.values()
    return "\n".join(_PAY_ONLINE[language] if line.strip() in sentences else line for line in mention.splitlines())
