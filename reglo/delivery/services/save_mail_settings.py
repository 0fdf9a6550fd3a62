"""Write down which server takes the company's mails."""

import ipaddress
from dataclasses import dataclass
from datetime import datetime

from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.db import transaction
from django.utils.translation import gettext_lazy as _

from reglo.companies.locks import lock_company
from reglo.delivery.headers import is_one_line
from reglo.delivery.mail_servers import NotAMailServer, check_typed
from reglo.delivery.models import MailSettings
from reglo.delivery.states import Security
from reglo.errors import RegloError
from reglo.events.kinds import Kind
from reglo.events.record import record


class MailSettingsRefused(RegloError):
    """`field` names the column of MailSettings, or `password`."""

    code = "mail_settings_refused"
    message = "%(reason)s"


@dataclass(frozen=True, slots=True)
class MailSettingsInput:
    """The settings as typed. `password` None keeps the one known."""

    host: str
    port: int
    security: Security
    username: str
    password: str | None
    from_address: str
    from_name: str = ""


def save_mail_settings(
    *, company_id: int, typed: MailSettingsInput, actor_id: int | None, now: datetime
) -> MailSettings:
    """Replace the company's mail server. Raises MailSettingsRefused; nothing is then written."""
    _check(typed)
    with transaction.atomic():
        lock_company(company_id)
        known = MailSettings.objects.filter(company_id=company_id).first()
        saved = known or MailSettings(company_id=company_id)
        if typed.password is None and saved.sealed_password and _goes_elsewhere(saved, typed):
            _refuse(
                "password",
                _("Tapez à nouveau le mot de passe : il ne part pas vers un autre serveur sans vous."),
            )
        saved.host, saved.port, saved.security = typed.host.strip(), typed.port, typed.security
        saved.username = typed.username.strip()
        saved.from_address, saved.from_name = typed.from_address.strip(), typed.from_name.strip()
        if typed.password is not None or not saved.username:
            saved.seal_password(typed.password or "")
        if saved.sealed_password and saved.security == Security.NONE and not _is_this_machine(saved.host):
            _refuse("security", _("Choisissez un chiffrement : le mot de passe voyagerait en clair."))
        saved.changed_at, saved.tested_at = now, None
        saved.save()
        record(
            kind=Kind.COMPANY_CHANGED,
            company_id=company_id,
            subject=saved.company,
            actor_id=actor_id,
            now=now,
            content={"mail_server": saved.host, "from": saved.from_address},
        )
    return saved


def _check(typed: MailSettingsInput) -> None:
    if not typed.host.strip() or any(character.isspace() or character in "/@" for character in typed.host.strip()):
        _refuse("host", _("Indiquez le nom du serveur, par exemple smtp.exemple.fr."))
    if not 1 <= typed.port <= 65535:
        _refuse("port", _("Indiquez un port entre 1 et 65535 ; 587 est le plus courant."))
    if typed.security not in Security.values:
        _refuse("security", _("Choisissez un chiffrement."))
    if not is_one_line(typed.username):
        _refuse("username", _("Écrivez l’identifiant sur une seule ligne."))
    if not is_one_line(typed.from_name):
        _refuse("from_name", _("Écrivez le nom sur une seule ligne."))
    try:
        validate_email(typed.from_address.strip())
    except ValidationError:
        _refuse("from_address", _("Indiquez une adresse e-mail, par exemple factures@exemple.fr."))
    try:
        check_typed(typed.host.strip(), typed.port)
    except NotAMailServer as refused:
        _refuse(refused.field, str(refused))


def _refuse(field: str, reason: object) -> None:
    raise MailSettingsRefused(field=field, reason=reason)


def _goes_elsewhere(saved: MailSettings, typed: MailSettingsInput) -> bool:
    """A known password must not be drawn to another server by whoever may edit the form."""
    before = (saved.host, saved.port, saved.security, saved.username)
    return before != (typed.host.strip(), typed.port, typed.security, typed.username.strip())


def _is_this_machine(host: str) -> bool:
    if host == "localhost":
        return True
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False
