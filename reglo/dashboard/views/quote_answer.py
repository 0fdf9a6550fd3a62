"""*Noter la réponse*: the customer answered by telephone, by letter, by e-mail or in person."""

from django.http import HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _

from reglo.companies.permissions import Right
from reglo.dashboard.access import StaffRequest, staff
from reglo.dashboard.drafting import today_of
from reglo.dashboard.forms.quote import AnswerForm
from reglo.dashboard.views.quote_pages import quote_seen
from reglo.errors import RegloError
from reglo.invoicing.models import Quote, QuoteVersion
from reglo.invoicing.quote_answers import Answer
from reglo.invoicing.services import accept_quote, refuse_quote
from reglo.invoicing.states import DecisionChannel, QuoteOutcome, QuoteStatus
from reglo.ports import clock
from reglo.ui.notices import notify

_OPEN = {QuoteStatus.SENT, QuoteStatus.REFUSED}


@staff(Right.WRITE)
def answer(request: StaffRequest, quote_id: int) -> HttpResponse:
    quote = quote_seen(request, quote_id)
    if quote.offered is None or quote.status not in _OPEN:
        return HttpResponseRedirect(reverse("dashboard:quote", args=[quote.pk]))
    today = today_of(request.company, clock.now())
    form = AnswerForm(request.POST or None, version=quote.offered, initial={"given_on": today})
    if not form.is_valid():
        return _page(request, quote, form, status=422 if form.is_bound else 200)
    try:
        _record(request, quote, quote.offered, form)
    except RegloError as refused:
        form.add_error(refused.field if refused.field in form.fields else None, str(refused))
        return _page(request, quote, form, status=refused.status)
    notify(request, _("Réponse notée."))
    return HttpResponseRedirect(reverse("dashboard:quote", args=[quote.pk]))


def _record(request: StaffRequest, quote: Quote, version: QuoteVersion, form: AnswerForm) -> None:
    typed = form.cleaned_data
    given = Answer(
        channel=DecisionChannel(typed["channel"]),
        name=typed["name"],
        recorded_by_id=request.user.pk,
        note=typed["note"],
        given_on=typed["given_on"],
    )
    whose = {"company_id": quote.company_id, "quote_id": quote.pk}
    if typed["outcome"] == QuoteOutcome.REFUSED:
        refuse_quote(**whose, version=version.number, reason=typed["note"], answer=given, now=clock.now())
    else:
        accept_quote(**whose, version=version.number, options=form.options_chosen, answer=given, now=clock.now())


def _page(request: StaffRequest, quote: Quote, form: AnswerForm, *, status: int) -> HttpResponse:
    return render(request, "dashboard/quotes/answer.html", {"quote": quote, "form": form}, status=status)
