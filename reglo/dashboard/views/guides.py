"""The user guides, read from `docs/user`: a question on a page is answered one click away, without leaving."""

from pathlib import Path

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from markdown_it import MarkdownIt
from markdown_it.token import Token

from reglo.dashboard.access import anyone

# Raw HTML is shown as text: a guide is Markdown and nothing else.
MARKDOWN = MarkdownIt("commonmark", {"html": False}).enable("table")


@anyone("a guide holds nothing private")
def guide(request: HttpRequest, slug: str = "index") -> HttpResponse:
    path = Path(settings.GUIDES_ROOT) / f"{slug}.md"
    if not path.is_file():
        raise Http404
    tokens = MARKDOWN.parse(path.read_text(encoding="utf-8"))
    title = next((tokens[i + 1].content for i, token in enumerate(tokens) if token.type == "heading_open"), slug)
    for token in tokens:
        _point_here(token)
    html = MARKDOWN.renderer.render(tokens, MARKDOWN.options, {})
    return render(request, "dashboard/guide.html", {"title": title, "html": html, "is_index": slug == "index"})


@anyone("a guide holds nothing private")
def picture(request: HttpRequest, name: str) -> HttpResponse:
    path = Path(settings.GUIDES_ROOT) / "images" / f"{name}.png"
    if not path.is_file():
        raise Http404
    return HttpResponse(path.read_bytes(), content_type="image/png")


def _point_here(token: Token) -> None:
    """Links between the files (`banque.md#iban`) and to `images/` lead to our addresses of them."""
    for child in token.children or []:
        target = str(child.attrs.get("href", ""))
        name, _, anchor = target.partition("#")
        if child.type == "link_open" and name.endswith(".md") and "/" not in name:
            page = reverse("dashboard:guide", args=[name.removesuffix(".md")])
            child.attrs["href"] = f"{page}#{anchor}" if anchor else page
        source = str(child.attrs.get("src", ""))
        if child.type == "image" and source.startswith("images/"):
            child.attrs["src"] = reverse("dashboard:guide_picture", args=[Path(source).stem])
