"""One table for all levels of government areas: reference data, no personal data."""

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from ruangaman.places.states import CODE, LONGEST_NAME, Level, TimeZone


class Place(models.Model):
    """A province, kabupaten or kota, kecamatan, or kelurahan."""

    code = models.CharField(_("kode Kemendagri"), max_length=13, primary_key=True)
    name = models.CharField(_("nama"), max_length=LONGEST_NAME)
    level = models.CharField(_("tingkat"), max_length=8, choices=Level)
    # Without an index of its own: (parent, name) below serves it.
    parent = models.ForeignKey(
        "self",
        models.PROTECT,
        null=True,
        related_name="children",
        db_index=False,
        verbose_name=_("bagian dari"),
    )
    time_zone = models.CharField(_("zona waktu"), max_length=13, choices=TimeZone)

    class Meta:
        verbose_name = _("wilayah")
        verbose_name_plural = _("wilayah")
        indexes = [models.Index(fields=["parent", "name"], name="places_parent_name")]
        constraints = [
            models.CheckConstraint(name="places_level_known", condition=Q(level__in=Level.values)),
            models.CheckConstraint(name="places_time_zone_known", condition=Q(time_zone__in=TimeZone.values)),
            models.CheckConstraint(
                name="places_only_provinces_stand_alone",
                condition=Q(level=Level.PROVINCE, parent__isnull=True)
                | (~Q(level=Level.PROVINCE) & Q(parent__isnull=False)),
            ),
            models.CheckConstraint(
                name="places_code_well_formed", condition=Q(code__regex=f"^{CODE.pattern}$")
            ),
        ]

    def __str__(self) -> str:
        return self.name
