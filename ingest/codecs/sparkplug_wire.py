"""The protobuf of Sparkplug B: the messages and field numbers of its published schema, proto2.

Eclipse Sparkplug 3.0.0, chapter 6. Only what can hold a reading is described; protobuf skips the
rest, a data set or template shows as bytes. Texts are bytes, too: `text_of` reads them.
"""

from functools import cache
from typing import Any

from google.protobuf import descriptor_pb2, descriptor_pool, message_factory
from google.protobuf.message import DecodeError

#: What `parse` and `text_of` raise for foreign bytes.
FOREIGN = (DecodeError, UnicodeDecodeError)

BOOLEAN = 11
REBIRTH = "Node Control/Rebirth"

_PACKAGE = "heatwatch.sparkplug_b"
#: Message -> (field, number, type); a `*` behind the type: repeated, a `|`: one of the value's.
_FIELDS: dict[str, tuple[tuple[str, int, str], ...]] = {
    "Payload": (
        ("timestamp", 1, "uint64"),
        ("metrics", 2, "Metric*"),
        ("seq", 3, "uint64"),
    ),
    "Metric": (
        ("name", 1, "bytes"),
        ("alias", 2, "uint64"),
        ("timestamp", 3, "uint64"),
        ("datatype", 4, "uint32"),
        ("is_historical", 5, "bool"),
        ("is_null", 7, "bool"),
        ("properties", 9, "PropertySet"),
        ("int_value", 10, "uint32|"),
        ("long_value", 11, "uint64|"),
        ("float_value", 12, "float|"),
        ("double_value", 13, "double|"),
        ("boolean_value", 14, "bool|"),
        ("string_value", 15, "bytes|"),
        ("bytes_value", 16, "bytes|"),
        ("dataset_value", 17, "bytes|"),
        ("template_value", 18, "bytes|"),
    ),
    "PropertySet": (("keys", 1, "bytes*"), ("values", 2, "PropertyValue*")),
    "PropertyValue": (
        ("type", 1, "uint32"),
        ("is_null", 2, "bool"),
        ("int_value", 3, "uint32"),
        ("long_value", 4, "uint64"),
        ("string_value", 8, "bytes"),
    ),
}


def parse(payload: bytes) -> Any:
    """A `Payload` of the schema; raises one of FOREIGN where the bytes are none."""
    message = _payload_class()()
    message.ParseFromString(payload)
    return message


def text_of(data: bytes) -> str:
    """A text of the payload; protobuf's own reading would let wrong UTF-8 pass."""
    return data.decode("utf-8")


def rebirth_request(now_ms: int) -> bytes:
    """The payload of an NCMD that requests the births of an edge node (section 6.4.20)."""
    payload = _payload_class()(timestamp=now_ms)
    payload.metrics.add(
        name=REBIRTH.encode(), timestamp=now_ms, datatype=BOOLEAN, boolean_value=True
    )
    encoded: bytes = payload.SerializeToString(deterministic=True)
    return encoded


@cache
def _payload_class() -> Any:
    pool = descriptor_pool.DescriptorPool()
    pool.Add(_schema())
    return message_factory.GetMessageClass(pool.FindMessageTypeByName(f"{_PACKAGE}.Payload"))


def _schema() -> descriptor_pb2.FileDescriptorProto:
    file = descriptor_pb2.FileDescriptorProto(
        name="sparkplug_b.proto", package=_PACKAGE, syntax="proto2"
    )
    for name, fields in _FIELDS.items():
        message = file.message_type.add(name=name)
        if any(kind.endswith("|") for _, _, kind in fields):
            message.oneof_decl.add(name="value")
        for field, number, kind in fields:
            _describe(message.field.add(name=field, number=number), kind)
    return file


def _describe(field: Any, kind: str) -> None:
    label = field.LABEL_REPEATED if kind.endswith("*") else field.LABEL_OPTIONAL
    field.label = label
    plain = kind.rstrip("*|")
    if plain in _FIELDS:
        field.type, field.type_name = field.TYPE_MESSAGE, f".{_PACKAGE}.{plain}"
    else:
        field.type = getattr(field, f"TYPE_{plain.upper()}")
    if kind.endswith("|"):
        field.oneof_index = 0
