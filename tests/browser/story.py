"""The people of the story and what they know, carried from step to step."""

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
        self.broken_at = ""
        self.visitors: list[Visitor] = []
        self.owner = self.newcomer()
        self.customer = self.newcomer()
        self.first_draft = ""  # the page of the invoice that the story is about, while it is typed
        self.key = ""  # the restricted key made at Stripe's
        self.number = ""  # of the invoice that the customer pays
        self.link = ""  # its secure link, read in the e-mail
        self.paper = b""  # its PDF, as the owner downloaded it
        self.collected_page = ""  # of the invoice collected by hand
        self.collected_number = ""
        self.colleague = self.owner  # until theirs has a browser of its own
        self.codes_secret = ""  # what their application of codes was given
        self.return_url = ""  # where the payment page sent the customer back to

    def newcomer(self) -> Visitor:
        """A browser that knows nothing yet."""
        context = self.chromium.new_context(
            viewport={"width": self.width, "height": self.height},
            locale="fr-FR",
            timezone_id="Europe/Paris",
            has_touch=self.width < 640,
            reduced_motion="reduce",
        )
        visitor = Visitor(context, self.gallery)
        self.visitors.append(visitor)
        return visitor

    def open(self, path: str) -> None:
        self.owner.page.goto(self.installation.url + path)

    def close(self) -> None:
        for visitor in self.visitors:
            visitor.close()
