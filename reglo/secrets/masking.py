"""What is written where people read loses its keys and tokens first: logs, and the errors that are kept."""

import re

# Tokens of ours are 43 URL-safe characters (`ports.ids.new_token`), wherever they stand.
_SECRETS = re.compile(
    r"""
      (?P<key>\b(?:rk|sk|whsec)_)[A-Za-z0-9_+/=-]+
    | (?P<scheme>\b(?:bearer|basic)\s+)[A-Za-z0-9._~+/=-]+
    | (?P<header>\bauthorization["']?\s*[:=]\s*["']?)(?!bearer|basic)[^\s"',]+
    | (?P<reset>/compte/mot-de-passe/oublie/)[0-9A-Za-z]+-[^/\s"]+
    | (?:(?<![A-Za-z0-9_-])|(?<=%2F))[A-Za-z0-9_-]{43}(?![A-Za-z0-9_-])
    """,
    re.VERBOSE | re.IGNORECASE,
)


def mask(text: str) -> str:
    """`text` with every key, token, reset link and Authorization value replaced by `***`."""
    return _SECRETS.sub(lambda found: next((kept for kept in found.groups() if kept), "") + "***", text)
