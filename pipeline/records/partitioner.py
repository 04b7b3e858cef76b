"""Which partition a key belongs to: Kafka's own answer, without Kafka.

Murmur2 as the Java client's default partitioner uses it, so that a recording,
a simulation and a live producer put the same key in the same place.

Source:
    Apache Kafka, clients/src/main/java/org/apache/kafka/common/utils/Utils.java, murmur2.
"""

from functools import lru_cache

_SEED, _M = 0x9747B28C, 0x5BD1E995
_MASK = 0xFFFFFFFF


def murmur2(key: bytes) -> int:
    """Hash a key as Kafka's Java client does.

    Returns:
        An unsigned integer of 32 bits.

    >>> murmur2(b"21") == -973932308 & 0xFFFFFFFF
    True
    """
    length = len(key)
    h = (_SEED ^ length) & _MASK
    whole = length - length % 4
    for at in range(0, whole, 4):
        k = int.from_bytes(key[at : at + 4], "little") * _M & _MASK
        k = (k ^ k >> 24) * _M & _MASK
        h = (h * _M & _MASK) ^ k
    if rest := key[whole:]:
        h = (h ^ int.from_bytes(rest, "little")) * _M & _MASK
    h = (h ^ h >> 13) * _M & _MASK
    return h ^ h >> 15


def partition_for(key: bytes, partitions: int) -> int:
    """Choose a partition for a key.

    Args:
        key: The record's key.
        partitions: Their number, 1 or more.

    Returns:
        0 to partitions - 1.

    >>> partition_for(b"foobar", 1000) == (-790332482 & 0x7FFFFFFF) % 1000
    True
    """
    return (murmur2(key) & 0x7FFFFFFF) % partitions


@lru_cache(maxsize=65_536)
def partition_of_scope(operator: str, area: str, partitions: int) -> int:
    """Which partition of `signals` holds a scope's state.

    Args:
        operator: Id of the scope's operator.
        area: Path of the scope's region or nation.
        partitions: How many partitions `signals` has, 1 or more.

    Returns:
        The number of the partition, from 0 up to `partitions` - 1.
    """
    return partition_for(f"{operator}|{area}".encode(), partitions)


def partition_of_market(market: str, partitions: int) -> int:
    """Which partition of `signals` carries a market's claims and official posts, and speaks for all partitions.

    Args:
        market: Country.
        partitions: How many partitions `signals` has, 1 or more.
    """
    return partition_of_scope("", market, partitions)
