"""deploy/k8s without a cluster: the forms of Kubernetes, and that what names something names what is there.

Resources of Strimzi and KEDA have no schema in any package registry: for them the fields
that their documentation requires are looked for here.
"""

from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import Any

import pytest
import yaml

from pipeline.adapters.kafka.options import group_of
from pipeline.adapters.settings import load_settings
from pipeline.flow import FLOW
from pipeline.kinds import Stage
from tests.deploy.validators import ROOT, refusal

K8S = ROOT / "deploy" / "k8s"
BASE = K8S / "base"
STAGES = {stage.name: stage for stage in FLOW}
FOREIGN = ("kafka.strimzi.io/", "keda.sh/", "kustomize.config.k8s.io/")
OWN_SECRETS = {"kafka-cluster-ca-cert", "tocsin-privacy"}
"""Strimzi's, of the cluster, and the operator's own."""


@cache
def documents() -> tuple[dict[str, Any], ...]:
    """All resources of the base."""
    files = kustomization(BASE)["resources"]
    return tuple(document for file in files for document in yaml.safe_load_all((BASE / file).read_text("utf-8")))


def kustomization(folder: Path) -> dict[str, Any]:
    found: dict[str, Any] = yaml.safe_load((folder / "kustomization.yaml").read_text("utf-8"))
    return found


def of_kind(kind: str) -> dict[str, dict[str, Any]]:
    return {document["metadata"]["name"]: document for document in documents() if document["kind"] == kind}


def named_by(value: Any, *keys: str) -> Iterator[str]:
    """Every value below one of these keys, wherever it lies."""
    if isinstance(value, dict):
        for key, below in value.items():
            if key in keys and isinstance(below, str):
                yield below
            yield from named_by(below, *keys)
    elif isinstance(value, list):
        for below in value:
            yield from named_by(below, *keys)


def test_what_is_of_kubernetes_itself_has_its_form(tmp_path: Path) -> None:
    ours = [document for document in documents() if not document["apiVersion"].startswith(FOREIGN)]
    assert {document["kind"] for document in ours} == {
        *("Deployment", "PodDisruptionBudget", "NetworkPolicy", "ServiceAccount", "Secret")
    }
    (tmp_path / "all.yaml").write_text(yaml.safe_dump_all(ours), "utf-8")
    assert not refusal("kubernetes_validate", "--strict", "--quiet", str(tmp_path / "all.yaml"))
    misspelt = (tmp_path / "all.yaml").read_text("utf-8").replace("maxUnavailable", "maxUnavailabel")
    (tmp_path / "all.yaml").write_text(misspelt, "utf-8")
    assert "maxUnavailabel" in refusal("kubernetes_validate", "--strict", "--quiet", str(tmp_path / "all.yaml"))


@pytest.mark.parametrize("folder", [BASE, *sorted((K8S / "overlays").iterdir()), K8S / "components" / "first-start"])
def test_a_kustomization_names_files_that_are_there_and_patches_what_there_is(folder: Path) -> None:
    said = kustomization(folder)
    for name in (*said.get("resources", []), *said.get("components", [])):
        assert (folder / name).exists(), name
    for generator in said.get("configMapGenerator", []):
        assert all((folder / name).is_file() for name in generator["files"])
    kinds = {document["kind"] for document in documents()}
    for patch in said.get("patches", []):
        assert patch["target"]["kind"] in kinds
        for operation in yaml.safe_load(patch["patch"]):
            for document in of_kind(patch["target"]["kind"]).values():
                assert _has(document, operation["path"]), operation["path"]


def _has(document: Any, path: str) -> bool:
    for part in path.strip("/").split("/"):
        if part == "-":
            return isinstance(document, list)
        document = document[int(part)] if isinstance(document, list) else document.get(part)
        if document is None:
            return False
    return True


def test_every_file_of_the_base_is_used() -> None:
    said = kustomization(BASE)
    used = {*said["resources"], *(name for made in said["configMapGenerator"] for name in made["files"])}
    assert used == {file.name for file in BASE.iterdir()} - {"kustomization.yaml"}


@pytest.mark.parametrize("stage", STAGES.values(), ids=STAGES)
def test_a_stage_runs_as_a_user_of_its_own_with_nothing_it_does_not_need(stage: Stage) -> None:
    pod = of_kind("Deployment")[f"tocsin-{stage.name}"]["spec"]["template"]["spec"]
    (container,) = pod["containers"]
    assert pod["securityContext"]["runAsNonRoot"]
    assert pod["securityContext"]["runAsUser"] == 10001
    assert not pod["automountServiceAccountToken"]
    assert container["securityContext"]["readOnlyRootFilesystem"]
    assert container["securityContext"]["capabilities"] == {"drop": ["ALL"]}
    assert container["args"] == (["ingest"] if stage.name == "ingest" else ["agents", stage.name])
    assert {volume["name"] for volume in pod["volumes"]} == {mount["name"] for mount in container["volumeMounts"]}
    users = of_kind("KafkaUser")
    said = {variable["name"]: variable.get("value") for variable in container["env"]}
    assert said["TOCSIN__KAFKA__SASL_USERNAME"] in users
    assert not any("PASSWORD" in name and not name.endswith("_FILE") for name in said)
    assert set(named_by(pod, "secretName")) == {f"tocsin-{stage.name}", *OWN_SECRETS}


@pytest.mark.parametrize("stage", STAGES.values(), ids=STAGES)
def test_probes_ask_what_a_stage_answers_and_a_start_has_as_long_as_a_take_over(stage: Stage) -> None:
    from pipeline.adapters.web.health import START_SECONDS_MAX

    (container,) = of_kind("Deployment")[f"tocsin-{stage.name}"]["spec"]["template"]["spec"]["containers"]
    paths = [container[f"{probe}Probe"]["httpGet"]["path"] for probe in ("startup", "liveness", "readiness")]
    assert paths == ["/livez", "/livez", "/readyz"]
    assert (
        container["startupProbe"]["periodSeconds"] * container["startupProbe"]["failureThreshold"] > START_SECONDS_MAX
    )


@pytest.mark.parametrize("stage", STAGES.values(), ids=STAGES)
def test_scaling_follows_the_lag_of_the_stage_and_stops_at_its_partitions(stage: Stage) -> None:
    spec = of_kind("ScaledObject")[f"tocsin-{stage.name}"]["spec"]
    partitions = load_settings(BASE / "tocsin.toml", environment={}, needs_kafka=False).settings.partitions
    (trigger,) = spec["triggers"]
    assert spec["scaleTargetRef"]["name"] in of_kind("Deployment")
    assert trigger["metadata"]["consumerGroup"] == group_of(stage.name, "")
    assert trigger["metadata"]["topic"] in {topic.noun for topic in stage.reads}
    assert spec["maxReplicaCount"] == max(partitions.of(topic) for topic in stage.reads)
    assert spec["minReplicaCount"] >= 2, "one goes on while the other starts again"
    assert trigger["metadata"]["excludePersistentLag"] == "true"
    behavior = spec["advanced"]["horizontalPodAutoscalerConfig"]["behavior"]
    assert behavior["scaleDown"]["stabilizationWindowSeconds"] > behavior["scaleUp"]["stabilizationWindowSeconds"]
    login = of_kind("TriggerAuthentication")[trigger["authenticationRef"]["name"]]["spec"]["secretTargetRef"]
    known = {*of_kind("Secret"), *of_kind("KafkaUser"), *OWN_SECRETS}
    assert {entry["name"] for entry in login} <= known


@pytest.mark.parametrize("stage", STAGES)
def test_a_drain_takes_one_pod_of_a_stage_at_a_time(stage: str) -> None:
    budget = of_kind("PodDisruptionBudget")[f"tocsin-{stage}"]["spec"]
    deployment = of_kind("Deployment")[f"tocsin-{stage}"]["spec"]
    assert budget["selector"] == deployment["selector"]
    assert budget["selector"]["matchLabels"].items() <= deployment["template"]["metadata"]["labels"].items()
    assert (budget["maxUnavailable"], budget["unhealthyPodEvictionPolicy"]) == (1, "AlwaysAllow")


def test_pods_speak_to_kafka_and_to_nobody_else() -> None:
    policy = of_kind("NetworkPolicy")["tocsin-stages"]["spec"]
    assert set(policy["policyTypes"]) == {"Ingress", "Egress"}
    ports = {port["port"] for rule in policy["egress"] for port in rule["ports"]}
    kafka = load_settings(BASE / "tocsin.toml", environment={}, needs_kafka=False).settings.kafka
    assert ports == {53, int(kafka.bootstrap.rpartition(":")[2])}
    labels = of_kind("Deployment")["tocsin-ingest"]["spec"]["template"]["metadata"]["labels"]
    assert policy["podSelector"]["matchLabels"].items() <= labels.items()


def test_topics_and_users_have_what_strimzi_requires() -> None:
    for topic in of_kind("KafkaTopic").values():
        assert topic["metadata"]["labels"] == {"strimzi.io/cluster": "kafka"}
        assert topic["spec"]["replicas"] == 3
        assert topic["spec"]["config"]["min.insync.replicas"] == "2"
    for user in of_kind("KafkaUser").values():
        assert user["spec"]["authentication"] == {"type": "scram-sha-512"}
        assert all(acl["operations"] and acl["resource"]["name"] for acl in user["spec"]["authorization"]["acls"])
