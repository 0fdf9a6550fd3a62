"""The people of the story and what they know, carried from step to step."""

from typing import Any

from playwright.sync_api import Browser

from tests.browser.installation import Installation
from tests.browser.visitor import Gallery, Visitor

OWNER = "camille@atelier-lumen.example"
COLLEAGUE = "bastien@atelier-lumen.example"
CUSTOMER = "claire@restaurant-le-quai.example"
PASSWORD = "une longue phrase de passe"


class Story:
    """`owner` has one browser for the whole story; others are let in by `newcomer`."""

    def __init__(
        self, installation: Installation, chromium: Browser, gallery: Gallery, width: int, height: int
    ) -> None:
        self.installation, self.chromium, self.gallery = installation, chromium, gallery
        self.width, self.height = width, height
        self.is_phone = width < 640
        self.broken_at = ""
        self.visitors: list[Visitor] = []
        self.owner = self.newcomer()
        self.customer = self.newcomer(on_phone=True)
        self.key = ""  # the restricted key made at Stripe's
        self.number = ""  # of the invoice that the customer pays
        self.link = ""  # its secure link, read in the e-mail
        self.paper = b""  # its PDF, as the owner downloaded it
        self.issued: Any = None  # the invoice collected by hand
        self.return_url = ""  # where the payment page sent the customer back to

    def newcomer(self, *, on_phone: bool = False) -> Visitor:
        """A browser that knows nothing yet; `on_phone` whatever the width of the story."""
        size: dict[str, Any] = {"width": self.width, "height": self.height}
        if on_phone:
            size = {"width": 390, "height": 844}
        phone = size["width"] < 640
        context = self.chromium.new_context(
            viewport=size, locale="fr-FR", timezone_id="Europe/Paris", has_touch=phone, reduced_motion="reduce"
        )
        visitor = Visitor(context, self.gallery)
        self.visitors.append(visitor)
        return visitor

    def open(self, path: str) -> None:
        self.owner.page.goto(self.installation.url + path)

    def close(self) -> None:
        for visitor in self.visitors:
            visitor.close()
