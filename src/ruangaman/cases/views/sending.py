"""What the pages of a case do with a form."""

from collections.abc import Callable
from typing import Any

from django import forms as django_forms
from django.db import DatabaseError, transaction
from django.http import HttpResponse, HttpResponseRedirect
from django.utils.translation import gettext as _

from ruangaman.access.actions import is_erased
from ruangaman.access.doors import StaffRequest, form_page, kept_form, page_of
from ruangaman.access.models import Dossier
from ruangaman.cases.policies import Conflict
from ruangaman.kernel.errors import Refused

Form = django_forms.Form


def filled(
    request: StaffRequest, form: type[Form], initial: dict[str, Any] | None = None, **offered: Any
) -> Form:
    """This will give a form as it was sent; or fresh, with what was typed when a session ended."""
    if request.method == "POST":
        return form(request.POST, **offered)
    return form(initial={**(initial or {}), **(kept_form(request, request.path) or {})}, **offered)


def carried_out(
    request: StaffRequest, dossier: Dossier, form: Form, act: Callable[[dict[str, Any]], object], **page: Any
) -> HttpResponse:
    """This will do what a form asks and go back to the file; else show the page again with all that was typed."""
    status = 200
    if request.method == "POST" and form.is_valid():
        try:
            with transaction.atomic():
                act(form.cleaned_data)
            return HttpResponseRedirect(page_of(dossier))
        except Conflict:
            raise
        except Refused as no:
            form.add_error(None, str(no.message))
        except DatabaseError as error:
            if not is_erased(error):
                raise
            form.add_error(None, _("Isi berkas ini sudah dihapus; tidak ada lagi yang bisa ditulis."))
        status = 409
    return form_page(request, dossier, form, status=status, **page)
