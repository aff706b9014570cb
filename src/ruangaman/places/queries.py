"""Reads of places. They are the same for everybody, so no viewer is asked for."""

from django.db.models import Q, QuerySet
from django.db.models.functions import Length

from ruangaman.places import policies
from ruangaman.places.models import Place
from ruangaman.places.states import Level


def _within(parent: Place | str, level: Level) -> QuerySet[Place]:
    code = parent.code if isinstance(parent, Place) else parent
    if not policies.is_code(code):  # the code may come straight from an address
        return Place.objects.none()
    return Place.objects.filter(parent=code, level=level).order_by("name")


def provinces() -> QuerySet[Place]:
    """This will list the provinces by name."""
    return Place.objects.filter(level=Level.PROVINCE).order_by("name")


def province_codes() -> list[str]:
    """This will give the two-digit codes of all provinces; one query."""
    return list(provinces().values_list("code", flat=True))


def regencies(province: Place | str) -> QuerySet[Place]:
    """This will list the kabupaten and kota of a province (a place or its code) by name."""
    return _within(province, Level.REGENCY)


def districts(regency: Place | str) -> QuerySet[Place]:
    """This will list the kecamatan of a kabupaten or kota (a place or its code) by name."""
    return _within(regency, Level.DISTRICT)


def villages(district: Place | str) -> QuerySet[Place]:
    """This will list the kelurahan of a kecamatan (a place or its code) by name."""
    return _within(district, Level.VILLAGE)


def path(code: str) -> list[Place]:
    """This will list the places from the province down to the one with this code, in one query.

    :raises Place.DoesNotExist: if no place has this code.
    """
    found = []
    if policies.is_code(code):
        found = list(Place.objects.filter(code__in=policies.ancestry(code)).order_by(Length("code")))
    if not found or found[-1].code != code:
        raise Place.DoesNotExist(f"no place has the code {code!r}")
    return found


def find(text: str, *, limit: int = 20) -> list[Place]:
    """This will find places whose name begins with the text, the largest areas first, at most `limit`.

    The kind of area may be left out or shortened: "jakarta pusat", "kab. bogor", "DKI".
    """
    beginnings = policies.name_beginnings(text)
    if not beginnings:
        return []
    begins_so = Q()
    for beginning in beginnings:
        begins_so |= Q(name__istartswith=beginning)
    return list(Place.objects.filter(begins_so).order_by(Length("code"), "name", "code")[:limit])
