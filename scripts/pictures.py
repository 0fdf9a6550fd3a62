"""The pictures of the documentation, taken from the product itself: `make pictures`.

The README's come from a running `make demo`, those of the guides from the screens that `make screens` saved. Both are
reduced to a palette, which keeps a page under 100 kB.
"""

import io
import json
import os
import re
import shutil
from pathlib import Path

from PIL import Image
from playwright.sync_api import Browser, sync_playwright

ROOT = Path(__file__).resolve().parent.parent
DEMO = ROOT / "var/demo/links.json"
SCREENS = ROOT / "var/screens"
README = ROOT / "docs/images"
GUIDES = ROOT / "docs/user"
DESKTOP, PHONE = (1280, 860), (390, 844)
COLOURS = 128
QUIET = ["--no-sandbox", "--disable-gpu", "--font-render-hinting=none", "--lang=fr-FR"]
FRENCH = {"LANGUAGE": "fr", "LANG": "fr_FR.UTF-8"}
NAMED = re.compile(r"\(images/([a-z0-9-]+)\.png\)")


def main() -> None:
    of_the_guides()
    if DEMO.exists():
        of_the_readme(json.loads(DEMO.read_text(encoding="utf-8")))
    else:
        print("No demo is running here: the README's pictures are left as they are.")


def of_the_guides() -> None:
    """Each guide names its pictures (`images/facture-emise.png`); one that begins with `client-` is a phone's."""
    names = sorted({name for guide in GUIDES.glob("*.md") for name in NAMED.findall(guide.read_text(encoding="utf-8"))})
    for name in names:
        width = PHONE[0] if name.startswith("client-") else DESKTOP[0]
        found = next((SCREENS / str(width)).glob(f"[0-9]*[0-9]-{name}.png"), None)
        if found:
            save(found.read_bytes(), GUIDES / "images" / f"{name}.png", most=1200)
        else:
            print(f"{name}: no such screen at {width}; run `make screens`.")


def of_the_readme(links: dict[str, str]) -> None:
    with sync_playwright() as playwright:
        program = os.environ.get("REGLO_CHROMIUM") or shutil.which("chromium")
        browser = playwright.chromium.launch(executable_path=program, args=QUIET, env={**os.environ, **FRENCH})
        look(browser, links["portal"], PHONE, README / "portal-phone.png")
        look(browser, links["dashboard"], DESKTOP, README / "dashboard.png", enter="Entrer", then=links["site"])
        browser.close()


def look(browser: Browser, url: str, size: tuple[int, int], path: Path, *, enter: str = "", then: str = "") -> None:
    page = browser.new_context(viewport={"width": size[0], "height": size[1]}, locale="fr-FR").new_page()
    page.goto(url)
    if enter:
        page.get_by_role("button", name=enter).click()
        page.wait_for_url(f"{then}/**")
        page.goto(f"{then}/factures/")
    page.evaluate("document.fonts.ready")
    save(page.screenshot(animations="disabled"), path, most=size[1])


def save(png: bytes, path: Path, *, most: int) -> None:
    """Cut at `most` pixels of height."""
    image = Image.open(io.BytesIO(png)).convert("RGB")
    image = image.crop((0, 0, image.width, min(image.height, most)))
    path.parent.mkdir(parents=True, exist_ok=True)
    image.quantize(COLOURS, dither=Image.Dither.NONE).save(path, optimize=True)
    print(f"{path.relative_to(ROOT)}: {path.stat().st_size // 1000} kB")


if __name__ == "__main__":
    main()
