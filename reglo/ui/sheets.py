"""Which style sheets and scripts each kind of page loads, in order. The only list: templates and budgets read it."""

_BASE = ("tokens", "elements", "parts", "blocks")

STYLES = {
    "dashboard": (*_BASE, "floating", "forms", "lists", "frame", "document", "editor", "sheet", "lines", "settings"),
    "portal": (*_BASE, "floating", "forms", "portal"),
    "account": (*_BASE, "forms", "account", "settings"),
}

SCRIPTS = {
    "dashboard": ("page", "keys"),
    "editor": ("lines", "pasting"),  # beside those of the dashboard
    "portal": ("page",),
    "account": (),
}


def style_paths(kind: str) -> list[str]:
    """Paths under /static/ of the style sheets of "dashboard", "portal" or "account"."""
    return [f"ui/{name}.css" for name in STYLES[kind]]


def script_paths(kind: str) -> list[str]:
    """Paths under /static/ of the scripts of "dashboard", "editor", "portal" or "account"."""
    return [f"ui/{name}.js" for name in SCRIPTS[kind]]
