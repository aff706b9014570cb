"""The client's own way in: checked before it is given, and what she asks through it. Source: care.md 2."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class IdentityCheck(models.TextChoices):
    """How it was made sure that the code goes to her and nobody else."""

    IN_PERSON = "in_person", _("Bertemu langsung, berdua saja")
    KNOWN_VOICE = "known_voice", _("Lewat telepon pada jam aman, suaranya dikenali pendamping")
    CODE_WORD = "code_word", _("Lewat telepon pada jam aman, dengan kata kunci bersama")


class SafetyCheck(models.TextChoices):
    """Where she keeps the code, so that nobody at home finds it."""

    BY_HEART = "by_heart", _("Dihafal, tidak ditulis")
    SAFE_PLACE = "safe_place", _("Disimpan di tempat yang hanya ia tahu")
    WITH_TRUSTED = "with_trusted", _("Dititipkan kepada orang yang ia percaya")


class WishKind(models.TextChoices):
    """What she asks through her code. A wish is a request: somebody asks her privately first. Source: care.md 2, 17."""

    STOP = "stop", _("Saya ingin berhenti")
    PAUSE = "pause", _("Saya perlu jeda dulu")
    CALL_ME = "call_me", _("Tolong hubungi saya")
    OTHER_CONTACT = "other_contact", _("Kontak saya tidak aman lagi")


class WishAnswer(models.TextChoices):
    """What came of it, once somebody had spoken with her alone."""

    HERS = "hers", _("Benar keinginannya sendiri")
    PRESSED = "pressed", _("Ada yang menekannya")
    NOT_HERS = "not_hers", _("Bukan dari dia")
    SETTLED = "settled", _("Sudah ditangani")


class Unlocking(models.TextChoices):
    """Why a code that was locked after many wrong secrets is opened again."""

    HER_SLIPS = "her_slips", _("Ia sendiri yang salah mengetik, dan ia ingat kata rahasianya")
    KNOWN_TRIES = "known_tries", _("Orang lain mencobanya; ia tahu siapa, dan kodenya tetap aman")
