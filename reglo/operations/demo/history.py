"""Lives the year of `story.py` through the product's own verbs, day after day, the clock moved to each."""

import json
import urllib.request
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from functools import partial
from pathlib import Path

from django.conf import settings

from reglo.catalog.models import Product
from reglo.companies.logos import clean_logo
from reglo.companies.models import Company, User
<<<<<<< ours
from reglo.companies.states import Nature
from reglo.customers.models import Customer
from reglo.delivery.services import (
    MailSettingsInput,
    MailText,
    prepare_message,
    prepare_quote_message,
    queue_message,
    save_mail_settings,
)
||||||| base
from reglo.companies.states import Nature
from reglo.customers.models import Customer
from reglo.delivery.services import MailSettingsInput, MailText, prepare_message, queue_message, save_mail_settings
=======
from reglo.companies.states import Nature, TermsKind
from reglo.customers.models import Customer, Language
from reglo.delivery.services import MailSettingsInput, MailText, prepare_message, queue_message, save_mail_settings
>>>>>>> theirs
from reglo.delivery.states import Security
from reglo.events.worker import run_until_idle
from reglo.files import store
<<<<<<< ours
from reglo.invoicing.models import Invoice, Quote
from reglo.invoicing.quote_answers import Answer
||||||| base
from reglo.invoicing.models import Invoice
=======
from reglo.invoicing.line_vat import proposed_vat, taxed_at
from reglo.invoicing.models import Invoice
from reglo.invoicing.opening_rows import OpeningRow
>>>>>>> theirs
from reglo.invoicing.services import (
    CreditInput,
    DepositInput,
    DraftInput,
    LineInput,
    QuoteInput,
    accept_quote,
    create_draft,
    create_quote,
    draft_quote_deposit,
    found_company,
    import_openings,
    issue_invoice,
    issue_quote,
    save_draft,
    save_quote,
)
from reglo.invoicing.states import DecisionChannel, LineKind
from reglo.invoicing.states import DocumentKind
from reglo.invoicing.terms import Part, months_later
from reglo.ledger.services import confirm_accounts
from reglo.operations.demo.logo import lumen_logo
<<<<<<< ours
from reglo.operations.demo.story import COMPANY, CUSTOMERS, OFFERS, PRODUCTS, SALES, Offer, Sale
||||||| base
from reglo.operations.demo.story import COMPANY, CUSTOMERS, PRODUCTS, SALES, Sale
=======
from reglo.operations.demo.story import ABROAD, COMPANY, CUSTOMERS, ENGLISH, PRODUCTS, SALES, Sale
>>>>>>> theirs
from reglo.payments.providers.contract import Urls
from reglo.payments.services.connect_account import connect_account
from reglo.payments.services.credit_invoice import credit_invoice
from reglo.payments.services.propose_account import propose_account
from reglo.payments.services.record_collection import record_collection
from reglo.payments.services.return_from_provider import return_from_provider
from reglo.payments.services.start_payment import start_payment
from reglo.payments.states import Method
from reglo.ports import clock, ids

FOUNDED_DAYS_AGO = 360
# The sandbox's own well-known test key: it opens nothing real.
SANDBOX_KEY = "rk_test_sandbox_lumen_51AtelierLumenNotARealKey"
# A test account whose debits arrive, once the sandbox is told so.
DEBITED_IBAN = "DE89370400440532013000"
METHODS = {"transfer": Method.TRANSFER, "cheque": Method.CHEQUE, "cash": Method.CASH}


@dataclass(frozen=True)
class Step:
    at: datetime
    act: Callable[[], None]


class Year:
    """The state of the telling: what each sale became."""

    def __init__(self, *, clock_file: Path, sandbox: str, smtp_port: int) -> None:
        self.clock_file, self.sandbox, self.smtp_port = clock_file, sandbox, smtp_port
        self.today = datetime.now(UTC).replace(hour=8, minute=30, second=0, microsecond=0)
        self.company: Company
        self.invoices: dict[int, Invoice] = {}

    def tell(self, owner: User) -> Company:
        """Found the company, then live every sale; at the end the clock is the real one again."""
        self.set_clock(self.today - timedelta(days=FOUNDED_DAYS_AGO))
        self.found(owner)
        for step in sorted(self.steps(), key=lambda step: step.at):
            self.set_clock(step.at)
            step.act()
            run_until_idle()
        self.clock_file.write_text("0", encoding="ascii")
        run_until_idle()
        return self.company

    def set_clock(self, at: datetime) -> None:
        offset = at - datetime.now(UTC)
        self.clock_file.write_text(str(int(offset.total_seconds())), encoding="ascii")

    def found(self, owner: User) -> None:
        now = clock.now()
        logo = store.put(clean_logo(lumen_logo()), media_type="image/png", now=now)
        self.company = found_company(
            owner=owner, practice=True, now=now, logo=logo, card_payments=True, card_limit_minor=250_000, **COMPANY
        )
        confirm_accounts(company_id=self.company.id, now=now)
        save_mail_settings(
            company_id=self.company.id,
            typed=MailSettingsInput(
                host="localhost",
                port=self.smtp_port,
                security=Security.NONE,
                username="",
                password=None,
                from_address=COMPANY["email"],
                from_name=COMPANY["name"],
            ),
            actor_id=owner.id,
            now=now,
        )
        account = propose_account(company=self.company, provider="stripe", secrets={"api_key": SANDBOX_KEY}, now=now)
        connect_account(company_id=self.company.id, account_id=account.id, now=now, actor_id=owner.id)
        self.customers = [self.customer(*facts, now=now) for facts in CUSTOMERS]
        self.take_over(owner, now=now)
        self.products = [self.product(*facts, now=now) for facts in PRODUCTS]

    def take_over(self, owner: User, *, now: datetime) -> None:
        """What the tool before Réglo issued, and was still owed."""
        payer = self.customers[0]
        import_openings(
            company_id=self.company.id,
            rows=[
                OpeningRow(
                    line=2,
                    number="LUM-0412",
                    issue_date=now.date() - timedelta(days=24),
                    due_date=now.date() + timedelta(days=6),
                    customer_name=payer.name,
                    siren=payer.siren,
                    email=payer.email,
                    total_minor=1_260_00,
                    remaining_minor=630_00,
                    vat_minor=105_00,
                    vat_rate=Decimal(20),
                )
            ],
            key=ids.new_uuid(),
            name="impayes-ancien-logiciel.csv",
            now=now,
            actor_id=owner.id,
        )

    def collect_opening(self) -> None:
        opening = Invoice.objects.get(company=self.company, kind=DocumentKind.OPENING)
        record_collection(
            company_id=self.company.id,
            invoice_id=opening.id,
            amount_minor=opening.gross_minor,
            method=Method.TRANSFER,
            collected_on=clock.now().date(),
            now=clock.now(),
        )

    def customer(
        self,
        name: str,
        kind: str,
        siren: str,
        contact: str,
        email: str,
        phone: str,
        address: str,
        code: str,
        city: str,
        *,
        now: datetime,
    ) -> Customer:
        country, vat_number = ABROAD.get(name, ("FR", ""))
        return Customer.objects.create(
            company=self.company,
            name=name,
            kind=kind,
            siren=siren,
            vat_number=vat_number,
            country=country,
            contact_name=contact,
            email=email,
            phone=phone,
            address=address,
            postal_code=code,
            city=city,
            language=Language.ENGLISH if name in ENGLISH else Language.FRENCH,
            created_at=now,
        )

    def product(self, description: str, nature: str, unit: str, price: str, rate: str, *, now: datetime) -> Product:
        return Product.objects.create(
            company=self.company,
            description=description,
            nature=nature,
            unit=unit,
            unit_price=Decimal(price),
            vat_rate=Decimal(rate),
            created_at=now,
        )

    def steps(self) -> Iterator[Step]:
        yield Step(self.today - timedelta(days=FOUNDED_DAYS_AGO - 20), self.collect_opening)
        for index, sale in enumerate(SALES):
            at = self.today - timedelta(days=sale.days_ago) + timedelta(minutes=7 * index % 300)
            yield Step(at, partial(self.invoice, index, sale))
            if sale.paid in {"card", "debit", *METHODS}:
                yield Step(at + timedelta(days=sale.after, hours=2), partial(self.pay, index, sale))
            if sale.paid == "credited":
                yield Step(at + timedelta(days=sale.after, hours=2), partial(self.credit, index))

        for offer in OFFERS:
            at = self.today - timedelta(days=offer.days_ago) + timedelta(hours=1)
            yield Step(at, partial(self.offer, offer))
            if offer.answer == "accepted":
                yield Step(at + timedelta(days=2), partial(self.deposit, offer))

    def offer(self, offer: Offer) -> None:
        """A quote is written, sent, and answered a day later where its customer answers."""
        now, customer = clock.now(), self.customers[offer.customer]
        quote = create_quote(company=self.company, customer=customer, now=now)
        options = [replace(self.line(*chosen, Decimal(0)), optional=True) for chosen in offer.options]
        typed = QuoteInput(
            customer=customer,
            lines=[*(self.line(*chosen, Decimal(0)) for chosen in offer.lines), *options],
            prices_include_vat=False,
            due_days=30,
            work_place=offer.work_place,
            deposit_rate=offer.deposit_rate,
        )
        save_quote(company=self.company, quote_id=quote.pk, draft=typed, now=now)
        issue_quote(company_id=self.company.pk, quote_id=quote.pk, now=now)
        message = prepare_quote_message(company_id=self.company.pk, quote_id=quote.pk, now=now)
        queue_message(
            company_id=self.company.pk,
            message_id=message.pk,
            text=MailText(to=message.to, subject=message.subject, body=message.body),
            actor_id=None,
            now=now,
        )
        run_until_idle()
        if offer.answer == "accepted":
            accept_quote(
                company_id=self.company.pk,
                quote_id=quote.pk,
                version=1,
                options=range(len(offer.lines) + 1, len(typed.lines) + 1),
                answer=Answer(
                    channel=DecisionChannel.PORTAL,
                    name=customer.name,
                    email=customer.email,
                    link_id=message.link_id,
                    statement="J’ai lu et j’accepte ce devis.",
                ),
                now=now + timedelta(hours=26),
            )

    def deposit(self, offer: Offer) -> None:
        """What the quote asked for at the order is invoiced, and its money arrived by transfer."""
        now = clock.now()
        quote = Quote.objects.get(company=self.company, customer=self.customers[offer.customer])
        draft = draft_quote_deposit(company=self.company, quote_id=quote.pk, deposit=DepositInput(), now=now)
        deposit = issue_invoice(company_id=self.company.pk, invoice_id=draft.pk, now=now)
        record_collection(
            company_id=self.company.pk,
            invoice_id=deposit.pk,
            amount_minor=deposit.gross_minor,
            method=Method.TRANSFER,
            collected_on=now.astimezone(self.company.zone).date(),
            now=now,
        )

    def invoice(self, index: int, sale: Sale) -> None:
        now = clock.now()
        customer = self.customers[sale.customer]
        draft = create_draft(company=self.company, customer=customer, now=now)
        save_draft(
            company=self.company,
            invoice_id=draft.id,
            draft=DraftInput(
                customer=customer,
<<<<<<< ours
                lines=list(self.lines(sale)),
                discount_rate=sale.rebate,
||||||| base
                lines=[self.line(product, quantity, sale.discount) for product, quantity in sale.lines],
=======
                lines=[self.line(customer, product, quantity, sale.discount) for product, quantity in sale.lines],
                works_certified=True,  # each works was quoted, and its quote signed
>>>>>>> theirs
                prices_include_vat=False,
                terms_kind=TermsKind.INSTALMENTS if sale.instalments else TermsKind.DAYS,
                due_days=sale.due_days,
                instalments=self.instalments(sale),
                language=Language(draft.language),
                order_reference=draft.order_reference,
                attention=draft.attention,
                card_allowed=draft.card_allowed,
                card_limit_minor=draft.card_limit_minor,
                partial_allowed=draft.partial_allowed,
                mention=draft.mention,
            ),
            now=now,
        )
        if sale.paid == "draft":
            return
        self.invoices[index] = issue_invoice(company_id=self.company.id, invoice_id=draft.id, now=now)
        run_until_idle()
        message = prepare_message(company_id=self.company.id, invoice_id=draft.id, now=now)
        queue_message(
            company_id=self.company.id,
            message_id=message.id,
            text=MailText(to=message.to, subject=message.subject, body=message.body),
            actor_id=None,
            now=now,
        )

<<<<<<< ours
    def lines(self, sale: Sale) -> Iterator[LineInput]:
        """What was sold, under its titles; each section ends with its subtotal, and all of it with the comment."""
        titles = dict(sale.titles)
        for index, (product, quantity) in enumerate(sale.lines):
            if title := titles.get(index):
                yield LineInput(title, kind=LineKind.SECTION)
            yield self.line(product, quantity, sale.discount)
            if titles and (index + 1 in titles or index + 1 == len(sale.lines)):
                yield LineInput("", kind=LineKind.SUBTOTAL)
        if sale.comment:
            yield LineInput(sale.comment, kind=LineKind.COMMENT)

    def line(self, product: int, quantity: str, discount: Decimal) -> LineInput:
||||||| base
    def line(self, product: int, quantity: str, discount: Decimal) -> LineInput:
=======
    def instalments(self, sale: Sale) -> list[Part]:
        first = clock.now().date() + timedelta(days=15)
        return [Part(months_later(first, rank), Decimal(share)) for rank, share in enumerate(sale.instalments)]

    def line(self, customer: Customer, product: int, quantity: str, discount: Decimal) -> LineInput:
        """An article as it is sold at home; abroad, with the VAT that the law makes of it."""
>>>>>>> theirs
        chosen = self.products[product]
        vat = proposed_vat(
            company=self.company,
            charges_vat=True,
            customer=customer,
            nature=Nature(chosen.nature),
            day=clock.now().astimezone(self.company.zone).date(),
        )
        if not vat.exemption:
            vat = taxed_at(chosen.vat_rate)
        return LineInput(
            description=chosen.description,
            quantity=Decimal(quantity),
            unit=chosen.unit,
            unit_price=chosen.unit_price,
            vat_rate=vat.rate,
            vat_category=vat.category,
            exemption=vat.exemption,
            nature=Nature(chosen.nature),
            discount_rate=discount,
        )

    def pay(self, index: int, sale: Sale) -> None:
        invoice = self.invoices[index]
        if sale.paid == "card":
            self.pay_online(invoice, {"card": "4242424242424242"})
            return
        if sale.paid == "debit":
            self.pay_online(invoice, {"iban": DEBITED_IBAN})
            return
        record_collection(
            company_id=self.company.id,
            invoice_id=invoice.id,
            amount_minor=invoice.gross_minor * sale.share // 100,
            method=METHODS[sale.paid],
            collected_on=clock.now().astimezone(self.company.zone).date(),
            now=clock.now(),
        )

    def credit(self, index: int) -> None:
        credit_invoice(
            company_id=self.company.id,
            invoice_id=self.invoices[index].id,
            credit=CreditInput("Intervention annulée par le client"),
            now=clock.now(),
        )

    def pay_online(self, invoice: Invoice, means: dict[str, str]) -> None:
        """The customer's part is played at the sandbox; the rest is what always happens."""
        attempt = start_payment(
            company_id=self.company.id,
            invoice_id=invoice.id,
            urls=lambda _attempt: Urls(success=settings.BASE_URL, cancel=settings.BASE_URL),
            now=clock.now(),
        )
        assert invoice.customer is not None, "an issued invoice has a customer"
        self.command(f"sessions/{attempt.external_id}/pay", {**means, "email": invoice.customer.email})
        self.command("deliver", {})  # the fee is told a second later, and the next step is days later
        return_from_provider(attempt_id=attempt.id, now=clock.now())

    def command(self, path: str, values: dict[str, str]) -> None:
        """Press a button of the sandbox."""
        request = urllib.request.Request(  # noqa: S310 (our own loopback address)
            f"{self.sandbox}/_control/{path}",
            data=json.dumps(values).encode(),
            headers={"Content-Type": "application/json"},
        )
        with urllib.request.urlopen(request) as answer:  # noqa: S310 (the same)
            answer.read()
