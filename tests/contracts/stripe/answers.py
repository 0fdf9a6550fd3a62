"""Answers compared with the SDK's resource classes: every attribute that may not be null is there, with the right primitive type,
recursively, and words come from the lists that the classes give.
"""

import sys
import types
import typing
from collections.abc import Iterator
from decimal import Decimal
from functools import cache
from typing import Any, ClassVar, Literal, Union, get_args, get_origin

import stripe
from stripe._list_object import ListObject
from stripe._object_classes import OBJECT_CLASSES, get_object_class
from stripe._stripe_object import StripeObject, UntypedStripeObject

#: Attributes that the SDK itself adds, or that belong to its machinery.
OWN = frozenset({"OBJECT_NAME"})
PRIMITIVES: dict[Any, Any] = {str: str, int: int, bool: bool, float: (int, float), Decimal: str}


def problems(body: Any, where: str = "") -> list[str]:
    """What is wrong with a decoded answer, as "path: reason" lines; nothing for a kind the SDK has no class for."""
    return list(of_object(body, where or str(body.get("object", "answer"))))


def of_object(body: dict[str, Any], where: str) -> Iterator[str]:
    kind = body.get("object")
    if kind == "list":
        yield from of_list(body, where)
    elif body.get("deleted") is True:
        if not isinstance(body.get("id"), str):
            yield f"{where}: a deleted object keeps its id"
    elif kind in OBJECT_CLASSES:
        yield from of_class(body, get_object_class("V1", str(kind)), where)


def of_list(body: dict[str, Any], where: str) -> Iterator[str]:
    for name, expected in (("data", list), ("has_more", bool), ("url", str)):
        if not isinstance(body.get(name), expected):
            yield f"{where}.{name}: missing or of the wrong type"
    for place, one in enumerate(body.get("data") or []):
        yield from of_object(one, f"{where}.data[{place}]")


@cache
def attributes(shape: type) -> dict[str, tuple[Any, str]]:
    """Annotation and defining module of every attribute."""
    found: dict[str, tuple[Any, str]] = {}
    for base in shape.__mro__:
        if base in {StripeObject, object} or not issubclass(base, StripeObject):
            continue
        for name, annotation in vars(base).get("__annotations__", {}).items():
            if not name.startswith("_") and name not in OWN and get_origin(annotation) is not ClassVar:
                found.setdefault(name, (annotation, base.__module__))
    return found


def of_class(body: dict[str, Any], shape: type, where: str) -> Iterator[str]:
    for name, (annotation, module) in attributes(shape).items():
        wire_name = getattr(shape, "_field_remappings", {}).get(name, name)
        here = f"{where}.{wire_name}"
        if wire_name not in body:
            if not may_be_null(annotation):
                yield f"{here}: missing"
            continue
        yield from of_value(body[wire_name], annotation, module, here)


def may_be_null(annotation: Any) -> bool:
    return get_origin(annotation) in {Union, types.UnionType} and type(None) in get_args(annotation)


def of_value(value: Any, annotation: Any, module: str, where: str) -> Iterator[str]:
    origin, arguments = get_origin(annotation), get_args(annotation)
    if isinstance(annotation, str | typing.ForwardRef):
        yield from of_reference(value, annotation, module, where)
    elif origin in {Union, types.UnionType}:
        yield from of_union(value, arguments, module, where)
    elif origin is Literal:
        if value not in arguments:
            yield f"{where}: {value!r} is not one of the known words"
    elif origin is list:
        if not isinstance(value, list):
            yield f"{where}: not a list"
        else:
            for place, one in enumerate(value):
                yield from of_value(one, arguments[0], module, f"{where}[{place}]")
    elif origin in {ListObject, UntypedStripeObject} or annotation in {ListObject, UntypedStripeObject}:
        yield from of_mapping(value, where)
    elif annotation in PRIMITIVES:
        if not isinstance(value, PRIMITIVES[annotation]) or (annotation is int and isinstance(value, bool)):
            yield f"{where}: {value!r} is not {annotation.__name__}"
    elif isinstance(annotation, type) and issubclass(annotation, StripeObject):
        if isinstance(value, dict):
            yield from of_class(value, annotation, where)
        else:
            yield f"{where}: not an object"


def of_mapping(value: Any, where: str) -> Iterator[str]:
    if not isinstance(value, dict):
        yield f"{where}: not an object"
    elif "object" in value:
        yield from of_object(value, where)


def of_union(value: Any, options: tuple[Any, ...], module: str, where: str) -> Iterator[str]:
    """Null where allowed; else the option that fits, words first: an open enum is taken as closed."""
    if value is None:
        if type(None) not in options:
            yield f"{where}: null"
        return
    words = [option for option in options if get_origin(option) is Literal]
    if words and isinstance(value, str):
        yield from of_value(value, words[0], module, where)
        return
    others = [option for option in options if option is not type(None) and option not in words]
    found = [list(of_value(value, option, module, where)) for option in others]
    if found and all(found):
        yield from min(found, key=len)


def of_reference(value: Any, annotation: Any, module: str, where: str) -> Iterator[str]:
    """A class named before it exists: an inner class of the module, or another resource, known by its `object`."""
    name = annotation if isinstance(annotation, str) else annotation.__forward_arg__
    if isinstance(value, dict) and value.get("object") in {*OBJECT_CLASSES, "list"}:
        yield from of_object(value, where)
        return
    try:
        found = eval(name, {**vars(typing), **vars(stripe), **vars(sys.modules[module])})
    except NameError:
        if not isinstance(value, dict):
            yield f"{where}: {value!r} is not an object ({name})"
        return
    yield from of_value(value, found, module, where)
