"""What finds somebody again: blind tokens of a name, alone and with a birth year, an area or a national number."""

from collections.abc import Iterable, Sequence
from datetime import date, datetime

from ruangaman.access.models import Dossier
from ruangaman.kernel.tokens import about, of_number, tokens
from ruangaman.people.models import NameToken, Person
from ruangaman.people.queries import token_key


def keep_tokens(
    *, dossier: Dossier, person: Person, name: str, born_on: date | None, nik: str, at: datetime
) -> None:
    """This will keep the tokens by which somebody is found; what was kept before stays, and finds them as well."""
    key = token_key(dossier.unit_id)
    years, numbers = [born_on.year] if born_on else [], [nik] if nik else []
    kept = tokens(name, key) | about(name, key, birth_years=years, numbers=numbers)
    _keep(dossier, person, {*kept, *(of_number(number, key) for number in numbers)}, at)


def keep_area_tokens(
    *, dossier: Dossier, person: Person, name: str, area_codes: Sequence[str], at: datetime
) -> None:
    """This will keep the tokens of a name together with where somebody lives (codes of kelurahan, kabupaten, kota)."""
    _keep(dossier, person, about(name, token_key(dossier.unit_id), areas=area_codes), at)


def _keep(dossier: Dossier, person: Person, wanted: Iterable[bytes], at: datetime) -> None:
    there = {
        bytes(token) for token in NameToken.objects.filter(person=person).values_list("token", flat=True)
    }
    NameToken.objects.bulk_create(
        NameToken(
            dossier_id=dossier.id,
            unit_id=dossier.unit_id,
            stage=dossier.stage,
            section=person.section,
            person=person,
            token=token,
            opened_at=at,
        )
        for token in sorted(set(wanted) - there)
    )
