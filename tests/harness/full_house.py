"""A company with one of everything, and everybody who may knock at its doors."""

import io
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from typing import Any
from uuid import UUID

from django.test import Client
from django.urls import reverse
from PIL import Image

from reglo.archives.services import request_archive
from reglo.archives.tasks import build_archives
from reglo.catalog.models import Product
from reglo.companies.models import Company, Invitation, Membership, User
from reglo.companies.services import change_company, invite_member, issue_sign_in_link
from reglo.companies.states import Nature, Role, VatRegime
from reglo.customers.models import Customer
from reglo.delivery.services import create_link
from reglo.delivery.services.create_link import new_quote_link
from reglo.events.models import Event, Reaction
from reglo.events.states import ReactionState
from reglo.files import store
from reglo.invoicing.models import Invoice, OpeningImport
from reglo.invoicing.services import change_vat_regime
from reglo.ledger.queries import accounts_on
from reglo.ledger.services import map_accounts
from reglo.ledger.states import AccountRole
from reglo.money import Money
from reglo.payments.models import (
    Difference,
    Dispute,
    Endpoint,
    Payment,
    PaymentAttempt,
    Payout,
    ProviderAccount,
    UnmatchedPayment,
)
from reglo.payments.providers import facts
from reglo.payments.providers.balance import BalanceFact, MovementKind, PayoutFact, PayoutStanding
from reglo.payments.providers.facts import DisputeStanding, PaymentFact, Ref, Snapshot, State
from reglo.payments.services import note_unmatched, record_collection, record_payout, start_payment
from reglo.payments.states import DifferenceKind, Method
from reglo.portal.return_tokens import return_token
from reglo.portal.views.pay import return_urls
from reglo.ports import clock
from tests.factories import (
    accept,
    line,
    make_company,
    make_credit,
    make_credit_draft,
    make_customer,
    make_draft,
    make_issued,
    make_quote,
    make_quote_draft,
    make_opening,
    make_user,
    option,
)
from tests.factories.companies import FOUNDED_AT
from tests.harness.routes import Route
from tests.payments.disputes import contested, tell, withdrawn

PEOPLE = ("nobody", "outsider", "removed", "accountant", "member", "finaliser", "owner", "customer", "other_customer")
NEVER_GIVEN = "A" * 43


@dataclass(frozen=True, slots=True)
class FullHouse:
    company: Company
    people: dict[str, User]
    objects: dict[str, Any]
    links: dict[str, str]  # a customer's name: the token of their link
    quote_links: dict[str, str]  # the same, to a quote

    def browser(self, who: str) -> Client:
        """The browser of one of PEOPLE, signed in or with their link opened."""
        client = Client(raise_request_exception=False)
        if who in self.people:
            client.force_login(self.people[who])
        if who in self.links:
            client.get(f"/p/l/{self.links[who]}")
            client.get(f"/p/l/{self.quote_links[who]}")
        return client

    def address(self, route: Route) -> str:
        return self.address_of(route.name, *route.parameters)

    def address_of(self, name: str, *parameters: str) -> str:
        """Where `name` leads in this house: each parameter by its own object."""
        return reverse(
            name, kwargs={key: self.objects.get(f"{name}.{key}", self.objects.get(key)) for key in parameters}
        )


def full_house(*, company: Company, owner: User, account: ProviderAccount, language: str = "fr") -> FullHouse:
    """`account` is the company's, connected; everything else is made here by the product's own verbs.

    `language` is that of the documents, hence of the customer's pages.
    """
    people = {"owner": owner, **_people(company)}
    documents = _documents(company, owner, language)
    attempt = start_payment(
        company_id=company.id, invoice_id=documents["invoice_id"], urls=return_urls, now=clock.now()
    )
    objects = {
        **_settings(company, owner),
        **documents,
        **_tokens(company, owner, attempt),
        **_accounts(account),
        **_balance(account),
    }
    objects |= _taken_over(company)
    objects["dispute_id"] = _lost_dispute(company).pk
    invoices = {"customer": objects["invoice_id"], "other_customer": objects.pop("other_invoice_id")}
    links = {who: create_link(company_id=company.id, invoice_id=i, now=clock.now()) for who, i in invoices.items()}
    objects["public_id"] = objects["link_id"] = links["customer"].link.id
    tokens = {who: link.token for who, link in links.items()}
    return FullHouse(company, people, objects, tokens, _quotes(company, objects))


def _quotes(company: Company, objects: dict[str, Any]) -> dict[str, str]:
    """A draft, a quote before its customer, another customer's, one accepted; the tokens of the links to two of them."""
    sent = make_quote(company, lines=[line(), option()])
    theirs = make_quote(company, customer=company.customers.get(name="Chloé Bernard"))
    draft, accepted = make_quote_draft(company), make_quote(company)
    accept(accepted)
    made = {
        who: new_quote_link(quote=quote, email="", now=clock.now())
        for who, quote in (("customer", sent), ("other_customer", theirs))
    }
    objects["quote_id"] = sent.pk
    objects["dashboard:quote_link_revoke.link_id"] = made["customer"].link.id
    objects |= {f"dashboard:{name}.quote_id": draft.pk for name in OF_A_DRAFT_QUOTE}
    objects |= {f"dashboard:quote_{name}.quote_id": accepted.pk for name in ("invoice", "deposit", "situation")}
    objects |= {f"portal:{name}.public_id": made["customer"].link.id for name in OF_A_QUOTE_LINK}
    return {who: link.token for who, link in made.items()}


OF_A_DRAFT_QUOTE = tuple(f"quote_{name}" for name in ("edit", "customer", "discard", "restore", "check", "issue"))
OF_A_QUOTE_LINK = ("quote", "quote_seen", "quote_sums", "quote_accept", "quote_refuse", "quote_paper")


def _people(company: Company) -> dict[str, User]:
    roles: dict[str, dict[str, Any]] = {
        "accountant": {"role": Role.ACCOUNTANT},
        "member": {"role": Role.MEMBER},
        "finaliser": {"role": Role.MEMBER, "may_finalise": True},
        "removed": {"role": Role.OWNER, "left_at": FOUNDED_AT + timedelta(days=1)},
    }
    people = {who: make_user(f"{who}@atelier-lumen.test", name=f"Personne {who}") for who in roles}
    for who, terms in roles.items():
        Membership.objects.create(company=company, user=people[who], joined_at=FOUNDED_AT, **terms)
    outsider = make_user("outsider@ailleurs.test", name="Mallory Ailleurs")
    make_company(owner=outsider, name="Ailleurs SARL")
    return {**people, "outsider": outsider}


def _documents(company: Company, owner: User, language: str) -> dict[str, Any]:
    """A draft, an invoice to pay whose payment is open, credited in part, one paid by hand; whom and what they are about."""
    customer = make_customer(company, phone="+33 6 12 34 56 78", language=language)
    payable = make_issued(company, customer=customer, card_allowed=True)
    paid = make_issued(company, customer=customer)
    draft = make_draft(company, customer=customer)
    credit_note, prepared = make_credit(payable, amount_minor=1_00), make_credit_draft(payable, amount_minor=1_00)
    return {
        "customer_id": customer.pk,
        "product_id": _product(company).pk,
        "invoice_id": payable.pk,
        "other_invoice_id": make_issued(company, customer=_another(company)).pk,
        "payment_id": _collected(paid, owner).pk,
        "number": 1,
        "credit_note_id": prepared.pk,
        "portal:credit_note_paper.credit_note_id": credit_note.pk,
        **{f"dashboard:{name}.invoice_id": draft.pk for name in OF_A_DRAFT},
        "dashboard:invoice_duplicate.invoice_id": paid.pk,
    }


def _taken_over(company: Company) -> dict[str, Any]:
    """Two invoices of a former tool, and an archive that is ready."""
    opening, other = make_opening(company, "2026-117"), make_opening(company, "2026-118")
    archive = request_archive(
        company_id=company.pk, first_day=date(2026, 10, 1), last_day=date(2026, 10, 31), now=clock.now()
    )
    build_archives(now=clock.now())
    made = OpeningImport.objects.get(company=company, pk=(other.asked_as or "").split(":")[1])
    return {
        "dashboard:opening_paper.invoice_id": opening.pk,
        "import_id": made.pk,
        "archive_id": archive.pk,
        **{f"dashboard:numbering_{name}.slug": "avoirs" for name in ("format", "example", "start")},
    }


def _lost_dispute(company: Company) -> Dispute:
    """A payment on line that its payer contested with success: the owner has not said what becomes of the debt."""
    invoice = make_issued(company, card_allowed=True)
    attempt = start_payment(company_id=company.id, invoice_id=invoice.pk, urls=return_urls, now=clock.now())
    tell(attempt, contested(DisputeStanding.LOST, withdrawn()))
    return Dispute.objects.get(company=company)


OF_A_DRAFT = (
    "invoice_edit",
    "invoice_customer",
    "invoice_discard",
    "invoice_restore",
    "invoice_check",
    "invoice_deductions",
    "invoice_issue",
)


def _collected(invoice: Invoice, owner: User) -> Payment:
    return record_collection(
        company_id=invoice.company_id,
        invoice_id=invoice.pk,
        amount_minor=invoice.gross_minor,
        method=Method.TRANSFER,
        collected_on=clock.now().date(),
        now=clock.now(),
        actor_id=owner.pk,
    )


def _settings(company: Company, owner: User) -> dict[str, Any]:
    """A logo, changes that can be undone, an open invitation, something parked."""
    picture = io.BytesIO()
    Image.new("RGB", (40, 20), "#0b7a4b").save(picture, "PNG")
    logo = store.put(picture.getvalue(), media_type="image/png", now=clock.now())
    who = {"company_id": company.pk, "actor_id": owner.pk, "now": clock.now()}
    changed = change_company(**who, logo_id=logo.pk, phone="04 72 00 00 00")
    accounts = accounts_on(company_id=company.pk, day=clock.now().date())
    mapped = map_accounts(
        **who,
        accounts={**accounts, AccountRole.SALES_SERVICES: ("706100", "Prestations")},
        effective_date=clock.now().date(),
    )
    next_year = change_vat_regime(
        **who, since=clock.now().date() + timedelta(days=60), regime=VatRegime.QUARTERLY, on_debits=False
    )
    company.refresh_from_db()
    assert changed is not None
    assert mapped is not None
    parked = Reaction.objects.create(
        event=Event.objects.filter(company=company).latest("id"),
        name="tests.none",
        state=ReactionState.PARKED,
        not_before=clock.now(),
        last_error="rien",
    )
    invitation, _token = invite_member(**who, email="invitee@exemple.test", role=Role.ACCOUNTANT)
    return {
        "dashboard:undo_change.event_id": changed.pk,
        "dashboard:undo_accounts.event_id": mapped.pk,
        "period_id": next_year.pk,
        "reaction_id": parked.pk,
        "invitation_id": invitation.pk,
        "membership_id": Membership.objects.get(company=company, role=Role.ACCOUNTANT).pk,
        "dashboard:first_step.slug": "banque",
        "dashboard:guide.slug": "index",
        "name": "image",
        "pk": 1,
    }


def _tokens(company: Company, owner: User, attempt: PaymentAttempt) -> dict[str, Any]:
    _invitation, invited = invite_member(
        company_id=company.pk, actor_id=owner.pk, email="nouvelle@exemple.test", role=Role.MEMBER, now=clock.now()
    )
    return {
        "dashboard:invitation.token": invited,
        "dashboard:sign_in_link.token": issue_sign_in_link(user=owner, resets_password=False, now=clock.now()),
        "portal:come_back.token": return_token(attempt.pk),
        "portal:gave_up.token": return_token(attempt.pk),
        "portal:open_link.token": NEVER_GIVEN,
        "uidb36": "1",
        "key": "jamais-donnee",
    }


def _accounts(account: ProviderAccount) -> dict[str, UUID | str]:
    return {
        "account_id": account.pk,
        "unmatched_id": _sold_elsewhere(account).pk,
        "provider": "stripe",
        "hook.token": Endpoint.objects.get(account=account).token,
    }


def _sold_elsewhere(account: ProviderAccount) -> UnmatchedPayment:
    charge = PaymentFact("ch_elsewhere", Money(42_00, "EUR"), clock.now(), facts.Method.CARD, "", None, None)
    ref = Ref("charge", charge.id)
    snapshot = Snapshot(ref, live=False, attempt_key="", state=State.PAID, payments=(charge,))
    note_unmatched(account=account, snapshot=snapshot, now=clock.now())
    return UnmatchedPayment.objects.get(account=account)


def _balance(account: ProviderAccount) -> dict[str, Any]:
    """A payout that arrived, and something that the provider knows and the books do not."""
    sale = BalanceFact(
        "txn_1", MovementKind.CHARGE, Money(5000, "EUR"), Money(100, "EUR"), "ch_elsewhere", clock.now(), "Vente"
    )
    fact = PayoutFact(
        id="po_1",
        money=Money(4900, "EUR"),
        standing=PayoutStanding.PAID,
        at=clock.now(),
        arrives_on=clock.now().date(),
        automatic=True,
        descriptor="ATELIER LUMEN",
        lines=(sale,),
    )
    record_payout(account=account, fact=fact, now=clock.now())
    difference = Difference.objects.create(
        company=account.company,
        account=account,
        kind=DifferenceKind.MISSING_HERE,
        source_kind=MovementKind.CHARGE.value,
        source_id="ch_nobody",
        theirs_minor=1000,
        currency="EUR",
        moved_at=clock.now(),
        found_at=clock.now(),
    )
    return {"payout_id": Payout.objects.get(account=account).pk, "difference_id": difference.pk}


def _product(company: Company) -> Product:
    return Product.objects.create(
        company=company,
        description="Pose de luminaires",
        nature=Nature.SERVICES,
        unit="heure",
        unit_price=Decimal(60),
        vat_rate=Decimal(20),
        created_at=FOUNDED_AT,
    )


def _another(company: Company) -> Customer:
    return make_customer(company, name="Chloé Bernard", kind="consumer", siren="", email="chloe@example.test")


def invitation_of(house: FullHouse) -> Invitation:
    return Invitation.objects.get(pk=house.objects["invitation_id"])
