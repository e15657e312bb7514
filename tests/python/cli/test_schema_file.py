# SPDX-License-Identifier: Apache-2.0
"""configs/schema.json is the program's own schema, and accepts the configs that the program accepts."""
import json

import pytest
import yaml


def test_the_file_is_what_the_program_prints(squeezebar, repository):
    printed = squeezebar("schema").stdout
    written = (repository / "configs" / "schema.json").read_text()
    assert written == printed, "configs/schema.json is stale: squeezebar schema > configs/schema.json"


def test_the_schema_accepts_the_example_configs(squeezebar, repository, tmp_path):
    jsonschema = pytest.importorskip("jsonschema")
    loose = jsonschema.Draft202012Validator(json.loads(squeezebar("schema").stdout))
    complete = jsonschema.Draft202012Validator(json.loads(squeezebar("schema", "--complete").stdout))
    configs = [path for path in sorted((repository / "configs").rglob("*.yaml")) if "base" not in yaml.safe_load(path.read_text())]
    assert len(configs) > 10, "a sweep or a search has a base"
    for path in configs:
        assert list(loose.iter_errors(yaml.safe_load(path.read_text()))) == [], path
    for path in (path for path in configs if path.parent.name == "examples"):
        folder = tmp_path / path.stem
        assert squeezebar("run", path, "-o", folder, "--set", "run.images=1").returncode == 0
        assert list(complete.iter_errors(yaml.safe_load((folder / "resolved.yaml").read_text()))) == [], path


def test_the_schema_refuses_what_the_program_refuses(squeezebar):
    jsonschema = pytest.importorskip("jsonschema")
    schema = jsonschema.Draft202012Validator(json.loads(squeezebar("schema").stdout))
    for text in ("adc: {bits: 99}", "adc: {bits: 1.5}", "crossbar: {read_time: 100}", "crossbar: {read_time: 1 pJ}", "foo: 1",
                 "adc: {scan: maped}", "run: {outputs: 1}", "version: 2"):
        assert list(schema.iter_errors(yaml.safe_load(text))), text
