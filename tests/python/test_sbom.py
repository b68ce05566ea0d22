"""The list of what the server is built of, by CycloneDX's own schema."""

import importlib.resources
import json
import subprocess

import jsonschema_rs

from judge.server import ROOT

SCHEMAS = importlib.resources.files("cyclonedx.schema._res")
ADDRESS = "http://cyclonedx.org/schema/"


def schema(name):
    return json.loads(SCHEMAS.joinpath(f"{name}.SNAPSHOT.schema.json").read_text())


def test_the_sbom_is_what_cyclonedx_says_and_has_every_crate_that_the_server_is_built_with():
    printed = subprocess.run([ROOT / "tests/sbom"], check=True, stdout=subprocess.PIPE)
    sbom = json.loads(printed.stdout)
    others = [(f"{ADDRESS}{name}.SNAPSHOT.schema.json", schema(name)) for name in ("spdx", "jsf-0.82")]
    registry = jsonschema_rs.Registry(others)
    errors = jsonschema_rs.validator_for(schema("bom-1.6"), registry=registry).iter_errors(sbom)
    assert [error.message for error in errors] == []

    names = {component["name"] for component in sbom["components"]}
    assert {"accord-gateway", "accord-codegen", "axum", "socketioxide", "sqlx-sqlite", "libsqlite3-sys"} <= names
    assert not {"accord-server", "accord-tests", "proptest"} & names
    refs = {component["bom-ref"] for component in [sbom["metadata"]["component"], *sbom["components"]]}
    assert {dependency["ref"] for dependency in sbom["dependencies"]} == refs
    assert {ref for dependency in sbom["dependencies"] for ref in dependency["dependsOn"]} <= refs
    from_elsewhere = [component for component in sbom["components"] if not component["name"].startswith("accord-")]
    assert [component["name"] for component in from_elsewhere if not {"hashes", "licenses"} <= component.keys()] == []
