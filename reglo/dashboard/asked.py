"""What an address asks for, read without trust."""


def whole_number(text: str) -> int | None:
    """An id, or a place in a list; None for what no row can have."""
    return int(text) if text.isdecimal() and len(text) < 19 else None
