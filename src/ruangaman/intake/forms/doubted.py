"""A contact of who reported, in place of one that is not safe any more."""

from django import forms
from django.utils.translation import gettext_lazy as _

from ruangaman.intake.states import Means
from ruangaman.kernel.forms import Choice, Text
from ruangaman.people.forms.contact import hour, weekdays


class Renewing(forms.Form):
    """How who reported can be reached from now on, as they say it now. Nothing of the old contact is shown."""

    means = Choice(label=_("Bagaimana ia bisa dihubungi dengan aman"), choices=Means.choices)
    phone = Text(label=_("Nomornya"), max_length=60, required=False)
    code_word = Text(
        label=_("Kata kunci bersama"),
        max_length=60,
        required=False,
        help_text=_("Kata yang membuktikan siapa yang menghubungi. Ia yang memilih."),
    )
    days = weekdays(_("Hari yang aman"))
    from_time = hour(
        _("Aman dari jam"), required=False, help_text=_("Kosongkan kedua jam kalau ia tidak menentukan.")
    )
    until_time = hour(_("Aman sampai jam"), required=False)
    spoken_since = forms.BooleanField(
        label=_("Ini katanya sendiri, sesudah ia memberi tahu bahwa kontaknya tidak aman lagi"),
        required=False,
        help_text=_("Dari pesannya di halaman kodenya, atau berdua saja; bukan lewat kontak yang lama."),
    )
