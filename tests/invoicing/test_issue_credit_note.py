"""What issuing leaves to its caller: the surplus; and in how many statements."""

import pytest
from django.db import transaction

from reglo.companies.models import Company
from reglo.invoicing.services import issue_credit_note
from reglo.ports import clock as clock_port
from tests.factories import line, make_credit_draft, make_issued
from tests.payments.test_credit_invoice import collect


def test_it_tells_what_is_settled_beyond_what_is_left_owed(company: Company):
    invoice = make_issued(company)
    collect(invoice, 120_00)
    draft = make_credit_draft(invoice, amount_minor=50_00)

    with transaction.atomic():
        note, excess = issue_credit_note(company_id=company.id, credit_note_id=draft.id, now=clock_port.now())
        again = issue_credit_note(company_id=company.id, credit_note_id=draft.id, now=clock_port.now())
        transaction.set_rollback(True)

    assert note.corrects is not None
    assert (excess, note.corrects.settlement.settled_minor, note.corrects.settlement.owed_minor) == (
        50_00,
        70_00,
        70_00,
    )
    assert (again[0].number, again[1]) == (note.number, 0)


@pytest.mark.parametrize("lines", [1, 40])
def test_its_statements_do_not_grow_with_its_lines(lines: int, company: Company, django_assert_max_num_queries):
    draft = make_credit_draft(make_issued(company, lines=[line()] * lines))

    most = django_assert_max_num_queries(25 + 2)  # the savepoint around it in a test is not ours
    with most, transaction.atomic():
        issue_credit_note(company_id=company.id, credit_note_id=draft.id, now=clock_port.now())
