"""What the frame of the dashboard shows. `ui` knows no address of its own: the dashboard fills this in."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Entry:
    """One word of the bar. `icon` is a heroicon; a phone has room for four, the others go into the account menu."""

    label: str
    url: str
    icon: str
    current: bool = False
    on_phone: bool = True


@dataclass(frozen=True, slots=True)
class Link:
    label: str
    url: str


@dataclass(frozen=True, slots=True)
class Alert:
    """What must not wait, above every page, with its one next action."""

    text: str
    button: str
    url: str


@dataclass(frozen=True, slots=True)
class Frame:
    """The context variable `frame` of `ui/dashboard.html`. An empty address hides what it would lead to."""

    company: str
    home_url: str
    entries: tuple[Entry, ...]
    logo_url: str = ""
    practice: bool = False
    search_url: str = ""
    search: str = ""
    new_invoice_url: str = ""
    help_url: str = ""
    settings_url: str = ""
    person: str = ""
    account: tuple[Link, ...] = ()
    sign_out_url: str = ""
    foot: str = ""
    alert: Alert | None = None

    @property
    def initials(self) -> str:
        """« CM » for « Claire Martin », « C » for « claire@example.fr »."""
        words = self.person.split("@")[0].split()
        return "".join(word[0] for word in (words[:1] + words[1:][-1:])).upper()
