"""The SDK's request types made strict.

`stripe.params.*` are TypedDicts generated from Stripe's own description of exactly our version of its API. They become pydantic
models that forbid unknown keys, close the enums that the SDK leaves open (`Literal[…] | str`), and read the text of a form body.
"""

import re
import sys
import types
import typing
from collections.abc import Callable
from decimal import Decimal
from functools import cache
from typing import Annotated, Any, Literal, NotRequired, Required, Union, get_args, get_origin

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, TypeAdapter, ValidationError, create_model
from stripe._request_options import RequestOptions
from typing_extensions import is_typeddict

#: Options of the call, not parameters of the request; older classes inherit them.
CALL_OPTIONS = frozenset(RequestOptions.__annotations__)


class Absent:
    """Stands for classes that a request's text can never be."""

    def __class_getitem__(cls, item: object) -> type["Absent"]:
        return cls


class WireViolation(AssertionError):
    """What went over the wire is not what the SDK's own types allow."""


def numbered(value: object) -> object:
    """`{"0": a, "1": b}`, which is how a list looks in a form body, as the list."""
    if isinstance(value, dict) and set(value) == {str(place) for place in range(len(value))}:
        return [value[str(place)] for place in range(len(value))]
    return value


def truth(value: object) -> object:
    if value not in {"true", "false"}:
        raise ValueError("a boolean is written true or false")
    return value


def whole(value: object) -> object:
    if not isinstance(value, str) or not re.fullmatch(r"-?\d+", value):
        raise ValueError("a whole number is written in digits")
    return value


def one_of(options: list[Any]) -> Any:
    return Union[tuple(options)]  # noqa: UP007 - the options are only known here


def strict(annotation: Any, module: str) -> Any:
    """The strict form of an annotation written in `module`."""
    if isinstance(annotation, typing.ForwardRef):
        annotation = annotation.__forward_arg__
    if isinstance(annotation, str):
        names = {**vars(typing), "Decimal": Decimal, **vars(sys.modules[module])}
        names.update(UntypedStripeObject=Absent, StripeContext=Absent)
        return strict(eval(annotation, names), module)
    origin, arguments = get_origin(annotation), get_args(annotation)
    if origin in {NotRequired, Required}:
        return strict(arguments[0], module)
    if origin in {Union, types.UnionType}:
        return strict_union(arguments, module)
    if origin is list:
        return Annotated[list[strict(arguments[0], module)], BeforeValidator(numbered)]
    if origin is dict:
        return dict[str, strict(arguments[1], module)]
    if annotation is bool:
        return Annotated[bool, BeforeValidator(truth)]
    if annotation is int:
        return Annotated[int, BeforeValidator(whole)]
    return model_of(annotation) if is_typeddict(annotation) else annotation


def strict_union(options: tuple[Any, ...], module: str) -> Any:
    """A union that has words of its own does not take any other word."""
    read = [strict(option, module) for option in options if option is not Absent]
    words = any(get_origin(option) is Literal and get_args(option) != ("",) for option in read)
    return one_of([option for option in read if not (words and option is str) and option is not Absent])


@cache
def model_of(shape: Any) -> type[BaseModel]:
    """`shape` is a TypedDict of the SDK."""
    fields: dict[str, Any] = {}
    for name, annotation in shape.__annotations__.items():
        if name in CALL_OPTIONS:
            continue
        required = name in shape.__required_keys__ and get_origin(annotation) is not NotRequired
        read = strict(annotation, shape.__module__)
        # Under a name of ours: some of the SDK's would hide a method of the model.
        fields[f"given_{name}"] = (read if required else read | None, Field(... if required else None, alias=name))
    config = ConfigDict(extra="forbid")
    return create_model(shape.__name__, __config__=config, **fields)


def checker(shape: Any) -> Callable[[dict[str, Any]], None]:
    """A function that raises WireViolation for parameters that `shape` does not allow."""
    adapter = TypeAdapter(model_of(shape))

    def check(parameters: dict[str, Any]) -> None:
        try:
            adapter.validate_python(parameters)
        except ValidationError as error:
            raise WireViolation(f"{shape.__name__}: {error}") from error

    return check
