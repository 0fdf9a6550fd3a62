"""A finalised quote goes to its customer: by e-mail, or by a link to copy or to send by SMS."""

from typing import Any
from uuid import UUID

from django.http import HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils import translation
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from reglo.companies.permissions import Right
from reglo.dashboard.access import StaffRequest, staff
from reglo.dashboard.forms.messages import MessageForm
from reglo.dashboard.views.invoice_sharing import sms_address
from reglo.dashboard.views.quote_pages import quote_seen
from reglo.delivery.mail import parts_of, signature
from reglo.delivery.models import Message, PortalLink
from reglo.delivery.queries import mail_settings_of
from reglo.delivery.services import (
    MailNotConfigured,
    MailText,
    address_of,
    prepare_quote_message,
    queue_message,
    revoke_link,
)
from reglo.delivery.services.queue_message import LONGEST_BODY
from reglo.errors import RegloError
from reglo.invoicing.content import DocumentContent
from reglo.invoicing.models import Quote
from reglo.ports import clock
from reglo.ui import formats
from reglo.ui.notices import notify


@staff(Right.SEND)
def send(request: StaffRequest, quote_id: int) -> HttpResponse:
    """The paper plane: the e-mail is ready, to be changed, then sent."""
    quote = quote_seen(request, quote_id)
    if quote.is_draft:
        return HttpResponseRedirect(reverse("dashboard:quote_check", args=[quote.pk]))
    message = _prepared(quote)
    typed = {field: getattr(message, field) for field in ("to", "subject", "body", "attach_pdf")}
    form = _form(request, typed)
    if not form.is_valid():
        return _send_page(request, quote, message, form, status=422 if form.is_bound else 200)
    text = MailText(**{**form.cleaned_data, "body": form.cleaned_data["body"].replace("\r\n", "\n")})
    try:
        queue_message(
            company_id=request.company.pk, message_id=message.pk, text=text, actor_id=request.user.pk, now=clock.now()
        )
    except RegloError as refused:
        form.add_error(refused.field, str(refused))
        return _send_page(request, quote, message, form, status=refused.status)
    notify(request, _("E-mail à %s : il part dans un instant.") % text.to)
    return HttpResponseRedirect(reverse("dashboard:quote", args=[quote.pk]))


@staff(Right.SEND)
@require_POST
def mail_preview(request: StaffRequest, quote_id: int) -> HttpResponse:
    """The e-mail as its reader will see it, with the words being typed."""
    quote = quote_seen(request, quote_id)
    if quote.is_draft:
        return HttpResponseRedirect(reverse("dashboard:quote_check", args=[quote.pk]))
    message = _prepared(quote)
    message.body = request.POST.get("body", "")[:LONGEST_BODY]
    return render(request, "dashboard/invoices/mail_preview.html", _as_read(message))


@staff(Right.SEND)
def link(request: StaffRequest, quote_id: int) -> HttpResponse:
    """The secure link, to be copied or sent by SMS."""
    quote = quote_seen(request, quote_id)
    if quote.is_draft:
        return HttpResponseRedirect(reverse("dashboard:quote_check", args=[quote.pk]))
    return render(request, "dashboard/quotes/link.html", _shared(quote, _prepared(quote)))


@staff(Right.SEND)
def revoke(request: StaffRequest, quote_id: int, link_id: UUID) -> HttpResponse:
    """Asked once more, since it is for good: nobody knows the token any more."""
    quote = quote_seen(request, quote_id)
    found = get_object_or_404(PortalLink, company=request.company, quote=quote, id=link_id)
    page = reverse("dashboard:quote", args=[quote.pk])
    if request.method == "POST":
        revoke_link(company_id=request.company.pk, link_id=found.pk, actor_id=request.user.pk, now=clock.now())
        notify(request, _("Lien révoqué : il n’ouvre plus le devis."))
        return HttpResponseRedirect(page)
    if not found.is_usable(clock.now()):
        return HttpResponseRedirect(page)
    return render(request, "dashboard/quotes/link_revoke.html", {"quote": quote, "link": found})


def _form(request: StaffRequest, typed: dict[str, Any]) -> MessageForm:
    form = MessageForm(request.POST or None, initial=typed)
    form.fields["attach_pdf"].label = _("Joindre le PDF du devis")
    return form


def _prepared(quote: Quote) -> Message:
    """Found again as long as it was not sent: looking twice makes one link."""
    return prepare_quote_message(company_id=quote.company_id, quote_id=quote.pk, now=clock.now())


def _send_page(
    request: StaffRequest, quote: Quote, message: Message, form: MessageForm, *, status: int = 200
) -> HttpResponse:
    if form.is_bound:
        message.body = form.data.get("body", "")[:LONGEST_BODY]
    context = {
        **_shared(quote, message),
        **_as_read(message),
        "form": form,
        "can_mail": mail_settings_of(request.company.pk) is not None,
        "not_configured": MailNotConfigured(),
    }
    return render(request, "dashboard/quotes/send.html", context, status=status)


def _as_read(message: Message) -> dict[str, Any]:
    seller = DocumentContent.from_json(message.frozen).seller
    return {"message": message, "parts": parts_of(message), "signature": signature(seller)}


def _shared(quote: Quote, message: Message) -> dict[str, Any]:
    """The link, and what the phone's own application would send, in the language of the quote."""
    assert quote.offered is not None, "only what is finalised is shared"
    address, language = address_of(message), DocumentContent.from_json(message.frozen).language
    words = {
        "seller": quote.company.name,
        "number": quote.number,
        "amount": formats.amount(quote.offered.gross, language=language),
        "address": address,
    }
    with translation.override(language):
        text = _("%(seller)s : votre devis %(number)s, %(amount)s, à lire et à accepter ici : %(address)s") % words
    return {"quote": quote, "address": address, "sms_url": sms_address(quote.customer, text)}
