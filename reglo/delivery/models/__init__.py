"""The secure links, the browser sessions they open, the mails that carry them, and the server that takes the mails."""

from reglo.delivery.models.mail_settings import MailSettings
from reglo.delivery.models.message import Message
from reglo.delivery.models.portal_link import PortalLink
from reglo.delivery.models.portal_session import PortalGrant, PortalSession

__all__ = ["MailSettings", "Message", "PortalGrant", "PortalLink", "PortalSession"]
