"""Topics and users as resources of Strimzi, the operator of Kafka in Kubernetes.

They come from the map, as `tocsin topics create` and the check at each start do, so
that a topic or a right that Strimzi gives is one that the program asks for. YAML is
written by hand here: a few lines of a fixed form, and every name in JSON's quotes.
"""

import json
import re
from collections.abc import Iterable, Iterator, Mapping

from pipeline.adapters.kafka.options import Connection
from pipeline.adapters.kafka.rights.listing import together
from pipeline.adapters.kafka.rights.needed import Resource, Right
from pipeline.adapters.kafka.topics import TopicPlan, durable

_API = "kafka.strimzi.io/v1"


def kafka_topics(plans: Iterable[TopicPlan], connection: Connection, cluster: str, replication: int) -> Iterator[str]:
    """Topics of the Strimzi operator, as YAML; those of others are left out.

    Args:
        plans: Of `topics.plan_of`.
        connection: Says what stands before each noun.
        cluster: Name of Strimzi's Kafka resource.
        replication: Copies of each topic, 1 or more.

    Yields:
        Lines of YAML, a document for each topic.
    """
    for plan in plans:
        if plan.name is not None:
            continue
        name = plan.full_name(connection)
        yield "---"
        yield f"apiVersion: {_API}"
        yield "kind: KafkaTopic"
        yield from _metadata(name, cluster)
        yield "spec:"
        yield f"  topicName: {json.dumps(name)}"
        yield f"  partitions: {plan.partitions}"
        yield f"  replicas: {replication}"
        yield "  config:"
        for setting, value in {**plan.settings, **durable(replication)}.items():
            yield f"    {setting}: {json.dumps(value)}"


_STRIMZI = {Resource.TOPIC: "topic", Resource.GROUP: "group", Resource.TRANSACTIONAL_ID: "transactionalId"}


def kafka_users(rights: Mapping[str, Iterable[Right]], cluster: str) -> Iterator[str]:
    """Users of the Strimzi operator with these rights, as YAML.

    Args:
        rights: By the user that is to have them; a name that Kubernetes does not allow is changed to one that it does.
        cluster: Name of Strimzi's Kafka resource.

    Yields:
        Lines of YAML, a document for each user.
    """
    for user, needed in rights.items():
        yield "---"
        yield f"apiVersion: {_API}"
        yield "kind: KafkaUser"
        yield from _metadata(user, cluster)
        yield "spec:"
        yield "  authentication: { type: scram-sha-512 }"
        yield "  authorization:"
        yield "    type: simple"
        yield "    acls:"
        for operations, resource, names, is_prefix in together(needed):
            kind = "prefix" if is_prefix else "literal"
            for name in names:
                yield (
                    f"      - resource: {{ type: {_STRIMZI[resource]}, name: {json.dumps(name)}, patternType: {kind} }}"
                )
                yield f"        operations: [{', '.join(operations)}]"


def _metadata(name: str, cluster: str) -> Iterator[str]:
    yield "metadata:"
    yield f"  name: {json.dumps(_kubernetes_name(name))}"
    yield f"  labels: {{ strimzi.io/cluster: {json.dumps(cluster)} }}"


def _kubernetes_name(name: str) -> str:
    """A name of at most 63 lower-case letters, digits, dots and hyphens.

    >>> _kubernetes_name("Prod_tocsin-ingest")
    'prod-tocsin-ingest'
    """
    return re.sub(r"[^a-z0-9.-]", "-", name.lower()).strip("-.")[:63]
