"""deploy/k8s as a cluster gets it: base, components and overlays put together have the form of Kubernetes.

Kustomize would have to be compiled from its Go module, which takes minutes; so what these files use of it is done here:
resources, components, JSON patches, images and a namespace. A test refuses whatever else a kustomization says.
"""

import copy
from pathlib import Path
from typing import Any, Final

import pytest
import yaml

from tests.deploy.test_kubernetes import FOREIGN, K8S, kustomization
from tests.deploy.validators import refusal

Resource = dict[str, Any]

OVERLAYS: Final = sorted(folder.name for folder in (K8S / "overlays").iterdir())
KNOWN: Final = {
    *("apiVersion", "kind", "namespace", "resources", "components", "patches", "images", "configMapGenerator")
}


def built(folder: Path) -> list[Resource]:
    """What `kubectl apply -k` would send, as far as it is read here."""
    said = kustomization(folder)
    assert said.keys() <= KNOWN, f"{folder.name}: {said.keys() - KNOWN} is not read by this test"
    resources: list[Resource] = []
    for name in said.get("resources", []):
        path = folder / name
        if path.is_dir():
            resources += built(path)
        else:
            resources += yaml.safe_load_all(path.read_text("utf-8"))
    for name in said.get("components", []):
        _patch(resources, kustomization(folder / name)["patches"])
    _patch(resources, said.get("patches", []))
    for resource in resources:
        if "namespace" in said:
            resource["metadata"]["namespace"] = said["namespace"]
        for image in said.get("images", []):
            _rename(resource, image)
    return resources


def _patch(resources: list[Resource], patches: list[dict[str, Any]]) -> None:
    for patch in patches:
        targets = [resource for resource in resources if resource["kind"] == patch["target"]["kind"]]
        assert targets, f"a patch of {patch['target']} changes nothing"
        for target in targets:
            for operation in yaml.safe_load(patch["patch"]):
                _apply(target, copy.deepcopy(operation))


def _apply(target: Any, operation: dict[str, Any]) -> None:
    *above, last = operation["path"].strip("/").split("/")
    for part in above:
        target = target[int(part)] if isinstance(target, list) else target[part]
    match operation["op"], target:
        case "add", list() if last == "-":
            target.append(operation["value"])
        case ("add", dict()) | ("replace", dict()) if operation["op"] == "add" or last in target:
            target[last] = operation["value"]
        case _:
            raise AssertionError(f"{operation}: cannot be done here")


def _rename(resource: Any, image: dict[str, str]) -> None:
    if isinstance(resource, dict):
        if resource.get("image", "").partition(":")[0] == image["name"]:
            resource["image"] = f"{image['newName']}:{image['newTag']}"
        for below in resource.values():
            _rename(below, image)
    elif isinstance(resource, list):
        for below in resource:
            _rename(below, image)


def of_kind(resources: list[Resource], kind: str) -> list[Resource]:
    return [resource for resource in resources if resource["kind"] == kind]


def containers(resources: list[Resource]) -> list[dict[str, Any]]:
    return [c for one in of_kind(resources, "Deployment") for c in one["spec"]["template"]["spec"]["containers"]]


@pytest.mark.parametrize("overlay", OVERLAYS)
def test_an_overlay_has_the_form_of_kubernetes(overlay: str, tmp_path: Path) -> None:
    resources = [one for one in built(K8S / "overlays" / overlay) if not one["apiVersion"].startswith(FOREIGN)]
    (tmp_path / "all.yaml").write_text(yaml.safe_dump_all(resources), "utf-8")
    assert not refusal("kubernetes_validate", "--strict", "--quiet", str(tmp_path / "all.yaml"))
    assert {one["metadata"]["namespace"] for one in resources} == {"tocsin" if overlay == "prod" else "tocsin-dev"}


def test_production_has_an_image_with_a_version_and_never_begins_anew() -> None:
    found = containers(built(K8S / "overlays" / "prod"))
    assert len(found) == 3
    assert all("--first-start" not in container["args"] for container in found)
    assert {container["image"] for container in found} == {"registry.example/tocsin:0.1.0"}


def test_a_small_cluster_has_one_of_each_and_begins_where_nothing_is_remembered() -> None:
    resources = built(K8S / "overlays" / "dev")
    assert all(container["args"][-1] == "--first-start" for container in containers(resources))
    assert {one["spec"]["maxReplicaCount"] for one in of_kind(resources, "ScaledObject")} == {1}
    assert {one["spec"]["replicas"] for one in of_kind(resources, "KafkaTopic")} == {1}
    base = of_kind(built(K8S / "base"), "KafkaTopic")
    assert {one["spec"]["replicas"] for one in base} == {3}, "an overlay changes a copy"


def test_a_patch_that_fits_nothing_is_found() -> None:
    for path in ("/spec/no/such", "/spec/missing"):
        with pytest.raises((AssertionError, KeyError)):
            _apply({"spec": {}}, {"op": "replace", "path": path, "value": 1})
