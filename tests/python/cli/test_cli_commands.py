# SPDX-License-Identifier: Apache-2.0
"""Every command does what its help says, and every wrong use ends with exit code 2 and a message."""
import json
import os
import shutil
import subprocess

import pytest

COMMANDS = ("run", "sweep", "search", "report", "compare", "calibrate", "check", "map", "explain", "list", "schema", "completion")
SUMMARY_LINES = ("workload", "latency", "energy per image", "crossbars", "ADC conversions", "accuracy")


@pytest.fixture
def good(repository):
    return repository / "configs" / "examples" / "digits_sme.yaml"


def refused(result, message):
    assert result.returncode == 2
    assert result.stdout == ""
    assert message in result.stderr


@pytest.mark.parametrize("words", [["--help"], ["-h"], ["help"]])
def test_help_of_the_program(squeezebar, words):
    result = squeezebar(*words)
    assert (result.returncode, result.stderr) == (0, "")
    for command in COMMANDS:
        assert f"\n  {command} " in result.stdout


@pytest.mark.parametrize("command", COMMANDS)
def test_help_of_a_command(squeezebar, command):
    result = squeezebar(command, "--help")
    assert (result.returncode, result.stderr) == (0, "")
    assert result.stdout.startswith(f"usage: squeezebar {command}")
    assert f"  squeezebar {command}" in result.stdout, "the help has an example"
    assert "--help" in result.stdout
    assert squeezebar("help", command).stdout == result.stdout


def test_version(squeezebar):
    result = squeezebar("--version")
    assert (result.returncode, result.stderr) == (0, "")
    lines = result.stdout.splitlines()
    assert lines[0].startswith("squeezebar ") and lines[0][11].isdigit()
    assert [line.split()[0] for line in lines[1:]] == ["program", "compiler", "libraries", "kernels"]
    assert "SystemC " in lines[3] and "yaml-cpp " in lines[3]
    # The baseline of the machine's architecture is always there; newer kernel libraries start at SSE2.
    assert any(name in lines[4] for name in ("SCALAR", "EMU128", "SSE2", "NEON"))


def test_the_program_is_named_after_its_sources(squeezebar, repository, tmp_path):
    """In any folder, whatever else lies there; any change gives another name."""
    for room in ("sim", "models"):
        shutil.copytree(repository / room, tmp_path / "far" / room)
    (tmp_path / "far" / "sim" / "notes.txt").write_text("no source")

    def digest():
        words = ["-D", f"ROOT={tmp_path / 'far'}", "-D", f"OUTPUT={tmp_path / 'out.cpp'}"]
        subprocess.run(["cmake", *words, "-P", repository / "scripts" / "cmake" / "ProgramDigest.cmake"], check=True)
        return (tmp_path / "out.cpp").read_text().split('return "')[1].split('"')[0]

    program = squeezebar("--version").stdout.splitlines()[1].split()[1]
    assert digest() == program
    header = tmp_path / "far" / "models" / "adc" / "adc.h"
    header.write_text(header.read_text() + "\n")
    changed = digest()
    header.rename(header.with_name("other.h"))
    assert len({program, changed, digest()}) == 3


WRONG = [
    ([], "a command is missing"),
    ([""], "unknown command ''"),
    (["run", ""], "CONFIG is empty"),
    *(([command, *names, option, ""], f"option '{option}' ") for command, names, option in (
        ("run", ("a.yaml",), "--output"), ("sweep", ("a.yaml",), "--output"), ("sweep", ("a.yaml",), "--store"),
        ("calibrate", ("a.yaml",), "--output"), ("compare", ("a", "b"), "--output"), ("report", ("a",), "--output"),
        ("report", ("a",), "--figures"), ("search", ("a.yaml",), "--output"), ("run", ("a.yaml",), "--reuse"))),
    (["ruin"], "unknown command 'ruin'; did you mean 'run'?"),
    (["--verison"], "unknown option '--verison'; did you mean '--version'?"),
    (["run"], "CONFIG is missing"),
    (["check"], "CONFIG is missing"),
    (["map"], "CONFIG is missing"),
    (["map", "a.yaml", "--json", "--csv"], "--json and --csv exclude each other"),
    (["compare"], "RUN is missing"),
    (["compare", "a"], "needs at least two runs"),
    (["compare", "a", "b", "--json", "--csv"], "--json and --csv exclude each other"),
    (["compare", "a", "b", "--tolerance", "1e-9"], "--tolerance needs --expect-equal"),
    (["compare", "a", "b", "--expect-equal", "--tolerance", "2"], "--tolerance must be a number in [0, 1)"),
    (["compare", "a", "b", "--expect-equal", "--tolerance", "x"], "--tolerance must be a number in [0, 1)"),
    (["compare", "a", "b"], "a: error: there is no such folder"),
    (["run", "a.yaml", "b.yaml"], "unexpected argument 'b.yaml'"),
    (["schema", "a.yaml"], "unexpected argument 'a.yaml'"),
    (["run", "a.yaml", "--forse"], "unknown option '--forse'; did you mean '--force'?"),
    (["run", "a.yaml", "--forc"], "unknown option '--forc'; did you mean '--force'?"),
    (["run", "a.yaml", "--outptu=x"], "unknown option '--outptu'; did you mean '--output'?"),
    (["run", "a.yaml", "-z"], "unknown option '-z'"),
    (["map", "a.yaml", "--force"], "unknown option '--force'"),
    (["run", "a.yaml", "--output"], "option '--output' needs a value"),
    (["run", "a.yaml", "-o"], "needs a value"),
    (["run", "a.yaml", "--force=yes"], "option '--force' takes no value"),
    (["run", "a.yaml", "-o", "x", "-o", "y"], "option '--output' is given more than once"),
    (["run", "a.yaml", "--color", "blue"], "--color must be one of auto, always, never, not 'blue'"),
    (["run", "a.yaml", "--log-level", "inf"], "did you mean 'info'?"),
    (["run", "a.yaml", "--set", "adc.bits"], "must have the form section.key=value"),
    (["explain", "adcs"], "nothing is called 'adcs'; did you mean 'adc'?"),
    (["explain", "adc.bist"], "nothing is called 'adc.bist'; did you mean 'adc.bits'?"),
    (["explain", "sweep.engine.lokal"], "nothing is called 'sweep.engine.lokal'; did you mean 'sweep.engine.local'?"),
    (["explain", "adc", "--set", "adc.bits=5"], "--set needs --config"),
    (["list", "adcs"], "did you mean 'adc'?"),
    (["help", "ruin"], "unknown command 'ruin'"),
]


@pytest.mark.parametrize("words, message", WRONG, ids=lambda value: " ".join(value) if isinstance(value, list) else "")
def test_wrong_use(squeezebar, tmp_path, words, message):
    refused(squeezebar(*words, cwd=tmp_path), message)
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("command", ["run", "check", "map"])
def test_missing_config(squeezebar, tmp_path, command):
    refused(squeezebar(command, "absent.yaml", cwd=tmp_path), "absent.yaml: error: cannot be read: No such file or directory")


def test_check_says_what_it_checked(squeezebar, good):
    result = squeezebar("check", good)
    assert (result.returncode, result.stderr) == (0, "")
    assert result.stdout.startswith("ok: ")
    for part in ("sections", "digits-p70", "7 layers (5 on crossbars)", "599 of 599 images", "tiles"):
        assert part in result.stdout
    facts = json.loads(squeezebar("check", good, "--json", "--set", "run.images=5").stdout)
    assert facts["ok"] and facts["images"] == 5 and facts["samples"] == 599
    assert squeezebar("check", good, "--quiet").stdout == ""


def test_explain(squeezebar, good):
    assert "adc " in squeezebar("explain").stdout
    key = squeezebar("explain", "adc.bits", "--config", good, "--set", "adc.bits=5")
    for part in ("type: whole number", "range: [1, 16]", "affects: values", "--set adc.bits=5"):
        assert part in key.stdout
    quantity = squeezebar("explain", "crossbar.read_time").stdout
    assert "unit: s" in quantity and "affects: timing" in quantity
    assert "linear" in squeezebar("explain", "adc").stdout
    assert "reference_bits" in squeezebar("explain", "adc.linear").stdout
    assert "models: " in squeezebar("explain", "adc.reference_bits").stdout
    assert "required" in squeezebar("explain", "adc.model").stdout


def test_every_topic_is_explained_as_json(squeezebar, good):
    """Every section, model and key, and what a sweep chooses from, each in agreement with what people are told."""
    def explained(topic, *more):
        answer = squeezebar("explain", *([topic] if topic else []), "--json", *more)
        assert (answer.returncode, answer.stderr) == (0, ""), topic
        return json.loads(answer.stdout)

    def agrees(topic, key):
        told = squeezebar("explain", topic).stdout
        assert key["about"] in told and f"type: {key['type']}" in told
        assert ("required" if key["default"] is None else f"default: {key['default']}") in told
        assert ("range" in key) == ("\n  range: " in told)

    sections = explained("")["sections"]
    assert sections == json.loads(squeezebar("list", "sections", "--json").stdout)["sections"]
    for section in ("adc", "run", "crossbar", "mapping"):
        said = explained(section)
        assert said["topic"] == section and said["about"] == sections[section]
        for key in said["keys"]:
            assert explained(key["key"])["declared"] == [key]
            agrees(key["key"], key)
        for model in said.get("model", {}).get("models", {}):
            assert explained(f"{section}.{model}")["keys_of_every_model"] == said["keys"]
    assert explained("adc.model")["models"] == json.loads(squeezebar("list", "adc", "--json").stdout)["adc"]
    assert explained("adc.reference_bits")["declared"][0]["models"]
    assert set(explained("sweep")["choices"]) == {"sweep.engine", "sweep.sampler", "sweep.table"}
    for option in explained("sweep.engine.local")["keys"]:
        assert explained(option["key"]) == {"topic": option["key"], **option}
    value = explained("adc.bits", "--config", good, "--set", "adc.bits=5")["values"]
    assert value == [{"key": "adc.bits", "value": "5", "from": "--set adc.bits=5"}]
    wrong = squeezebar("explain", "adcs", "--json")
    assert wrong.returncode == 2 and "did you mean 'adc'" in json.loads(wrong.stderr)["errors"][0]["message"]


def test_version_as_json(squeezebar):
    said = json.loads(squeezebar("--version", "--json").stdout)
    told = squeezebar("--version").stdout
    assert told.startswith(f"squeezebar {said['tool_version']}\n")
    for part in (said["program"], said["compiler"], *said["libraries"].values(), ", ".join(said["kernels"])):
        assert part in told


def test_what_a_sweep_chooses_from_is_explained(squeezebar):
    assert "sweep.engine" in squeezebar("explain", "sweep").stdout
    assert "latin_hypercube" in squeezebar("explain", "sweep.sampler").stdout
    assert "default 0 s" in squeezebar("explain", "sweep.engine.local").stdout
    option = squeezebar("explain", "sweep.engine.local.timeout").stdout
    assert "unit: s" in option and "range: [0 s" in option and "affects" not in option
    assert squeezebar("explain", "sweep.table.table.csv").stdout.startswith("sweep.table.table.csv: ")
    for engine in json.loads(squeezebar("list", "sweep.engine", "--json").stdout)["sweep.engine"]:
        told = squeezebar("explain", f"sweep.engine.{engine}").stdout
        for line in told.splitlines()[2:]:
            assert squeezebar("explain", f"sweep.engine.{engine}.{line.split()[0]}").stdout.startswith(f"sweep.engine.{engine}.")


def test_every_topic_can_be_explained(squeezebar):
    schema = json.loads(squeezebar("schema").stdout)
    sections = list(schema["properties"])
    assert len(sections) > 20
    for section in sections:
        assert squeezebar("explain", section).returncode == 0
        for key in schema["properties"][section].get("properties", {}):
            if key != "source":
                assert squeezebar("explain", f"{section}.{key}").returncode == 0, f"{section}.{key}"


def test_list(squeezebar):
    everything = json.loads(squeezebar("list", "--json").stdout)
    for kind in ("adc", "noc", "mapping", "operators", "report", "actions", "sections", "kernels", "commands", "sweep.engine", "sweep.sampler",
                 "sweep.table", "units"):
        assert everything[kind], kind
        assert json.loads(squeezebar("list", kind, "--json").stdout) == {kind: everything[kind]}
        assert [line.split()[0] for line in squeezebar("list", kind).stdout.splitlines()] == list(everything[kind])
    assert set(everything["report"]) >= {"summary.json", "layers.csv", "energy.csv", "report.html", "resolved.yaml"}
    assert set(everything["commands"]) == set(COMMANDS)
    assert set(everything["sweep.engine"]) >= {"local", "print", "slurm"}
    assert set(everything["sweep.table"]) >= {"table.csv", "table.json", "table.sqlite"}


def test_run_prints_a_summary_and_nothing_else(squeezebar, short, tmp_path):
    result = squeezebar("run", short, "-o", "out", cwd=tmp_path)
    assert (result.returncode, result.stderr) == (0, "")
    for line in SUMMARY_LINES:
        assert line in result.stdout
    assert "results in out" in result.stdout
    assert all(line == line.rstrip() for line in result.stdout.splitlines())


def test_run_as_json_prints_the_summary_file(squeezebar, short, tmp_path):
    result = squeezebar("run", short, "-o", "out", "--json", cwd=tmp_path)
    assert result.stdout == (tmp_path / "out" / "summary.json").read_text()


def test_quiet_run(squeezebar, short, tmp_path):
    result = squeezebar("run", short, "-o", "out", "--quiet", cwd=tmp_path)
    assert (result.returncode, result.stdout, result.stderr) == (0, "", "")
    assert (tmp_path / "out" / "summary.json").is_file()


def test_verbose_run(squeezebar, short, tmp_path):
    for options in (["-v"], ["--log-level", "info"]):
        result = squeezebar("run", short, "-o", "out", *options, cwd=tmp_path)
        assert result.returncode == 0 and "simulating 8 images of digits-p70" in result.stderr


def test_errors_as_json(squeezebar, tmp_path, good):
    result = squeezebar("check", good, "--set", "adc.bits=99", "--set", "cell.bits=x", "--json")
    assert (result.returncode, result.stdout) == (2, "")
    told = json.loads(result.stderr)
    assert told["exit_code"] == 2
    assert [error["key"] for error in told["errors"]] == ["adc.bits", "cell.bits"]
    assert set(told["errors"][0]) == {"file", "line", "column", "severity", "key", "message"}
    (tmp_path / "bad.yaml").write_text("version: 1\nfoo: 1\n")
    told = json.loads(squeezebar("check", "bad.yaml", "--json", cwd=tmp_path).stderr)
    assert ("bad.yaml", 2, 1) in [(error["file"], error["line"], error["column"]) for error in told["errors"]]
    assert json.loads(squeezebar("run", "--json", "--nothing").stderr)["exit_code"] == 2


def test_warnings_do_not_stop_and_can_be_silenced(squeezebar, good):
    options = ["--set", "mapping.signs=offset"]
    loud = squeezebar("check", good, *options)
    assert loud.returncode == 0 and "warning: " in loud.stderr
    assert squeezebar("check", good, *options, "--quiet").stderr == ""


def test_colour(squeezebar):
    assert "\x1b[" in squeezebar("run", "absent.yaml", "--color", "always").stderr
    for options in (["--color", "never"], ["--color=auto"], []):
        assert "\x1b[" not in squeezebar("run", "absent.yaml", *options).stderr


def test_a_full_disk_behind_stdout_is_an_error(squeezebar_binary):
    with open("/dev/full", "w") as full:
        result = subprocess.run([squeezebar_binary, "schema"], stdout=full, stderr=subprocess.PIPE, text=True, check=False)
    assert result.returncode == 2
    assert "cannot write to standard output" in result.stderr


def test_a_reader_that_goes_away_is_fine(squeezebar_binary):
    reading, writing = os.pipe()
    os.close(reading)
    result = subprocess.run([squeezebar_binary, "schema"], stdout=writing, stderr=subprocess.PIPE, text=True, check=False)
    os.close(writing)
    assert (result.returncode, result.stderr) == (0, "")


def test_a_missing_command_lists_the_commands(squeezebar):
    result = squeezebar()
    assert (result.returncode, result.stdout) == (2, "")
    assert squeezebar("--help").stdout.rstrip() in result.stderr
