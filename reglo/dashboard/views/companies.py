"""Which company the person works in."""

from django.http import Http404, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.utils.http import url_has_allowed_host_and_scheme

from reglo.companies.queries import may_found_company
from reglo.dashboard.access import COMPANY_IN_SESSION, PersonRequest, memberships_of, person


@person
def choose(request: PersonRequest) -> HttpResponse:
    """List the person's companies; a posted one becomes the current one."""
    memberships = memberships_of(request.user)
    next_url = local_address(request.POST.get("next") or request.GET.get("next", ""))
    if request.method == "POST":
        chosen = next((m for m in memberships if str(m.company_id) == request.POST.get("company")), None)
        if chosen is None:
            raise Http404
        request.session[COMPANY_IN_SESSION] = chosen.company_id
        return HttpResponseRedirect(next_url)
    return render(
        request,
        "dashboard/companies.html",
        {"memberships": memberships, "next": next_url, "may_found": may_found_company(request.user)},
    )


def local_address(address: str) -> str:
    """`address` when it is a page of ours, else the home page: nobody is sent elsewhere by a link."""
    return address if url_has_allowed_host_and_scheme(address, allowed_hosts=None) else "/"
