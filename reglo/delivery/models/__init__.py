"""The secure links, the browser sessions they open, the mails that carry them, the alerts, and the mail server."""

from reglo.delivery.models.alert import Alert
from reglo.delivery.models.mail_settings import MailSettings
from reglo.delivery.models.message import Message
from reglo.delivery.models.portal_link import PortalLink
from reglo.delivery.models.portal_session import PortalGrant, PortalSession

__all__ = ["Alert", "MailSettings", "Message", "PortalGrant", "PortalLink", "PortalSession"]
