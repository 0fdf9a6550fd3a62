"""Pages of a list: newest first, cursors by object name."""

from typing import Any

from sandbox.stripe.errors import invalid, missing
from sandbox.stripe.objects import Json


def listed(found: list[Json], given: dict[str, Any], url: str) -> Json:
    """One page of `found` (newest first). Raises where a cursor names no object of this list, or both are given."""
    limit = given.get("limit", 10)
    if limit > 100:
        message = "This value must be less than or equal to 100."
        raise invalid(message, param="limit", code="parameter_invalid_integer")
    if "starting_after" in given and "ending_before" in given:
        raise invalid("You cannot specify both `starting_after` and `ending_before`.", param="ending_before")
    bounds = given.get("created", {})
    found = [one for one in found if within(one["created"], bounds)]
    if "starting_after" in given:
        found = found[position(found, given["starting_after"], "starting_after", url) + 1 :]
        page, more = found[:limit], len(found) > limit
    elif "ending_before" in given:
        found = found[: position(found, given["ending_before"], "ending_before", url)]
        page, more = found[-limit:], len(found) > limit
    else:
        page, more = found[:limit], len(found) > limit
    return {"object": "list", "data": page, "has_more": more, "url": url}


def within(moment: int, bounds: dict[str, int]) -> bool:
    return (
        moment > bounds.get("gt", -1)
        and moment >= bounds.get("gte", 0)
        and moment < bounds.get("lt", moment + 1)
        and moment <= bounds.get("lte", moment)
    )


def position(found: list[Json], name: str, param: str, url: str) -> int:
    for place, one in enumerate(found):
        if one["id"] == name:
            return place
    raise missing(url.rpartition("/")[2].removesuffix("s"), name, param=param, status=400)
