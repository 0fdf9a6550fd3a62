"""This machine, and nothing beyond it."""

import ipaddress


def is_loopback(host: str) -> bool:
    """`host` as in a URL or an option, without port: a name or an address."""
    if host == "localhost" or host.endswith(".localhost"):
        return True
    try:
        return ipaddress.ip_address(host.strip("[]")).is_loopback
    except ValueError:
        return False
