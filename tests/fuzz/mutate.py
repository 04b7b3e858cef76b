"""Inputs by seed and number, and the smallest input that still fails."""

import random
import re
from collections.abc import Callable

_WORDS = (
    b"",
    b"0",
    b"-1",
    b"1e999",
    b"nan",
    b"true",
    b"null",
    b'""',
    b"[]",
    b"{}",
    b"[[1]]",
    b"{a = 1}",
    b"'x'",
    b"[" * 300,
    b"\x00",
    b"\xff\xfe",
    b"\xed\xa0\x80",
    b"@" * 500,
    b"9" * 400,
    b"1979-05-27",
    b"\x1b[2J",
)
_VALUE = re.compile(rb"(?<=[=:])[^\n,}]+")


def mutated(data: bytes, number: str) -> bytes:
    """Change a good input in one to four places; the same number gives the same bytes."""
    draw = random.Random(number)
    for _ in range(draw.randint(1, 4)):
        values = list(_VALUE.finditer(data))
        at = draw.randrange(len(data) + 1)
        until = min(len(data), at + draw.choice((0, 1, 1, 8, 200)))
        if values and draw.random() < 0.6:
            at, until = draw.choice(values).span()
        word = draw.choice((*_WORDS, bytes([draw.randrange(256)]), data[at:until] * 2))
        data = data[:at] + word + data[until:]
    return data


def smallest(data: bytes, fails: Callable[[bytes], bool], tries: int = 400) -> bytes:
    """Cut pieces of halving length while what is left still fails."""
    length = max(1, len(data) // 2)
    while length and tries > 0:
        at = 0
        while at < len(data) and tries > 0:
            tries -= 1
            shorter = data[:at] + data[at + length :]
            if fails(shorter):
                data = shorter
            else:
                at += length
        length //= 2
    return data
