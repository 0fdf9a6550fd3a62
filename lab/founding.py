"""The people of the lab: two companies, so that strangers exist, each with customers, a mail server and an account."""

from datetime import datetime
from random import Random
from typing import Any

from lab.outside import Outside
from lab.outside.house import HouseAccount
from lab.outside.provider import SimulatedProvider
from reglo.companies.models import Company, Membership, User
from reglo.companies.services.change_company import change_company
from reglo.companies.states import Role
from reglo.customers.models import Customer
from reglo.delivery.services import MailSettingsInput, MailText, prepare_message, queue_message, save_mail_settings
from reglo.delivery.states import Security
from reglo.events import worker
from reglo.payments.services import connect_account, propose_account
from reglo.ports import clock, ids
from tests.factories import line, make_company, make_customer, make_issued, make_user
from tests.factories.companies import FOUNDED_AT

# Names that no other word of a page contains: seen on a stranger's page, they are a leak.
HOUSES = {
    "Atelier Lumen": ("Zibeline", "Quetzal", "Marjolaine"),
    "Ailleurs Lointain": ("Cornaline", "Vespertine"),
}
IDENTITIES: dict[str, dict[str, Any]] = {
    "Atelier Lumen": {},
    "Ailleurs Lointain": {
        "siren": "552100554",
        "siret": "55210055400013",
        "vat_number": "FR96552100554",
        "vat_on_debits": True,
    },
}


def found_world(outside: Outside, provider: SimulatedProvider) -> None:
    """Through the product's own verbs, under a seeded generator: the same world each time."""
    draw = Random(2026)
    provider.draw = draw
    with ids.use(draw.randbytes):
        for name in HOUSES:
            _found(name, outside, clock.now())
        worker.run_until_idle()
    User.objects.update(password="!")  # noqa: S106 - a salt would differ each time
    outside.house.version = outside.mail.version = 0


def _found(name: str, outside: Outside, now: datetime) -> None:
    word = name.split(maxsplit=1)[0].lower()
    owner = make_user(f"owner@{word}.test", name=f"Owner {word}")
    company = make_company(owner=owner, name=name, **IDENTITIES[name])
    accountant = make_user(f"accountant@{word}.test", name=f"Accountant {word}")
    Membership.objects.create(company=company, user=accountant, role=Role.ACCOUNTANT, joined_at=FOUNDED_AT)
    change_company(company_id=company.pk, actor_id=owner.pk, now=now, card_payments=True)
    for customer in HOUSES[name]:
        address = f"{customer.lower()}@client.test"
        make_customer(company, name=f"Maison {customer}", kind="consumer", siren="", email=address)
    save_mail_settings(
        company_id=company.pk,
        typed=MailSettingsInput(
            host="smtp.lab.test",
            port=587,
            security=Security.STARTTLS,
            username=word,
            password=f"mot-de-passe-{word}",
            from_address=f"factures@{word}.test",
        ),
        actor_id=owner.pk,
        now=now,
    )
    _connect(company, word, outside, now)
    for billed in company.customers.order_by("id"):
        _bill(company, billed, now)


def _bill(company: Company, customer: Customer, now: datetime) -> None:
    """An invoice, issued and on its way: the worker will print and send it."""
    issued = make_issued(company, customer=customer, lines=[line("84.03", quantity="5")], now=now, card_allowed=True)
    mail = prepare_message(company_id=company.pk, invoice_id=issued.pk, now=now)
    text = MailText(mail.to, mail.subject, mail.body, attach_pdf=False)
    queue_message(company_id=company.pk, message_id=mail.pk, text=text, actor_id=None, now=now)


def _connect(company: Company, word: str, outside: Outside, now: datetime) -> None:
    known = HouseAccount(id=f"acct_{word}", name=company.name, key=f"rk_test_{word}_0123456789")
    outside.house.accounts[known.id] = known
    account = propose_account(company=company, provider="stripe", secrets={"api_key": known.key}, now=now)
    connect_account(company_id=company.pk, account_id=account.pk, now=now)
