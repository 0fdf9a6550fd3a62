"""*Contrôle avant émission*, then *Finaliser la facture*."""

from dataclasses import dataclass

from django.http import HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from reglo.companies.permissions import Right, may
from reglo.dashboard.access import StaffRequest, staff
from reglo.dashboard.drafting import sums_shown, today_of, totals_of_draft
from reglo.dashboard.forms.billing import BillingForm
from reglo.dashboard.forms.company import BankForm
from reglo.dashboard.forms.trades import TradesForm
from reglo.dashboard.views.invoice_pages import invoice_seen
from reglo.invoicing.issue_check import Problem, blocking, doubtful
from reglo.invoicing.models import Invoice
from reglo.invoicing.queries import deductions_planned, deposits_to_deduct, problems_before_issue
from reglo.invoicing.services import InvoiceIncomplete, issue_invoice
from reglo.invoicing.states import DocumentKind
from reglo.money import Money
from reglo.ports import clock
from reglo.ui.notices import notify


@dataclass(frozen=True, slots=True)
class ToMend:
    """A problem with the page where it is mended; no page where somebody else has to."""

    message: str
    url: str


@staff(Right.WRITE)
def check(request: StaffRequest, invoice_id: int) -> HttpResponse:
    invoice = invoice_seen(request, invoice_id)
    if not invoice.is_draft or invoice.is_credit_note:
        return HttpResponseRedirect(reverse("dashboard:invoice", args=[invoice.pk]))
    problems = problems_before_issue(invoice, company=request.company, today=today_of(request.company, clock.now()))
    return _check_page(request, invoice, problems)


@staff(Right.FINALISE)
@require_POST
def issue(request: StaffRequest, invoice_id: int) -> HttpResponse:
    """Finalise; pressed twice, it is finalised once."""
    invoice = invoice_seen(request, invoice_id)
    try:
        issued = issue_invoice(
            company_id=request.company.id, invoice_id=invoice.pk, now=clock.now(), actor_id=request.user.pk
        )
    except InvoiceIncomplete as incomplete:
        today = today_of(request.company, clock.now())
        doubts = doubtful(problems_before_issue(invoice, company=request.company, today=today))
        return _check_page(request, invoice, [*incomplete.problems, *doubts], status=incomplete.status)
    if invoice.is_draft:
        notify(request, _("Facture %s finalisée.") % issued.number)
    return HttpResponseRedirect(reverse("dashboard:invoice", args=[issued.pk]))


def _check_page(
    request: StaffRequest, invoice: Invoice, problems: list[Problem] | tuple[Problem, ...], *, status: int = 200
) -> HttpResponse:
    planned = deductions_planned(invoice)
    deducted = sum(one.content.gross_minor for one in planned)
    context = {
        "invoice": invoice,
<<<<<<< ours
        "deductions": planned,
        "deductible": invoice.kind == DocumentKind.INVOICE and (planned or deposits_to_deduct(invoice)),
        "to_pay": Money(totals_of_draft(invoice).gross_minor - deducted, invoice.currency),
        "problems": to_mend(request, problems, invoice),
        "sums": sums_shown(invoice, totals_of_draft(invoice), company=request.company),
||||||| base
        "problems": to_mend(request, problems, invoice),
        "sums": sums_shown(totals_of_draft(invoice), company=request.company),
=======
        "problems": to_mend(request, blocking(problems), invoice),
        "doubts": to_mend(request, doubtful(problems), invoice),
        "sums": sums_shown(totals_of_draft(invoice), company=request.company),
>>>>>>> theirs
        "today": today_of(request.company, clock.now()),
    }
    return render(request, "dashboard/invoices/check.html", context, status=status)


def to_mend(request: StaffRequest, problems: list[Problem] | tuple[Problem, ...], invoice: Invoice) -> list[ToMend]:
    return [ToMend(problem.message, _mending_page(request, problem, invoice)) for problem in problems]


<<<<<<< ours
def sellers_page(request: StaffRequest, problem: Problem) -> str:
    """Where what the company lacks is mended; empty where somebody else has to."""
    if not may(request.membership, Right.SETTINGS):
||||||| base
def _mending_page(request: StaffRequest, problem: Problem, invoice: Invoice) -> str:
    if problem.place in {"company", "accounts"} and not may(request.membership, Right.SETTINGS):
=======
def _page_of(field: str) -> str:
    """The page of the configuration that has this column of the company."""
    pages = {
        "settings_bank": BankForm.Meta.fields,
        "settings_billing": BillingForm.Meta.fields,
        "settings_trades": TradesForm.Meta.fields,
    }
    return next((page for page, fields in pages.items() if field in fields), "settings_company")


def _mending_page(request: StaffRequest, problem: Problem, invoice: Invoice) -> str:
    if problem.place in {"company", "accounts"} and not may(request.membership, Right.SETTINGS):
>>>>>>> theirs
        return ""
<<<<<<< ours
    if problem.place == "accounts":
        return reverse("dashboard:settings_accounts")
    page = "settings_bank" if problem.field in BankForm.Meta.fields else "settings_company"
    return f"{reverse(f'dashboard:{page}')}#id_{problem.field}"


def _mending_page(request: StaffRequest, problem: Problem, invoice: Invoice) -> str:
    if problem.place in {"company", "accounts"}:
        return sellers_page(request, problem)
    if problem.place == "customer":
        page = reverse("dashboard:customer_edit", args=[invoice.customer_id])
        return f"{page}?facture={invoice.pk}#id_{problem.field}"
    if problem.place == "deductions":
        return reverse("dashboard:invoice_deductions", args=[invoice.pk])
||||||| base
    match problem.place:
        case "company":
            page = "settings_bank" if problem.field in BankForm.Meta.fields else "settings_company"
            return f"{reverse(f'dashboard:{page}')}#id_{problem.field}"
        case "accounts":
            return reverse("dashboard:settings_accounts")
        case "customer":
            page = reverse("dashboard:customer_edit", args=[invoice.customer_id])
            return f"{page}?facture={invoice.pk}#id_{problem.field}"
=======
    match problem.place:
        case "company":
            return f"{reverse(f'dashboard:{_page_of(problem.field)}')}#id_{problem.field}"
        case "accounts":
            return reverse("dashboard:settings_accounts")
        case "customer":
            page = reverse("dashboard:customer_edit", args=[invoice.customer_id])
            return f"{page}?facture={invoice.pk}#id_{problem.field}"
>>>>>>> theirs
    if invoice.is_credit_note:
        return reverse("dashboard:credit_note_edit", args=[invoice.pk])
    anchor = {"lines": "lines", "customer": "pick-customer"}.get(problem.field, f"id_{problem.field}")
    return f"{reverse('dashboard:invoice_edit', args=[invoice.pk])}#{anchor}"
