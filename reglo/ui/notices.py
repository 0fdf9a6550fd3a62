"""What was just done, said once on the next page, with the way to undo it."""

from django.contrib import messages
from django.http import HttpRequest


def notify(request: HttpRequest, text: str, *, undo_url: str = "") -> None:
    """Show `text` as a toast on the next page; with `undo_url` it has a button *Annuler*, which posts there."""
    messages.success(request, text, extra_tags=undo_url)


def notify_failure(request: HttpRequest, text: str) -> None:
    """Show `text` as a toast that stays until it is dismissed."""
    messages.error(request, text)
