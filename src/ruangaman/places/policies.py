"""What a code says by itself: level, areas around it, time; and how people begin the name of a place."""

from ruangaman.places.states import CODE, LONGEST_NAME, Level, TimeZone

LEVELS = (Level.PROVINCE, Level.REGENCY, Level.DISTRICT, Level.VILLAGE)

# Source: Keppres 41/1987. Provinces made since then keep the time of the province they came from.
PROVINCES_BY_TIME_ZONE = {
    # Sumatra, Java, West and Central Kalimantan
    TimeZone.WESTERN: {11, 12, 13, 14, 15, 16, 17, 18, 19, 21, 31, 32, 33, 34, 35, 36, 61, 62},
    # Bali, Nusa Tenggara, the rest of Kalimantan, Sulawesi
    TimeZone.CENTRAL: {51, 52, 53, 63, 64, 65, 71, 72, 73, 74, 75, 76},
    # Maluku, Papua
    TimeZone.EASTERN: {81, 82, 91, 92, 93, 94, 95, 96},
}
TIME_ZONES = {province: zone for zone, provinces in PROVINCES_BY_TIME_ZONE.items() for province in provinces}

# Official names begin with the kind of area; people leave it out, or shorten it.
KINDS = (
    "",
    "Kota ",
    "Kabupaten ",
    "Kota Administrasi ",
    "Kabupaten Administrasi ",
    "Daerah Khusus Ibukota ",
    "Daerah Istimewa ",
)
SHORT_FORMS = {
    "dki": "Daerah Khusus Ibukota",
    "dkj": "Daerah Khusus Ibukota Jakarta",  # its name once the capital moves (UU 2/2024)
    "di": "Daerah Istimewa",
    "diy": "Daerah Istimewa Yogyakarta",
    "kab": "Kabupaten",
    "kep": "Kepulauan",
    "ntb": "Nusa Tenggara Barat",
    "ntt": "Nusa Tenggara Timur",
}


def is_code(text: str) -> bool:
    """This will say whether the text has the form of an area code, such as 31, 31.71 or 31.71.01.1001.

    Source: Permendagri 58/2021.
    """
    return CODE.fullmatch(text) is not None


def level_of(code: str) -> Level:
    """This will read the level off a code.

    :raises ValueError: if the text is not a code.
    """
    if not is_code(code):
        raise ValueError(f"not an area code: {code!r}")
    return LEVELS[code.count(".")]


def check_level(code: str, level: str) -> None:
    """This will raise if an area of this code cannot be of this level.

    :raises ValueError: if the text is not a code, or the level is another.
    """
    if level != level_of(code):
        raise ValueError(f"{code} is not a {level}")


def ancestry(code: str) -> list[str]:
    """This will list the codes from the province down to the code itself.

    :raises ValueError: if the text is not a code.
    """
    level_of(code)
    parts = code.split(".")
    return [".".join(parts[:depth]) for depth in range(1, len(parts) + 1)]


def parent_of(code: str) -> str | None:
    """This will give the code of the area around this one; a province has none.

    :raises ValueError: if the text is not a code.
    """
    around = ancestry(code)[:-1]
    return around[-1] if around else None


def time_zone_of(code: str) -> TimeZone:
    """This will give the time that an area keeps: its province's.

    :raises ValueError: if the text is not a code, or no province has this number.
    Source: Keppres 41/1987.
    """
    province = int(ancestry(code)[0])
    if province not in TIME_ZONES:
        raise ValueError(f"no time zone known for province {province}")
    return TIME_ZONES[province]


def name_beginnings(text: str) -> list[str]:
    """This will list how official names may begin when someone types this text; empty if no name can.

    "jakarta sel" also means "Kota Administrasi Jakarta Sel…", "kab. bogor" means "Kabupaten Bogor".
    """
    words = text.split()
    # Nothing typed, far too much, or a NUL byte, which PostgreSQL refuses with an error.
    if not words or len(text) > LONGEST_NAME or not all(word.isprintable() for word in words):
        return []
    first, rest = words[0], words[1:]
    typed = " ".join(words)
    spelled_out = " ".join([SHORT_FORMS.get(first.casefold().rstrip("."), first), *rest])
    return [kind + beginning for beginning in dict.fromkeys((typed, spelled_out)) for kind in KINDS]
