"""The links that `reglo demo` prints, each time it starts."""

import io
from pathlib import Path

from django.core.management import call_command

from reglo.companies.models import User
from reglo.invoicing.models import Invoice, Settlement
from reglo.operations.demo import supervisor
from reglo.operations.management.commands.prepare_demo import OWNER, links
from reglo.payments.models import ProviderAccount
from tests.payments.conftest import account, invoice, running, stripe, world  # noqa: F401 (fixtures)

DEMO = supervisor.Demo(state=Path("var/demo"), port=8000, sandbox_port=8100, smtp_port=8125)


def test_the_customers_link_opens_an_invoice_that_can_be_paid_now(alice: User, invoice: Invoice):  # noqa: F811 (the fixture)
    made = links(alice)

    assert made.keys() == {"dashboard", "setup", "portal"}
    assert invoice.portal_links.get().right == "view_and_pay"
    assert made["portal"] in supervisor.greeting(DEMO, {**made, "sandbox": "http://localhost:8100"})


def test_a_payment_under_way_is_not_offered_as_one_to_make(alice: User, invoice: Invoice):  # noqa: F811 (the fixture)
    Settlement.objects.filter(invoice=invoice).update(pending_minor=invoice.gross_minor)

    assert "portal" not in links(alice)


def test_once_everything_is_paid_the_demo_still_says_where_to_go(alice: User, invoice: Invoice):  # noqa: F811 (the fixture)
    Settlement.objects.filter(invoice=invoice).update(settled_minor=invoice.gross_minor)
    made = links(alice)

    said = supervisor.greeting(DEMO, {**made, "sandbox": "http://localhost:8100"})

    assert made["dashboard"] in said
    assert "toutes les factures sont réglées" in said


def test_on_another_port_it_is_the_same_demonstration(invoice: Invoice):  # noqa: F811 (the fixture)
    User.objects.filter(memberships__company=invoice.company).update(email=OWNER)
    ProviderAccount.objects.update(installs=["localhost:7999"])

    call_command("prepare_demo", stdout=io.StringIO())

    moved = ProviderAccount.objects.get()
    assert (moved.installs, moved.endpoint_ok) == (["localhost:7999", "localhost:8000"], True)
