"""What pages of papers do with a form."""

from collections.abc import Callable
from typing import Any, TypeVar

from django import forms
from django.db import DatabaseError, transaction
from django.http import HttpResponse, HttpResponseRedirect
from django.utils.translation import gettext as _

from ruangaman.access.actions import is_erased
from ruangaman.access.doors import StaffRequest, form_page, kept_form
from ruangaman.access.models import Dossier
from ruangaman.kernel.errors import Refused
from ruangaman.kernel.ids import new_id

Form = TypeVar("Form", bound=forms.Form)


def filled(request: StaffRequest, form: type[Form]) -> Form:
    """This will give a form as it was sent; or fresh, with what was typed when a session ended."""
    if request.method == "POST":
        return form(request.POST)
    return form(initial={"row_id": new_id(), **(kept_form(request, request.path) or {})})


def attempt(form: forms.Form, act: Callable[[dict[str, Any]], str]) -> str:
    """This will do what a valid form asks and give the address to go on to, or an empty text with the form's error."""
    try:
        with transaction.atomic():
            return act(form.cleaned_data)
    except Refused as no:
        form.add_error(None, str(no.message))
    except DatabaseError as error:
        if not is_erased(error):
            raise
        form.add_error(None, _("Isi berkas ini sudah dihapus; tidak ada lagi yang bisa ditulis."))
    return ""


def carried_out(
    request: StaffRequest,
    dossier: Dossier,
    form: forms.Form,
    act: Callable[[dict[str, Any]], str],
    **page: Any,
) -> HttpResponse:
    """This will do what a form asks and go on; else show its page again with all that was typed."""
    status = 200
    if request.method == "POST" and form.is_valid():
        if after := attempt(form, act):
            return HttpResponseRedirect(after)
        status = 409
    return form_page(request, dossier, form, status=status, **page)
