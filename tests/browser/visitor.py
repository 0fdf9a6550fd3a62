"""One person's browser. Every page looked at is photographed, and must be silent, accessible and in shape."""

from pathlib import Path

from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import BrowserContext, ConsoleMessage, Error, Page

SHOW_VIOLATIONS = """
document.addEventListener("securitypolicyviolation", (refused) =>
  console.error(`CSP: ${refused.violatedDirective} refuses ${refused.blockedURI}`));
"""
PATIENCE = 10_000  # milliseconds, of which a page needs a few hundred on a busy machine
OVERFLOW = "document.documentElement.scrollWidth - document.documentElement.clientWidth"
# Pictures in view are painted and nothing moves any more.
SETTLED = """async () => {
  await document.fonts.ready;
  await Promise.all([...document.images].filter((image) => !image.complete && image.loading !== "lazy")
    .map((image) => image.decode().catch(() => {})));
  await Promise.all(document.getAnimations().map((animation) => animation.finished.catch(() => {})));
}"""


class Gallery:
    """The screens of one width, numbered in the order of the story."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.count = 0
        folder.mkdir(parents=True, exist_ok=True)
        for old in folder.glob("*.png"):
            old.unlink()

    def hang(self, page: Page, name: str, *, whole: bool) -> None:
        self.count += 1
        page.screenshot(path=self.folder / f"{self.count:02d}-{name}.png", full_page=whole, animations="disabled")


class Visitor:
    def __init__(self, context: BrowserContext, gallery: Gallery) -> None:
        self.context, self.gallery = context, gallery
        self.complaints: list[str] = []
        context.set_default_timeout(PATIENCE)
        context.add_init_script(SHOW_VIOLATIONS)
        context.on("console", self._hear)
        context.on("weberror", lambda error: self.complaints.append(f"script: {error.error}"))
        self.page: Page = context.new_page()

    def _hear(self, message: ConsoleMessage) -> None:
        if message.type not in {"error", "warning"} or self._is_a_known_refusal(message):
            return
        self.complaints.append(f"{message.type}: {message.text} ({message.location.get('url', '')})")

    @staticmethod
    def _is_a_known_refusal(message: ConsoleMessage) -> bool:
        """A page that refuses (a wrong form, a declined card) answers so, and Chromium says it by itself."""
        return "status of 422" in message.text or "status of 402" in message.text

    def look(self, name: str, *, page: Page | None = None, whole: bool = False) -> None:
        """Photograph the page, then demand: nothing said in the console, no serious barrier, nothing beyond the edge."""
        shown = page or self.page
        shown.wait_for_load_state()
        shown.evaluate(SETTLED)
        self.gallery.hang(shown, name, whole=whole)
        assert self.complaints == [], f"{name}: {self.complaints}"
        assert barriers(shown) == [], name
        assert shown.evaluate(OVERFLOW) <= 0, f"{name}: wider than the screen by {shown.evaluate(OVERFLOW)} px"

    def follow(self, label: str) -> Page:
        """Click the link that opens another tab; the tab."""
        with self.context.expect_page() as opened:
            self.page.get_by_role("link", name=label).click()
        opened.value.wait_for_load_state()
        return opened.value

    def close(self) -> None:
        try:
            self.context.close()
        except Error:  # the browser is gone already
            return


def barriers(page: Page) -> list[str]:
    """What axe finds serious or critical: rule, words, first place."""
    found = Axe().run(page, options={"resultTypes": ["violations"]}).response["violations"]
    return [
        f"{one['id']}: {one['help']} → {'; '.join(node['html'][:200] for node in one['nodes'][:3])}"
        for one in found
        if one["impact"] in {"serious", "critical"}
    ]
