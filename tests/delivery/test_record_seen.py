from reglo.delivery.models import MailSettings, Message
from reglo.delivery.services import MailText, address_of, open_link, prepare_message, queue_message, record_seen
from reglo.delivery.states import MessageState
from reglo.events.kinds import Kind
from reglo.events.models import Event
from reglo.events.worker import run_until_idle
from reglo.invoicing.models import Invoice
from reglo.ports import clock


def test_the_mail_becomes_lien_consulte_at_the_first_gesture(mail_settings: MailSettings, invoice: Invoice) -> None:
    message = prepare_message(company_id=invoice.company_id, invoice_id=invoice.id, now=clock.now())
    token = address_of(message).rsplit("/", 1)[1]
    text = MailText(message.to, message.subject, message.body)
    queue_message(company_id=invoice.company_id, message_id=message.id, text=text, actor_id=None, now=clock.now())
    run_until_idle()
    open_link(token=token, session_key=None, now=clock.now())
    message.refresh_from_db()
    assert message.state == MessageState.SENT  # fetched, by a scanner perhaps
    record_seen(link=message.link, now=clock.now())
    message.refresh_from_db()
    assert message.get_state_display() == "Lien consulté"
    assert Event.objects.get(kind=Kind.LINK_OPENED).subject_id == str(invoice.id)


def test_a_link_copied_by_hand_says_so_without_touching_the_mail(invoice: Invoice) -> None:
    message = prepare_message(company_id=invoice.company_id, invoice_id=invoice.id, now=clock.now())
    record_seen(link=message.link, now=clock.now())
    record_seen(link=message.link, now=clock.now())
    assert Message.objects.get().state == MessageState.PREPARED
    assert Event.objects.filter(kind=Kind.LINK_OPENED).count() == 1
