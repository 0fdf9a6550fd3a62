"""A simulated clock and a real company never share an installation: its documents would bear invented dates."""

from django.conf import settings

from reglo.companies.models import Company
from reglo.database.readiness import NotReady
from reglo.ports.terminal import gettext as _


def refuse_simulation_beside_real_company() -> None:
    """Raises NotReady."""
    if settings.SIMULATION and Company.objects.filter(practice=False).exists():
        raise NotReady(
            _("REGLO_SIMULATION=1 est refusé à côté d’une entreprise réelle. Retirez-le, ou prenez une autre base.")
        )
