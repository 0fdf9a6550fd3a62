"""An issued invoice goes to its customer: by e-mail, by a link to copy, by SMS, or by a QR code shown on the spot."""

from typing import Any
from urllib.parse import quote

from django.http import HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils import translation
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from reglo.companies.permissions import Right
from reglo.customers.models import Customer
from reglo.dashboard.access import StaffRequest, staff
from reglo.dashboard.drafting import today_of
from reglo.dashboard.forms.messages import MessageForm
from reglo.dashboard.views.invoice_pages import invoice_seen
from reglo.delivery.mail import parts_of, signature
from reglo.delivery.models import Message
from reglo.delivery.queries import mail_settings_of
from reglo.delivery.services import MailNotConfigured, MailText, address_of, prepare_message, queue_message
from reglo.delivery.services.queue_message import LONGEST_BODY
from reglo.errors import RegloError
from reglo.invoicing.content import DocumentContent
from reglo.invoicing.models import Invoice
from reglo.payments.card_offers import CardOffer, card_offer
from reglo.ports import clock
from reglo.rendering.payment_codes import address_code
from reglo.ui import formats
from reglo.ui.notices import notify, notify_failure


@staff(Right.SEND)
def send(request: StaffRequest, invoice_id: int) -> HttpResponse:
    """The paper plane: the e-mail is ready, to be changed, then sent."""
    invoice = invoice_seen(request, invoice_id)
    if invoice.is_draft:
        return HttpResponseRedirect(reverse("dashboard:invoice_check", args=[invoice.pk]))
    message = _prepared(invoice)
    typed = {field: getattr(message, field) for field in ("to", "subject", "body", "attach_pdf")}
    form = MessageForm(request.POST or None, initial=typed)
    if not form.is_valid():
        return _send_page(request, invoice, message, form, status=422 if form.is_bound else 200)
    text = MailText(**{**form.cleaned_data, "body": form.cleaned_data["body"].replace("\r\n", "\n")})
    try:
        queue_message(
            company_id=request.company.id, message_id=message.pk, text=text, actor_id=request.user.pk, now=clock.now()
        )
    except RegloError as refused:
        form.add_error(refused.field, str(refused))
        return _send_page(request, invoice, message, form, status=refused.status)
    notify(request, _("E-mail à %s : il part dans un instant.") % text.to)
    return HttpResponseRedirect(reverse("dashboard:invoice", args=[invoice.pk]))


@staff(Right.SEND)
@require_POST
def mail_preview(request: StaffRequest, invoice_id: int) -> HttpResponse:
    """The e-mail as its reader will see it, with the words being typed."""
    invoice = invoice_seen(request, invoice_id)
    message = _prepared(invoice)
    message.body = request.POST.get("body", "")[:LONGEST_BODY]
    return render(request, "dashboard/invoices/mail_preview.html", _as_read(invoice, message))


@staff(Right.SEND)
def link(request: StaffRequest, invoice_id: int) -> HttpResponse:
    """The secure link, to be copied or sent by SMS."""
    invoice = invoice_seen(request, invoice_id)
    if invoice.is_draft:
        return HttpResponseRedirect(reverse("dashboard:invoice_check", args=[invoice.pk]))
    return render(request, "dashboard/invoices/link.html", _shared(invoice, _prepared(invoice)))


@staff(Right.SEND)
def pay_now(request: StaffRequest, invoice_id: int) -> HttpResponse:
    """*Faire payer maintenant*: a QR code that fills the screen, for a customer standing there.

    Nobody is asked to pay what is paid, on its way, or disputed.
    """
    invoice = invoice_seen(request, invoice_id)
    if invoice.is_draft:
        return HttpResponseRedirect(reverse("dashboard:invoice_check", args=[invoice.pk]))
    card = _card(invoice)
    if card.refusal and not card.may_be_asked_for:
        notify_failure(request, str(card.refusal.label))
        return HttpResponseRedirect(reverse("dashboard:invoice", args=[invoice.pk]))
    context = _shared(invoice, _prepared(invoice))
    context["code"] = SafeString(address_code(context["address"]))
    return render(request, "dashboard/invoices/pay_now.html", context)


def _prepared(invoice: Invoice) -> Message:
    """Found again as long as it was not sent: looking twice makes one link."""
    return prepare_message(company_id=invoice.company_id, invoice_id=invoice.pk, now=clock.now())


def _send_page(
    request: StaffRequest, invoice: Invoice, message: Message, form: MessageForm, *, status: int = 200
) -> HttpResponse:
    if form.is_bound:
        message.body = form.data.get("body", "")[:LONGEST_BODY]
    context = {
        **_shared(invoice, message),
        **_as_read(invoice, message),
        "form": form,
        "can_mail": mail_settings_of(request.company.id) is not None,
        "not_configured": MailNotConfigured(),
    }
    return render(request, "dashboard/invoices/send.html", context, status=status)


def _as_read(invoice: Invoice, message: Message) -> dict[str, Any]:
    seller = DocumentContent.from_json(invoice.frozen).seller
    return {"message": message, "parts": parts_of(message), "signature": signature(seller)}


def _shared(invoice: Invoice, message: Message) -> dict[str, Any]:
    """The link, and what the phone's own application would send: the customer reads it in the document's language."""
    address, language = address_of(message), DocumentContent.from_json(invoice.frozen).language
    words = {
        "seller": invoice.company.name,
        "number": invoice.number,
        "amount": formats.amount(invoice.remaining, language=language),
        "address": address,
    }
    with translation.override(language):
        owed = _("%(seller)s : votre facture %(number)s, %(amount)s, à voir et à payer ici : %(address)s")
        settled = _("%(seller)s : votre facture %(number)s, déjà réglée, à voir ici : %(address)s")
        credited = _("%(seller)s : votre avoir %(number)s, à voir ici : %(address)s")
        text = (credited if invoice.is_credit_note else owed if invoice.remaining else settled) % words
    sms_url = sms_address(invoice.customer, text)
    return {"invoice": invoice, "address": address, "sms_url": sms_url, "card": _card(invoice)}


def sms_address(customer: Customer | None, text: str) -> SafeString:
    """What opens the phone's own application, to this customer where their number is known."""
    phone = "".join(character for character in (customer.phone if customer else "") if character in "+0123456789")
    return SafeString(f"sms:{phone}?&body={quote(text)}")


def _card(invoice: Invoice) -> CardOffer:
    return card_offer(invoice, company=invoice.company, today=today_of(invoice.company, clock.now()))
