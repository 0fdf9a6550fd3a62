"""Clients: the list, a customer's page, their file."""

from typing import Any

from django.db.models import Q, QuerySet
from django.http import HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils.translation import gettext as _

from reglo.companies.permissions import Right
from reglo.customers.models import Customer
from reglo.dashboard.access import StaffRequest, staff
from reglo.dashboard.asked import whole_number
from reglo.dashboard.drafting import today_of
from reglo.dashboard.forms.customers import CustomerForm
from reglo.dashboard.paging import page_of
from reglo.dashboard.receivables import owed_by_customer
from reglo.dashboard.views.invoices import invoice_token, read_cursor, row_of
from reglo.invoicing.models import Invoice
from reglo.invoicing.queries import Filter, invoice_list
from reglo.money import Money
from reglo.ports import clock
from reglo.ui.notices import notify


@staff(Right.READ)
def customers(request: StaffRequest) -> HttpResponse:
    archived = request.GET.get("etat") == "archives"
    search = request.GET.get("q", "").strip()[:100]
    found = customers_found(request, search).filter(archived_at__isnull=not archived)

    def fetch(after: str, before: str, limit: int) -> list[Customer]:
        return _by_name(found, after, before, limit)

    page = page_of(request.GET, fetch, lambda customer: str(customer.pk))
    owed = owed_by_customer(request.company, [customer.pk for customer in page.rows])
    context = {
        "page": page,
        "rows": [(customer, owed.get(customer.pk, Money.zero(request.company.currency))) for customer in page.rows],
        "search": search,
        "archived": archived,
    }
    return render(request, "dashboard/customers/list.html", context)


@staff(Right.READ)
def customer(request: StaffRequest, customer_id: int) -> HttpResponse:
    """Who they are, what they owe, and their invoices."""
    shown = _customer(request, customer_id)
    today = today_of(request.company, clock.now())

    def fetch(after: str, before: str, limit: int) -> list[Invoice]:
        return invoice_list(
            request.company,
            shown=Filter.ALL,
            search="",
            today=today,
            customer=shown,
            after=read_cursor(after),
            before=read_cursor(before),
            limit=limit,
        )

    page = page_of(request.GET, fetch, invoice_token)
    owed = owed_by_customer(request.company, [shown.pk]).get(shown.pk, Money.zero(request.company.currency))
    context = {"customer": shown, "page": page, "rows": [row_of(i, today) for i in page.rows], "owed": owed}
    return render(request, "dashboard/customers/customer.html", context)


@staff(Right.WRITE)
def new(request: StaffRequest) -> HttpResponse:
    """Create a customer; with `?facture=` or `?devis=` the person comes back to the document, with them on it."""
    form = CustomerForm(request.POST or None, instance=Customer(company=request.company, created_at=clock.now()))
    if form.is_valid():
        created = form.save()
        if editor := _asked_from(request, "edit"):
            return HttpResponseRedirect(f"{editor}?client={created.pk}")
        notify(request, _("Client ajouté."))
        return HttpResponseRedirect(reverse("dashboard:customer", args=[created.pk]))
    return _file(request, form, {"title": _("Nouveau client")})


@staff(Right.WRITE)
def edit(request: StaffRequest, customer_id: int) -> HttpResponse:
    edited = _customer(request, customer_id)
    form = CustomerForm(request.POST or None, instance=edited)
    if form.is_valid():
        form.save()
        notify(request, _("Fiche enregistrée."))
        if check := _asked_from(request, "check"):
            return HttpResponseRedirect(check)
        return HttpResponseRedirect(reverse("dashboard:customer", args=[edited.pk]))
    return _file(request, form, {"title": edited.name, "customer": edited})


@staff(Right.WRITE)
def archive(request: StaffRequest, customer_id: int) -> HttpResponse:
    """Put a customer away: their invoices stay, they are no longer proposed."""
    put_away = _customer(request, customer_id)
    if request.method == "POST":
        put_away.archived_at = clock.now()
        put_away.save(update_fields=["archived_at"])
        undo_url = reverse("dashboard:customer_restore", args=[put_away.pk])
        notify(request, _("Client archivé."), undo_url=undo_url)
    return HttpResponseRedirect(reverse("dashboard:customer", args=[put_away.pk]))


@staff(Right.WRITE)
def restore(request: StaffRequest, customer_id: int) -> HttpResponse:
    back = _customer(request, customer_id)
    if request.method == "POST":
        back.archived_at = None
        back.save(update_fields=["archived_at"])
        notify(request, _("Client rétabli."))
    return HttpResponseRedirect(reverse("dashboard:customer", args=[back.pk]))


def customers_found(request: StaffRequest, search: str) -> QuerySet[Customer]:
    """The company's customers whose name, town, e-mail or SIREN has `search` in it."""
    every = Customer.objects.filter(company=request.company)
    if not search:
        return every
    digits = "".join(search.split())
    return every.filter(
        Q(name__icontains=search) | Q(email__icontains=search) | Q(city__istartswith=search) | Q(siren=digits or "-")
    )


def _asked_from(request: StaffRequest, page: str) -> str:
    """The page of the document that the person came from, empty where there is none."""
    for word, kind in (("facture", "invoice"), ("devis", "quote")):
        if number := whole_number(request.GET.get(word, "")):
            return reverse(f"dashboard:{kind}_{page}", args=[number])
    return ""


def _by_name(found: QuerySet[Customer], after: str, before: str, limit: int) -> list[Customer]:
    """The customers just after one of them, or just before, by name."""
    number = whole_number(after or before)
    edge = found.filter(id=number).first() if number else None
    if edge and before:
        near = found.filter(Q(name__lt=edge.name) | Q(name=edge.name, id__lt=edge.pk))
        return list(near.order_by("-name", "-id")[:limit])[::-1]
    if edge:
        found = found.filter(Q(name__gt=edge.name) | Q(name=edge.name, id__gt=edge.pk))
    return list(found.order_by("name", "id")[:limit])


def _file(request: StaffRequest, form: CustomerForm, context: dict[str, Any]) -> HttpResponse:
    status = 422 if form.is_bound else 200
    return render(request, "dashboard/customers/file.html", {"form": form, **context}, status=status)


def _customer(request: StaffRequest, customer_id: int) -> Customer:
    return get_object_or_404(Customer, company=request.company, id=customer_id)
