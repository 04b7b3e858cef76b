"""Ids made from content, never from chance: the same input gives the same ids.

Two kinds. A content id names a thing that we made. A keyed hash stands for a
person's or a ticket's id, so that counts of people need no names; without the
key it cannot be walked back by guessing.
"""

from hashlib import blake2b

HASH_BITS = 52
"""Keyed hashes fit a JSON number exactly (below 2^53)."""


def content_id(*parts: str | int) -> str:
    """Name a thing by what made it.

    Args:
        parts: What makes the thing what it is, in a fixed order.

    Returns:
        20 hexadecimal characters (80 bits): among a million things the chance
        of any collision is below 1e-12.

    >>> content_id("DE", "netcologne", 1739347200000)
    'a2b902ca8e92439b9482'
    """
    text = "\x1f".join(map(str, parts))
    return blake2b(text.encode("utf-8", "surrogatepass"), digest_size=10).hexdigest()


def keyed_hash(key: bytes, text: str) -> int:
    """Hash a person's or a record's id with a secret key.

    Args:
        key: The secret, 1 to 64 bytes (setting `privacy.hash_key`).
        text: The id as the source wrote it.

    Returns:
        An integer of 52 bits, evenly spread.

    Source:
        RFC 7693 (BLAKE2), keyed mode.

    >>> keyed_hash(b"secret", "T1") == keyed_hash(b"secret", "T1") != keyed_hash(b"other", "T1")
    True
    """
    digest = blake2b(text.encode("utf-8", "surrogatepass"), digest_size=8, key=key).digest()
    return int.from_bytes(digest, "big") >> (64 - HASH_BITS)
