"""What each request may carry. Anything else is refused, as the API refuses it.

A field reads text (or a nested map or list of it) into a typed value, or raises the API's own error with the
parameter's full name.
"""

import difflib
import re
from dataclasses import dataclass, field
from typing import Any, Protocol
from urllib.parse import urlsplit

from sandbox.stripe.errors import StripeError, invalid

EMAIL = re.compile(r"^[^@\s]+@[^@\s]+\.[^@\s.]+$")
CURRENCIES = {
    "eur": 2,
    "usd": 2,
    "gbp": 2,
    "chf": 2,
    "cad": 2,
    "sek": 2,
    "pln": 2,
    "jpy": 0,
    "krw": 0,
    "bhd": 3,
    "kwd": 3,
}


class Field(Protocol):
    @property
    def required(self) -> bool: ...

    def read(self, value: Any, name: str) -> Any: ...


def text_of(value: Any, name: str) -> str:
    if not isinstance(value, str):
        raise invalid("Invalid string: must be a plain value", param=name)
    return value


def refuse_empty(value: str, name: str) -> None:
    if value == "":
        message = (
            f"You passed an empty string for '{name}'. We assume empty values are an attempt to unset a parameter; "
            f"however '{name}' cannot be unset. You should remove '{name}' from your request or supply a "
            "non-empty value."
        )
        raise invalid(message, param=name, code="parameter_invalid_empty")


@dataclass(frozen=True)
class Text:
    required: bool = False
    longest: int = 5000
    may_unset: bool = False

    def read(self, value: Any, name: str) -> str | None:
        text = text_of(value, name)
        if text == "" and self.may_unset:
            return None
        refuse_empty(text, name)
        if len(text) > self.longest:
            message = f"Invalid string: {text[:10]}...{text[-10:]}; must be at most {self.longest} characters"
            raise invalid(message, param=name)
        return text


@dataclass(frozen=True)
class Email:
    required: bool = False

    def read(self, value: Any, name: str) -> str | None:
        text = text_of(value, name)
        refuse_empty(text, name)
        if not EMAIL.match(text):
            raise invalid(f"Invalid email address: {text}", param=name, code="email_invalid")
        return text


@dataclass(frozen=True)
class Url:
    required: bool = False

    def read(self, value: Any, name: str) -> str:
        text = text_of(value, name)
        refuse_empty(text, name)
        parts = urlsplit(text)
        if parts.scheme not in {"http", "https"} or not parts.hostname:
            raise invalid("Not a valid URL", param=name, code="url_invalid")
        return text


@dataclass(frozen=True)
class Integer:
    required: bool = False
    least: int | None = None

    def read(self, value: Any, name: str) -> int:
        text = text_of(value, name)
        refuse_empty(text, name)
        if not re.fullmatch(r"-?\d{1,15}", text):
            raise invalid(f"Invalid integer: {text}", param=name, code="parameter_invalid_integer")
        number = int(text)
        if self.least is not None and number < self.least:
            message = f"This value must be greater than or equal to {self.least}."
            raise invalid(message, param=name, code="parameter_invalid_integer")
        return number


@dataclass(frozen=True)
class Boolean:
    required: bool = False

    def read(self, value: Any, name: str) -> bool:
        text = text_of(value, name)
        if text not in {"true", "false"}:
            raise invalid(f"Invalid boolean: {text}", param=name)
        return text == "true"


@dataclass(frozen=True)
class Currency:
    required: bool = False

    def read(self, value: Any, name: str) -> str:
        text = text_of(value, name).lower()
        if text not in CURRENCIES:
            raise invalid(f"Invalid currency: {text}. Stripe currently supports these currencies: "
                          f"{', '.join(CURRENCIES)}", param=name)  # fmt: skip
        return text


@dataclass(frozen=True)
class Choice:
    options: tuple[str, ...]
    required: bool = False

    def read(self, value: Any, name: str) -> str:
        text = text_of(value, name)
        if text not in self.options:
            among = (
                ", ".join(self.options[:-1]) + f", or {self.options[-1]}" if len(self.options) > 1 else self.options[0]
            )
            raise invalid(f"Invalid {name}: must be one of {among}", param=name)
        return text


@dataclass(frozen=True)
class Metadata:
    """Up to 50 pairs, keys of 40 and values of 500 characters; an empty value unsets."""

    required: bool = False

    def read(self, value: Any, name: str) -> dict[str, str]:
        if value == "":
            return {}
        if not isinstance(value, dict):
            raise invalid(f"Invalid hash: {name}", param=name)
        if len(value) > 50:
            raise invalid("Metadata can have up to 50 keys.", param=name)
        for key, inner in value.items():
            if len(key) > 40:
                raise invalid(f"Metadata keys can have up to 40 characters. Invalid key: {key}", param=name)
            if len(text_of(inner, f"{name}[{key}]")) > 500:
                message = (
                    "Metadata values can have up to 500 characters, but you passed in a value that is "
                    f"{len(inner)} characters. Invalid value: {inner[:500]}"
                )
                raise invalid(message, param=f"{name}[{key}]")
        return dict(value)


@dataclass(frozen=True)
class Group:
    fields: dict[str, Field]
    required: bool = False

    def read(self, value: Any, name: str) -> dict[str, Any]:
        if not isinstance(value, dict):
            raise invalid("Invalid object", param=name)
        return read_fields(self.fields, value, name)


@dataclass(frozen=True)
class Many:
    of: Field
    required: bool = False
    most: int = 100

    def read(self, value: Any, name: str) -> list[Any]:
        if value == "":
            return []
        if not isinstance(value, list):
            raise invalid("Invalid array", param=name)
        if len(value) > self.most:
            raise invalid(f"Array must have at most {self.most} items.", param=name)
        return [self.of.read(item, f"{name}[{number}]") for number, item in enumerate(value)]


@dataclass(frozen=True)
class Between:
    """A moment, or a map of bounds `gt`, `gte`, `lt`, `lte`: both read as the map."""

    required: bool = False
    bounds: Group = field(default_factory=lambda: Group({name: Integer() for name in ("gt", "gte", "lt", "lte")}))

    def read(self, value: Any, name: str) -> dict[str, int]:
        if isinstance(value, str):
            moment = Integer().read(value, name)
            return {"gte": moment, "lte": moment}
        return self.bounds.read(value, name)


def read_fields(fields: dict[str, Field], given: dict[str, Any], inside: str = "") -> dict[str, Any]:
    """The typed values of `given`. Raises for an unknown name, a missing one, or a wrong value, in that order."""

    def full(name: str) -> str:
        return f"{inside}[{name}]" if inside else name

    unknown = [name for name in given if name not in fields]
    if unknown:
        raise unknown_parameters([full(name) for name in unknown], unknown[0], list(fields))
    for name, one in fields.items():
        if one.required and name not in given:
            raise invalid(f"Missing required param: {full(name)}.", param=full(name), code="parameter_missing")
    return {name: fields[name].read(value, full(name)) for name, value in given.items()}


def unknown_parameters(names: list[str], first: str, known: list[str]) -> StripeError:
    plural = "s" if len(names) > 1 else ""
    message = f"Received unknown parameter{plural}: {', '.join(names)}"
    if close := difflib.get_close_matches(first, known, n=1):
        message += f". Did you mean {close[0]}?"
    return invalid(message, param=names[0], code="parameter_unknown")


ADDRESS = Group({name: Text(may_unset=True) for name in ("city", "country", "line1", "line2", "postal_code", "state")})
SHIPPING = Group({"name": Text(), "phone": Text(), "carrier": Text(), "tracking_number": Text(), "address": ADDRESS})
PAGING: dict[str, Field] = {
    "limit": Integer(least=1),
    "starting_after": Text(),
    "ending_before": Text(),
    "created": Between(),
}
