"""The one base class of every refusal the product explains to a person.

A subclass is a fact (`InvoiceAlreadyIssued`), defined in the file that raises it. Its `code` is data: stable,
documented in `docs/reference/errors.md`, never renamed. Anything that is not a `RegloError` is a bug.
"""

from typing import Any, ClassVar


class RegloError(Exception):
    """A refusal with a stable `code`, an HTTP `status` and a French sentence that says what to do.

    `message` may hold `%(name)s` places, filled from the keyword arguments kept in `params`. `field` names the form
    field the sentence belongs beside, where there is one.
    """

    code: ClassVar[str]
    status: ClassVar[int] = 422
    message: ClassVar[Any]  # str, or a lazy translation of one

    def __init__(self, *, field: str | None = None, **params: object) -> None:
        self.field = field
        self.params = params
        super().__init__(self.code)

    def __str__(self) -> str:
        return str(self.message) % self.params if self.params else str(self.message)
