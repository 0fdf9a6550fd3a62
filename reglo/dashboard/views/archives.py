"""Comptabilité > Archives: a signed archive of a period is asked for, prepared, downloaded."""

from typing import cast
from uuid import UUID

from django.http import FileResponse, Http404, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from reglo.archives.models import Archive, SigningKey
from reglo.archives.services import BadPeriod, request_archive
from reglo.archives.states import ArchiveState
from reglo.companies.permissions import Right
from reglo.dashboard.access import StaffRequest, staff
from reglo.dashboard.drafting import today_of
from reglo.dashboard.forms.archives import ArchiveForm
from reglo.files import store
from reglo.ports import clock
from reglo.ui.notices import notify

SHOWN = 20
UNDER_WAY = (ArchiveState.REQUESTED, ArchiveState.BUILDING)


@staff(Right.READ_MONEY)
def archives(request: StaffRequest) -> HttpResponse:
    form = ArchiveForm(request.POST or None, today=today_of(request.company, clock.now()))
    if form.is_valid():
        try:
            request_archive(
                company_id=request.company.pk,
                first_day=form.cleaned_data["first_day"],
                last_day=form.cleaned_data["last_day"],
                now=clock.now(),
                actor_id=request.user.pk,
            )
        except BadPeriod as refused:
            form.add_error(refused.field, str(refused))
        else:
            notify(request, _("L’archive se prépare : vous pouvez quitter cette page."))
            return HttpResponseRedirect(reverse("dashboard:archives"))
    context = {**_listed(request), "form": form}
    return render(request, "dashboard/ledger/archives.html", context, status=422 if form.errors else 200)


@staff(Right.READ_MONEY)
@require_safe
def progress(request: StaffRequest) -> HttpResponse:
    """The list alone, asked for again while something is being prepared."""
    return render(request, "dashboard/ledger/archive_list.html", _listed(request))


@staff(Right.READ_MONEY)
@require_safe
def archive_file(request: StaffRequest, archive_id: UUID) -> HttpResponse:
    archive = Archive.objects.filter(company=request.company, id=archive_id, state=ArchiveState.READY).first()
    if archive is None or archive.expires_at is None or archive.expires_at <= clock.now():
        raise Http404
    path = store.path_of(archive.sha256)
    if not path.exists():
        raise store.FileMissing(sha256=archive.sha256)
    download = FileResponse(
        path.open("rb"), as_attachment=True, filename=archive.filename, content_type="application/zip"
    )
    return cast(HttpResponse, download)  # the decorator only sets a header


def _listed(request: StaffRequest) -> dict[str, object]:
    rows = list(Archive.objects.filter(company=request.company).order_by("-requested_at")[:SHOWN])
    key = SigningKey.objects.filter(company=request.company).first()
    return {
        "archives": rows,
        "under_way": any(row.state in UNDER_WAY for row in rows),
        "fingerprint": key.public_hex if key else "",
    }
