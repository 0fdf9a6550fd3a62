"""What was typed in one document, typed again in another: every column that they share, whichever these become."""

from typing import Any, TypeVar

from reglo.invoicing.models import DocumentHead, DocumentLine

L = TypeVar("L", bound=DocumentLine)
_REVISION = "revision"  # how often a draft was saved is its own affair


def line_like(model: type[L], line: DocumentLine, **changes: Any) -> L:
    """An unsaved line of `model` that says the same as `line`, but for `changes`."""
    typed = {field.attname: getattr(line, field.attname) for field in DocumentLine._meta.local_concrete_fields}
    return model(**{**typed, **changes})


def copy_head(source: DocumentHead, target: DocumentHead) -> None:
    """Type the head of `source` in `target`, with its totals."""
    for field in DocumentHead._meta.local_concrete_fields:
        if field.attname != _REVISION:
            setattr(target, field.attname, getattr(source, field.attname))
