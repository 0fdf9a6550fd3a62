"""What may be done with links and mails: one verb, one file."""

from reglo.delivery.services.alert_owners import alert_owners
from reglo.delivery.services.create_link import InvoiceNotIssued, NewLink, create_link
from reglo.delivery.services.grant_payment import grant_payment
from reglo.delivery.services.open_link import LinkUnusable, Opening, open_link
from reglo.delivery.services.prepare_message import address_of, prepare_message
from reglo.delivery.services.prune_sessions import prune_sessions
from reglo.delivery.services.queue_message import (
    BodyRefused,
    MailText,
    RecipientRefused,
    SubjectRefused,
    queue_message,
)
from reglo.delivery.services.record_seen import record_seen
from reglo.delivery.services.renew_link import renew_link
from reglo.delivery.services.revoke_link import revoke_link
from reglo.delivery.services.save_mail_settings import (
    MailSettingsInput,
    MailSettingsRefused,
    save_mail_settings,
)
from reglo.delivery.services.send_alert import send_alert
from reglo.delivery.services.send_message import MailNotSent, send_message
from reglo.delivery.services.send_receipt import send_receipt
from reglo.delivery.services.send_refusal import send_refusal
from reglo.delivery.services.tell_chain_heads import tell_chain_heads
from reglo.delivery.services.try_mail_settings import try_mail_settings
from reglo.delivery.smtp import MailNotConfigured

__all__ = [
    "BodyRefused",
    "InvoiceNotIssued",
    "LinkUnusable",
    "MailNotConfigured",
    "MailNotSent",
    "MailSettingsInput",
    "MailSettingsRefused",
    "MailText",
    "NewLink",
    "Opening",
    "RecipientRefused",
    "SubjectRefused",
    "address_of",
    "alert_owners",
    "create_link",
    "grant_payment",
    "open_link",
    "prepare_message",
    "prune_sessions",
    "queue_message",
    "record_seen",
    "renew_link",
    "revoke_link",
    "save_mail_settings",
    "send_alert",
    "send_message",
    "send_receipt",
    "send_refusal",
    "tell_chain_heads",
    "try_mail_settings",
]
