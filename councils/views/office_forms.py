"""The office's own form filled from an application: for the applicant, and for officials of the recruitment."""

import io

from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpResponseBase
from django.shortcuts import get_object_or_404
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from core.audit.models import AccessAct
from core.audit.services import log_access
from core.limits import client_address
from councils.models import Application
from councils.office_forms import filled_form, forms_of
from councils.queries.own import own_application
from councils.states import ApplicationStatus
from councils.views.recruitment import shown_recruitment
from reports.form_download import as_download
from reports.models import OfficeForm
from residents.desk.site import doorkeeper
from residents.views import SignedInRequest

PERSONAL_DATA = "councils.application"


@login_required
@never_cache
@require_safe
def own_form(request: SignedInRequest, pk: int, form_pk: int) -> HttpResponseBase:
    """The applicant's own. An address with a key fills none: whoever finds the receipt would read everything."""
    own = own_application(shown_recruitment(request, pk), request.user)
    if own is None or own.number is None or own.erased_at is not None:
        raise Http404
    form = _form(own, form_pk)
    return as_download(form, io.BytesIO(filled_form(form, own)))


@never_cache
@require_safe
@doorkeeper
def officials_form(request: SignedInRequest, application_pk: int, form_pk: int) -> HttpResponseBase:
    """For officials who take in and handle applications here; noted in the access log."""
    application = get_object_or_404(
        Application.objects.exclude(status=ApplicationStatus.DRAFT).select_related(
            "recruitment__council__dong", "user"
        ),
        pk=application_pk,
        erased_at=None,
    )
    if not request.user.has_perm("councils.take_in_recruitment", application.recruitment):
        raise Http404
    form = _form(application, form_pk)
    content = filled_form(form, application)
    log_access(
        account=request.user,
        act=AccessAct.DOWNLOAD,
        what=PERSONAL_DATA,
        at=timezone.now(),
        whose=application.user,
        reason=_("filled form of an office"),
        address=client_address(request),
        scope=application.recruitment.council.dong.path,
    )
    return as_download(form, io.BytesIO(content))


def _form(application: Application, form_pk: int) -> OfficeForm:
    """One of the forms around this recruitment. Raises Http404 for any other office's."""
    found = next((form for form in forms_of(application.recruitment) if form.pk == form_pk), None)
    if found is None:
        raise Http404
    return found
