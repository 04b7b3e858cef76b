"""What quarantine keeps of a record that was refused: all of it, what is not of people, or its hash.

A refused record is repaired from two things: why it was refused, and which codes, times and figures it had. Neither
needs to know who wrote it. So by default people and ids are hashed in place, words are masked, and codes, times and
figures stay; such a record can be played back, and counts people as well as before. The original stands in its raw
topic, at the place that the error headers name, for as long as that topic keeps it.

What is no JSON object has no fields to tell apart, and what is larger than `MASKED_BYTES_MAX` would hold INGEST up:
of both only length and hash are kept, unless the setting says `whole`.
"""

import json
import re
from collections.abc import Callable, Iterator, Mapping
from enum import StrEnum
from typing import Any, Final, NoReturn, Protocol

import msgspec

from pipeline.ingest.text.masking import masked
from pipeline.records.errors import Reason
from pipeline.records.published.quarantine import Quarantined
from pipeline.records.raw.people import (
    CLOSED_CODES,
    FIGURES,
    FREE_CODES,
    INCIDENT_ID,
    PERSONS,
    RECORD_IDS,
    TIME_SIGNS,
    TIMES,
    WORDS,
)


class Known(Protocol):
    """What is asked of INGEST's rules."""

    def hashed(self, *parts: str) -> int:
        """Keyed hash of an id within its namespace."""
        ...

    def names_nobody(self, target: str) -> bool:
        """Whether a command's target is an incident or a known operator and area."""
        ...


MASKED_BYTES_MAX: Final = 65_536
"""A longer record is kept as its hash: the longest honest one, with a text of 8,192 characters, is half as long."""

CODE_CHARS_MAX: Final = 64
"""A longer code is none, and shown as withheld."""

UNKNOWN_FIELDS_MAX: Final = 16
"""Fields that no type knows and whose names are kept, without their content: one may be a misspelled known one."""

INCIDENTS_MAX: Final = 32
"""Incidents of a merge."""

GONE: Final = "…"

_POSTCODE_CHARS_MAX: Final = 12

_NAME: Final = re.compile(r"[A-Za-z][A-Za-z0-9_]{0,31}\Z")
_TIME: Final = re.compile(r"\d{4}-\d\d-\d\d[Tt ]\d\d:\d\d[0-9Zz:.+-]{0,24}\Z")
_TOKEN: Final = re.compile(r"[A-Za-z0-9_./+;=: -]{1,100}\Z")
_PREFIX_BYTES: Final = 5
"""Confluent's: a zero byte and the id of a schema."""

_READING_HEADERS: Final = frozenset({"content-type", "ce_specversion", "ce_type", "ce_datacontenttype"})
"""Headers that say how a record is to be read; all others go."""

_ENVELOPE: Final = ("specversion", "type", "datacontenttype")
_NO_OBJECT: Final = frozenset({Reason.MALFORMED_JSON, Reason.MALFORMED_EVENT, Reason.TOO_LARGE})
"""Reasons for which the content is not looked into: it is broken, nested too deep or too long."""


class QuarantineKeeps(StrEnum):
    """What quarantine keeps of a refused raw record (setting `privacy.quarantine`)."""

    WHOLE = "whole"
    MASKED = "masked"
    HASH_ONLY = "hash_only"


def spare_people(record: Quarantined, keeps: QuarantineKeeps, known: Known) -> Quarantined:
    """Keep of a refused record what the setting allows.

    Args:
        record: As it came.
        keeps: The setting.
        known: The rules of INGEST.

    Returns:
        The same record for `whole`; else one without people, of which the place and the reason are unchanged.
    """
    if keeps is QuarantineKeeps.WHOLE:
        return record
    spared: _Spared | None = None
    if keeps is QuarantineKeeps.MASKED and record.reason not in _NO_OBJECT:
        spared = _masked_value(record.value, known)
    if spared is None:
        message = _without_quotes(record.message) if keeps is QuarantineKeeps.MASKED else GONE
        value = _withheld(record.value, known)
        return msgspec.structs.replace(
            record, message=message, key=_key(record.key, {}, known), value=value, headers=()
        )
    return msgspec.structs.replace(
        record,
        message=masked_message(record.message, spared.replaced),
        key=_key(record.key, spared.fields, known),
        value=spared.value,
        headers=tuple(_headers(record.headers)),
    )


class _Spared(msgspec.Struct):
    """A record without people: its new bytes, its fields, and which texts were replaced by which."""

    value: bytes
    fields: Mapping[str, Any]
    replaced: Mapping[str, str]


def _masked_value(value: bytes | None, known: Known) -> _Spared | None:
    """Mask a JSON object, bare or within a structured CloudEvent; None if it is none."""
    if not value or len(value) > MASKED_BYTES_MAX:
        return None
    prefix = value[:_PREFIX_BYTES] if value[0] == 0 else b""
    try:
        said = _READER.decode(value[len(prefix) :].decode())
        if not isinstance(said, dict):
            return None
        replaced: dict[str, str] = {}
        data = said.get("data")
        if "specversion" in said and isinstance(data, dict):
            fields = dict(_fields(data, known, replaced))
            event: dict[str, Any] = {name: _code(said[name]) for name in _ENVELOPE if name in said}
            event["id"] = f"{known.hashed('event', str(said.get('id'))):013x}"
            shown = {**event, "source": GONE, "data": fields}
        else:
            shown = fields = dict(_fields(said, known, replaced))
        return _Spared(prefix + msgspec.json.encode(shown), fields, replaced)
    except (ValueError, RecursionError):  # no JSON, or half a character
        return None


def _number(text: str) -> msgspec.Raw:
    """A number as it is written: none is rounded, however many digits it has."""
    return msgspec.Raw(text.encode())


def _no_number(text: str) -> NoReturn:
    raise ValueError(f"{text} is no JSON")


def _object(fields: list[tuple[str, Any]]) -> dict[str, Any]:
    """An object that says each field once: of two with one name a refusal may quote the other."""
    said = dict(fields)
    if len(said) < len(fields):
        raise ValueError("a field stands there twice")
    return said


_READER: Final = json.JSONDecoder(
    parse_float=_number, parse_int=_number, parse_constant=_no_number, object_pairs_hook=_object
)


def _text(value: object) -> str:
    return bytes(value).decode() if isinstance(value, msgspec.Raw) else str(value)


def _fields(said: Mapping[str, Any], known: Known, replaced: dict[str, str]) -> Iterator[tuple[str, Any]]:
    """Fields without people, in the order of the record."""
    unknown = 0
    for name, value in said.items():
        if value is None and (name in _KNOWN):
            yield name, None
        elif name in _KNOWN:
            shown = _KNOWN[name](name, value, said, known)
            if isinstance(value, str) and shown != value:
                replaced[value] = shown
            yield name, shown
        elif unknown < UNKNOWN_FIELDS_MAX and _NAME.match(name):
            unknown += 1
            yield name, GONE


def _person(name: str, value: Any, said: Mapping[str, Any], known: Known) -> str:
    return f"{known.hashed('person', _text(said.get(PERSONS[name])), _text(value)):013x}"


def _record_id(name: str, value: Any, said: Mapping[str, Any], known: Known) -> str:
    return f"{known.hashed('record', _text(said.get(RECORD_IDS[name])), _text(value)):013x}"


def _words(_name: str, value: Any, _said: Mapping[str, Any], _known: Known) -> str:
    return masked(value) if isinstance(value, str) else GONE


def _free_code(name: str, value: Any, said: Mapping[str, Any], known: Known) -> Any:
    """A code that its sender chose is hashed, so that equal ones stay equal; what a collector measures names nobody."""
    if isinstance(value, list):
        return [_free_code(name, inner, said, known) for inner in value[:INCIDENTS_MAX] if not isinstance(inner, list)]
    text = _text(value)
    if INCIDENT_ID.match(text):
        return text
    return _code(value) if "metric" in said else f"{known.hashed('code', text):013x}"[:_POSTCODE_CHARS_MAX]


def _target(_name: str, value: Any, _said: Mapping[str, Any], known: Known) -> str:
    text = _text(value)
    return text if known.names_nobody(text) else f"{known.hashed('code', text):013x}"


def _closed_code(_name: str, value: Any, _said: Mapping[str, Any], _known: Known) -> str:
    return _code(value)


def _code(value: Any) -> str:
    """A code that is wrong shows how, which is what repairs it; a sentence in its place does not show."""
    return masked(value) if isinstance(value, str) and len(value) <= CODE_CHARS_MAX else GONE


def _time(_name: str, value: Any, _said: Mapping[str, Any], _known: Known) -> Any:
    if isinstance(value, msgspec.Raw):
        return value
    if not isinstance(value, str) or not TIME_SIGNS.match(value):
        return GONE
    return value if _TIME.match(value) else _code(value)


def _figure(_name: str, value: Any, _said: Mapping[str, Any], known: Known) -> Any:
    if isinstance(value, dict):
        return {name: _figure(name, inner, {}, known) for name, inner in value.items() if name in FIGURES}
    return value if isinstance(value, msgspec.Raw | bool) else _code(value)


_Rule = Callable[[str, Any, Mapping[str, Any], Known], Any]
_KNOWN: Final[Mapping[str, _Rule]] = {
    **dict.fromkeys(PERSONS, _person),
    **dict.fromkeys(RECORD_IDS, _record_id),
    **dict.fromkeys(WORDS, _words),
    **dict.fromkeys(FREE_CODES, _free_code),
    "target": _target,
    **dict.fromkeys(CLOSED_CODES, _closed_code),
    **dict.fromkeys(TIMES, _time),
    **dict.fromkeys(FIGURES, _figure),
}


def masked_message(message: str, replaced: Mapping[str, str]) -> str:
    """A refusal's words without what they quote of people.

    Args:
        message: Which thing, what it was, what it must be.
        replaced: What was replaced in the record, and by what; longer texts go first, since one may hold another.

    >>> masked_message("ticket 'T1': operator 'fax' is not in the reference", {"T1": "0a1b"})
    "ticket '0a1b': operator 'fax' is not in the reference"
    """
    if GONE in message:  # a long value, of which the refusal quotes both ends
        message = _without_quotes(message)
    for text in sorted(replaced, key=lambda text: (-len(text), text)):
        for quoted in (repr(text), f"'{text}'"):
            message = message.replace(quoted, f"'{replaced[text]}'")
    return message


def _headers(headers: tuple[tuple[str, bytes], ...]) -> Iterator[tuple[str, bytes]]:
    for name, content in headers:
        text = (content or b"").decode("utf-8", "replace")
        if name in _READING_HEADERS and _TOKEN.match(text) and masked(text) == text:
            yield name, content


def _key(key: bytes | None, fields: Mapping[str, Any], known: Known) -> bytes | None:
    """A key that repeats a code which is shown stays; any other is hashed."""
    if key is None:
        return None
    text = key.decode("utf-8", "backslashreplace")
    shown = any(fields.get(name) == text for name in ("area", "element", "operator", "target"))
    return key if shown else f"{known.hashed('key', text):013x}".encode()


def _withheld(value: bytes | None, known: Known) -> bytes | None:
    """What stands for content that is not kept: its length, and a keyed hash that tells equal ones."""
    if not value:
        return value
    said = {"withheld": {"bytes": len(value), "hash": f"{known.hashed('content', value.decode('latin-1')):013x}"}}
    return msgspec.json.encode(said)


def _without_quotes(message: str) -> str:
    """A message without what stands between its first and its last quotation mark.

    >>> _without_quotes("ticket 'T1': operator 'fax' is not known"), _without_quotes("it isn't")
    ("ticket '…' is not known", "it isn't")
    """
    first, last = message.find("'"), message.rfind("'")
    return message if first == last else f"{message[:first]}'{GONE}'{message[last + 1 :]}"
