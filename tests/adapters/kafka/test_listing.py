"""Printed rights: both forms say the same, and they follow from the map."""

from typing import Any

import pytest
import yaml

from pipeline.adapters.kafka.rights.listing import all_rights, by_user, kafka_acls
from pipeline.adapters.kafka.rights.needed import Operation, Resource, Right
from pipeline.adapters.kafka.strimzi import kafka_users
from pipeline.flow import FLOW, INGEST, KEYED
from tests.kafka.secured import read_acls

RIGHTS = all_rights("prod.", 3, sends_heartbeats=True)
TYPES = {"topic": Resource.TOPIC, "group": Resource.GROUP, "transactionalId": Resource.TRANSACTIONAL_ID}


def strimzi_rights(document: dict[str, Any]) -> set[Right]:
    found = set()
    for acl in document["spec"]["authorization"]["acls"]:
        resource = acl["resource"]
        is_prefix = resource["patternType"] == "prefix"
        for operation in acl["operations"]:
            found.add(Right(Operation(operation), TYPES[resource["type"]], resource["name"], is_prefix))
    return found


def test_commands_of_kafka_and_users_of_strimzi_give_the_same_rights() -> None:
    users = by_user(RIGHTS, None, "prod.")
    documents = list(yaml.safe_load_all("\n".join(kafka_users(users, "kafka"))))
    assert [document["metadata"]["name"] for document in documents] == list(users)
    for document, (user, rights) in zip(documents, users.items(), strict=True):
        commands = [line for line in kafka_acls({user: rights}, "kafka:9092") if not line.startswith("#")]
        assert {right for line in commands for right in read_acls(line, user)} == set(rights)
        assert strimzi_rights(document) == set(rights)


def test_who_shares_a_user_shares_all_rights() -> None:
    users = by_user(RIGHTS, "tocsin", "prod.")
    assert list(users) == ["tocsin"]
    assert set(users["tocsin"]) == {right for rights in RIGHTS.values() for right in rights}
    assert len(users["tocsin"]) == len(set(users["tocsin"]))


def test_a_pattern_names_one_user_for_each_stage() -> None:
    assert list(by_user(RIGHTS, "app-{stage}", "prod."))[:3] == ["app-ingest", "app-detect", "app-correlate"]


@pytest.mark.parametrize("stage", FLOW, ids=lambda stage: stage.name)
def test_a_stage_may_do_what_the_map_says_and_nothing_else(stage: Any) -> None:
    rights = RIGHTS[stage.name]
    written = {right.name for right in rights if (right.resource, right.operation) == (Resource.TOPIC, Operation.WRITE)}
    read = {right.name for right in rights if (right.resource, right.operation) == (Resource.TOPIC, Operation.READ)}
    states = {f"prod.{stage.state_noun}"} if stage in KEYED else set()
    beats = {f"prod.{topic.noun}" for topic in stage.reads} if stage is INGEST else set()
    clocks = {f"prod.{INGEST.to[0].noun}"} if stage is INGEST else set()
    assert written == {f"prod.{topic.noun}" for topic in stage.to} | states | beats
    assert read == {f"prod.{topic.noun}" for topic in stage.reads} | states | clocks
    assert Right(Operation.READ, Resource.GROUP, f"prod.tocsin-{stage.name}") in rights
    transactions = Right(Operation.WRITE, Resource.TRANSACTIONAL_ID, f"prod.tocsin-{stage.name}-3-", is_prefix=True)
    assert transactions in rights


def test_without_heartbeats_nobody_writes_to_a_raw_topic() -> None:
    raw = {f"prod.{topic.noun}" for topic in INGEST.reads}
    quiet = all_rights("prod.", 1, sends_heartbeats=False)
    assert [right for right in quiet["ingest"] if right.name in raw and right.operation is Operation.WRITE] == []
