"""The address of a one-time sign-in link, for the commands that print one."""

from django.conf import settings
from django.core.management.base import CommandError
from django.urls import reverse

from reglo.companies.queries import person_with
from reglo.companies.services import issue_sign_in_link
from reglo.ports import clock
from reglo.ports.terminal import gettext as _


def sign_in_address(email: str, *, resets_password: bool) -> str:
    """From the fixed public address. Raises CommandError when nobody has this address."""
    person = person_with(email)
    if person is None or not person.is_active:
        raise CommandError(_("Aucun compte n’a l’adresse %(email)s.") % {"email": email})
    token = issue_sign_in_link(user=person, resets_password=resets_password, now=clock.now())
    return settings.BASE_URL + reverse("dashboard:sign_in_link", args=[token])
