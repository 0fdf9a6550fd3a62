"""The way back in for somebody who lost their second factor, given by whoever holds the machine."""

from datetime import datetime

from allauth.mfa.models import Authenticator
from django.contrib.auth import SESSION_KEY
from django.contrib.sessions.models import Session
from django.core.management.base import CommandError
from django.db import transaction

from reglo.companies.models import Membership, User
from reglo.companies.queries import person_with
from reglo.events.kinds import Kind
from reglo.events.record import record
from reglo.ports.terminal import gettext as _


def reset_second_factor(*, email: str, now: datetime) -> int:
    """Forget the person's keys, applications and recovery codes, and end their sessions. How many proofs went.

    Their companies keep the trace. Raises CommandError when nobody has this address, or no second factor.
    """
    person = person_with(email)
    if person is None:
        raise CommandError(_("Aucun compte n’a l’adresse %(email)s.") % {"email": email})
    with transaction.atomic():
        forgotten: int = Authenticator.objects.filter(user=person).delete()[0]
        if not forgotten:
            nothing = _("%(email)s n’a pas de double authentification : il n’y a rien à oublier.")
            raise CommandError(nothing % {"email": email})
        for membership in Membership.objects.filter(user=person, left_at=None).order_by("company_id"):
            record(
                kind=Kind.MEMBER_FACTOR_RESET,
                company_id=membership.company_id,
                subject=membership,
                now=now,
                content={"name": str(person), "email": person.email},
            )
        _end_sessions(person)
    return forgotten


def _end_sessions(person: User) -> None:
    """Django writes the person inside the session: each one is opened to see whose it is."""
    theirs = [
        session.session_key
        for session in Session.objects.iterator()
        if session.get_decoded().get(SESSION_KEY) == str(person.pk)
    ]
    Session.objects.filter(session_key__in=theirs).delete()
