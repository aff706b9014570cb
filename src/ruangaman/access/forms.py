"""Forms of access."""

from django import forms
from django.utils.translation import gettext_lazy as _

from ruangaman.access.models import Organisation, User
from ruangaman.access.states import ErasureBasis, PowerKind, Role
from ruangaman.kernel.forms import Text
from ruangaman.kernel.ids import read_reference


class ProposePower(forms.Form):
    """A role to be given or taken."""

    kind = forms.ChoiceField(label=_("Usulan"), choices=PowerKind.choices, initial=PowerKind.GIVE)
    user = forms.ModelChoiceField(label=_("Untuk siapa"), queryset=User.objects.none())
    organisation = forms.ModelChoiceField(label=_("Di organisasi"), queryset=Organisation.objects.none())
    role = forms.ChoiceField(label=_("Peran"), choices=Role.choices)

    def choose_from(self, users: list[User], organisations: list[Organisation]) -> "ProposePower":
        """This will offer only these people and organisations."""
        self.fields["user"].queryset = User.objects.filter(id__in=[u.id for u in users])  # type: ignore[attr-defined]
        chosen = Organisation.objects.filter(id__in=[o.id for o in organisations])
        self.fields["organisation"].queryset = chosen  # type: ignore[attr-defined]
        return self


class MakeAccount(forms.Form):
    """A new account, without any power."""

    name = Text(label=_("Nama"), max_length=120)
    email = forms.EmailField(label=_("Alamat surel dinas"), max_length=254)

    def clean_email(self) -> str:
        email = str(self.cleaned_data["email"]).lower()
        if User.objects.filter(email__iexact=email).exists():
            raise forms.ValidationError(_("Alamat ini sudah punya akun. Usulkan perannya di halaman Peran."))
        return email


class AskErasure(forms.Form):
    """A dossier to be erased, and why."""

    reference = Text(label=_("Nomor berkas"), max_length=20, help_text=_("Misalnya RA-7K3M-Q9T4."))
    basis = forms.ChoiceField(label=_("Alasan"), choices=ErasureBasis.choices)

    def clean_reference(self) -> str:
        reference = read_reference(str(self.cleaned_data["reference"]))
        if reference is None:
            raise forms.ValidationError(_("Nomor ini salah ketik. Salin dari berkasnya."))
        return reference
