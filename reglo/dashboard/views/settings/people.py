"""Who works here: the members, the invitations still open, and what each may do."""

from django.conf import settings
from django.http import Http404, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from reglo.companies.models import Invitation, Membership
from reglo.companies.permissions import Right
from reglo.companies.queries import members_of, open_invitations
from reglo.companies.services import (
    AlreadyMember,
    LastOwnerStays,
    change_member,
    invite_member,
    remove_member,
    revoke_invitation,
)
from reglo.dashboard.access import StaffRequest, staff
from reglo.dashboard.forms.people import InvitationForm, RoleForm
from reglo.dashboard.views.settings.subjects import PEOPLE, SUBJECTS
from reglo.ports import clock
from reglo.ui.notices import notify


@staff(Right.SETTINGS)
def people(request: StaffRequest) -> HttpResponse:
    return _people(request, InvitationForm())


@staff(Right.SETTINGS)
@require_POST
def invite(request: StaffRequest) -> HttpResponse:
    """The page again, with the link to copy: shown this once, for only its hash is kept."""
    form = InvitationForm(request.POST)
    if form.is_valid():
        try:
            invitation, token = invite_member(
                company_id=request.company.pk, actor_id=request.user.pk, now=clock.now(), **form.cleaned_data
            )
        except AlreadyMember as error:
            form.refuse(error)
        else:
            link = settings.BASE_URL + reverse("dashboard:invitation", args=[token])
            return _people(request, InvitationForm(), link=link, invited=invitation)
    return _people(request, form)


@staff(Right.SETTINGS)
@require_POST
def revoke(request: StaffRequest, invitation_id: int) -> HttpResponse:
    try:
        invitation = revoke_invitation(company_id=request.company.pk, invitation_id=invitation_id, now=clock.now())
    except Invitation.DoesNotExist:
        raise Http404 from None
    notify(request, _("L’invitation de %(email)s est annulée : son lien ne marche plus.") % {"email": invitation.email})
    return HttpResponseRedirect(reverse(PEOPLE.route))


@staff(Right.SETTINGS)
def member(request: StaffRequest, membership_id: int) -> HttpResponse:
    """What one member may do; their removal is confirmed on the same page."""
    found = members_of(company_id=request.company.pk).filter(pk=membership_id).first()
    if found is None:
        raise Http404
    form = RoleForm(request.POST or None, initial={"role": found.role, "may_finalise": found.may_finalise})
    if request.method == "POST" and form.is_valid():
        try:
            change_member(
                company_id=request.company.pk,
                membership_id=membership_id,
                actor_id=request.user.pk,
                now=clock.now(),
                **form.cleaned_data,
            )
        except LastOwnerStays as error:
            form.add_error("role", str(error))
        else:
            notify(request, _("Le rôle de %(name)s est enregistré.") % {"name": found.user})
            mine = found.user_id == request.user.pk  # who just gave up the role may not see this page any more
            return HttpResponseRedirect(reverse("dashboard:home" if mine else PEOPLE.route))
    return render(
        request,
        "dashboard/settings/member.html",
        {"form": form, "member": found, "subject": PEOPLE, "subjects": SUBJECTS},
        status=422 if form.errors else 200,
    )


@staff(Right.SETTINGS)
@require_POST
def remove(request: StaffRequest, membership_id: int) -> HttpResponse:
    """Raises LastOwnerStays."""
    try:
        gone = remove_member(
            company_id=request.company.pk, membership_id=membership_id, actor_id=request.user.pk, now=clock.now()
        )
    except Membership.DoesNotExist:
        raise Http404 from None
    if gone.user_id == request.user.pk:
        return HttpResponseRedirect(reverse("dashboard:home"))
    notify(request, _("%(name)s n’a plus accès à l’entreprise.") % {"name": gone.user})
    return HttpResponseRedirect(reverse(PEOPLE.route))


def _people(
    request: StaffRequest, form: InvitationForm, *, link: str = "", invited: Invitation | None = None
) -> HttpResponse:
    return render(
        request,
        "dashboard/settings/people.html",
        {
            "form": form,
            "link": link,
            "invited": invited,
            "members": members_of(company_id=request.company.pk),
            "invitations": open_invitations(company_id=request.company.pk, now=clock.now()),
            "subject": PEOPLE,
            "subjects": SUBJECTS,
        },
        status=422 if form.errors else 200,
    )
