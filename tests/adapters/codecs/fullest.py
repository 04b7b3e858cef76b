"""The largest value that a record type allows: every field set, every list full, every text as long as may be."""

from typing import Any

import msgspec.inspect as shapes

UNLIMITED = 7
"""Length of a list that has no limit of its own, such as the services: there are seven."""


def fullest(kind: type, letter: str = "e") -> Any:
    """Make the largest value of a type.

    Args:
        kind: A record type.
        letter: What free text is made of: `ü` takes two bytes.

    Returns:
        A value that has all it can have; texts do not follow their patterns.
    """
    return _of(shapes.type_info(kind), letter)


def _of(shape: shapes.Type, letter: str) -> Any:
    match shape:
        case shapes.Metadata():
            return _of(shape.type, letter)
        case shapes.StructType():
            return shape.cls(**{field.name: _of(field.type, letter) for field in shape.fields})
        case shapes.UnionType():
            return _of(next(one for one in shape.types if not isinstance(one, shapes.NoneType)), letter)
        case shapes.DictType():  # a text in one more language
            return {"nl": _of(shape.value_type, letter)}
        case shapes.VarTupleType():
            return tuple(_of(shape.item_type, letter) for _ in range(shape.max_length or UNLIMITED))
        case _:
            return _plain(shape, letter)


def _plain(shape: shapes.Type, letter: str) -> Any:
    match shape:
        case shapes.StrType():
            return (letter if shape.pattern is None else "e") * (shape.max_length or 40)
        case shapes.IntType():
            return 2**53 if shape.le is None else shape.le
        case shapes.EnumType():
            return max(shape.cls, key=lambda member: len(str(member.value)))
        case shapes.LiteralType():
            return max(shape.values, key=lambda value: len(str(value)))
        case shapes.CustomType():
            return shape.cls(253_370_764_799_999)
        case shapes.BoolType():
            return False
    raise TypeError(f"no largest value is known of {shape}")
