"""The OpenAPI document of the partners' endpoint, drawn from the same fields that are read."""

from collections.abc import Sequence
from typing import Any

from django.utils.translation import gettext as _

from ruangaman.intake.policies.delivering import FIELDS, NUMBER, VERSION, Field, Kind
from ruangaman.intake.states import PublicStatus

PROBLEM_TYPE = "application/problem+json"
WORDS = 7


def document(*, server: str) -> dict[str, Any]:
    """This will give the whole document (OpenAPI 3.1)."""
    return {
        "openapi": "3.1.0",
        "info": {
            "title": "Informasi Layanan: penyerahan laporan",
            "version": VERSION,
            "description": _(
                "Untuk aplikasi mitra. Satu laporan diserahkan sekali di bawah nomor Anda sendiri; "
                "permintaan yang sama boleh diulang kapan saja. Yang ditanyakan hanya yang ada di sini: "
                "jangan pernah meminta foto atau rekaman kekerasan, apalagi terhadap anak."
            ),
        },
        "servers": [{"url": server}],
        "security": [{"app": []}],
        "paths": {
            "/api/v1/laporan/": {"post": _post()},
            "/api/v1/laporan/{number}/": {"get": _get()},
        },
        "components": {
            "securitySchemes": {
                "app": {
                    "type": "http",
                    "scheme": "bearer",
                    "description": _(
                        "Kunci aplikasi, dibuat penyelia atau kepala unit dan ditampilkan sekali."
                    ),
                }
            },
            "schemas": {
                "Report": {**group(FIELDS), "title": "Report"},
                "Receipt": _receipt(),
                "Status": _status(),
                "Problem": _told_problem(),
            },
            "headers": {
                "RetryAfter": {
                    "required": True,
                    "schema": {"type": "integer"},
                    "description": _("Detik sampai boleh mencoba lagi."),
                }
            },
        },
    }


def group(fields: Sequence[Field]) -> dict[str, Any]:
    """This will give the JSON schema (2020-12) of an object with these fields and no others."""
    made: dict[str, Any] = {
        "type": "object",
        "additionalProperties": False,
        "properties": {one.name: _schema(one) for one in fields},
    }
    required = [one.name for one in fields if one.required]
    if required:
        made["required"] = required
    if any(one.name == "from_time" for one in fields):
        made["dependentRequired"] = {"from_time": ["until_time"], "until_time": ["from_time"]}
    return made


def _schema(one: Field) -> dict[str, Any]:
    made: dict[str, Any]
    if one.kind == Kind.TEXT:
        made = {"type": "string", "maxLength": one.most, "pattern": one.pattern}
    elif one.kind == Kind.CHOICE:
        made = {"type": "string", "enum": list(one.choices)}
    elif one.kind == Kind.CHOICES:
        items = {"type": "string", "enum": list(one.choices)}
        made = {"type": "array", "items": items, "minItems": 1, "uniqueItems": True}
    elif one.kind == Kind.YES_NO:
        made = {"type": "boolean"}
    else:
        made = group(one.fields)
    made["description"] = str(one.says)
    if one.example is not None:
        made["examples"] = [one.example]
    return made


def _post() -> dict[str, Any]:
    return {
        "operationId": "handOver",
        "summary": _("Serahkan satu laporan."),
        "description": _(
            "Nomor dan isi yang sama: jawaban yang sama (200). Nomor yang sama, isi lain: 409. Laporan tidak pernah "
            "ditolak karena terlalu banyak."
        ),
        "requestBody": {
            "required": True,
            "content": {"application/json": {"schema": {"$ref": "#/components/schemas/Report"}}},
        },
        "responses": {
            "201": _answer(_("Laporan diterima."), "Receipt"),
            "200": _answer(_("Laporan ini sudah diterima sebelumnya."), "Receipt"),
            "400": _problem(_("Bukan JSON yang bisa dibaca.")),
            "408": _problem(_("Sambungan terlalu lambat. Kirim lagi.")),
            "409": _problem(_("Nomor ini sudah dipakai untuk laporan lain.")),
            "411": _problem(_("Panjangnya tidak disebut; kiriman berpotong-potong tidak diterima.")),
            "413": _problem(_("Terlalu besar.")),
            "415": _problem(_("Bukan application/json.")),
            "422": _problem(_("Ada isian yang tidak sesuai; setiap isian disebut.")),
            "503": _retry(_("Sedang sangat banyak kiriman. Kirim lagi.")),
            **_always(),
        },
    }


def _get() -> dict[str, Any]:
    return {
        "operationId": "status",
        "summary": _("Sampai di mana laporan ini: satu dari tiga kata, tidak pernah lebih."),
        "parameters": [
            {
                "name": "number",
                "in": "path",
                "required": True,
                "schema": {"type": "string", "pattern": NUMBER, "maxLength": 64},
            }
        ],
        "responses": {
            "200": _answer(_("Keadaannya."), "Status"),
            "404": _problem(_("Tidak ada laporan dengan nomor ini dari aplikasi Anda.")),
            **_always(),
        },
    }


def _always() -> dict[str, Any]:
    return {
        "401": {
            **_problem(_("Kunci tidak ada atau tidak berlaku.")),
            "headers": {"WWW-Authenticate": {"required": True, "schema": {"type": "string"}}},
        },
        "405": {
            **_problem(_("Cara ini tidak ada di alamat ini.")),
            "headers": {"Allow": {"required": True, "schema": {"type": "string"}}},
        },
        "429": _retry(_("Terlalu banyak kunci yang keliru.")),
        "500": _problem(_("Kesalahan di pihak kami. Kirim lagi dengan nomor yang sama.")),
    }


def _answer(says: str, name: str) -> dict[str, Any]:
    return {
        "description": says,
        "content": {"application/json": {"schema": {"$ref": f"#/components/schemas/{name}"}}},
    }


def _problem(says: str) -> dict[str, Any]:
    return {
        "description": says,
        "content": {PROBLEM_TYPE: {"schema": {"$ref": "#/components/schemas/Problem"}}},
    }


def _retry(says: str) -> dict[str, Any]:
    return {**_problem(says), "headers": {"Retry-After": {"$ref": "#/components/headers/RetryAfter"}}}


def _receipt() -> dict[str, Any]:
    return {
        "type": "object",
        "additionalProperties": False,
        "required": ["number", "status", "code", "what_next"],
        "properties": {
            "number": {"type": "string", "pattern": NUMBER, "description": _("Nomor Anda.")},
            "status": {"const": PublicStatus.RECEIVED.value},
            # None where it was asked for again after a day: the code is kept nowhere any more.
            "code": {
                "type": ["array", "null"],
                "items": {"type": "string"},
                "minItems": WORDS,
                "maxItems": WORDS,
                "description": _(
                    "Tujuh kata milik pelapor, untuk membaca jawaban. Tampilkan, dan jangan simpan di mana pun. "
                    "Setelah 24 jam: null."
                ),
            },
            "what_next": {"type": "string", "description": _("Yang disampaikan kepada pelapor.")},
        },
    }


def _status() -> dict[str, Any]:
    return {
        "type": "object",
        "additionalProperties": False,
        "required": ["number", "status"],
        "properties": {
            "number": {"type": "string", "pattern": NUMBER, "description": _("Nomor Anda.")},
            "status": {
                "type": "string",
                "enum": list(PublicStatus.values),
                "description": _("Diterima, sedang ditangani, atau selesai."),
            },
        },
    }


def _told_problem() -> dict[str, Any]:
    return {
        "type": "object",
        "required": ["type", "title", "status", "detail"],
        "additionalProperties": False,
        "properties": {
            "type": {"type": "string"},
            "title": {"type": "string"},
            "status": {"type": "integer", "description": _("Sama dengan status HTTP; putuskan menurut ini.")},
            "detail": {"type": "string", "description": _("Satu kalimat untuk pengelola aplikasi.")},
            "errors": {
                "type": "array",
                "description": _("Setiap isian yang tidak sesuai."),
                "items": {
                    "type": "object",
                    "required": ["pointer", "detail"],
                    "additionalProperties": False,
                    "properties": {
                        "pointer": {"type": "string", "description": _("Letaknya, sebagai JSON Pointer.")},
                        "detail": {"type": "string"},
                    },
                },
            },
        },
    }
