# SPDX-License-Identifier: Apache-2.0
"""The traces of a run: valid files that agree with the results, which they leave as they are."""
import collections
import csv
import filecmp
import json
import os
import shutil
import signal
import subprocess
import time
from decimal import Decimal
from pathlib import Path

import pytest

from waveforms import Waveforms

STALLS = ("input", "partial_sum", "output")
IDLE, BUSY, STALL_INPUT, STALL_RESULT = range(4)


@pytest.fixture(scope="module")
def config(repository, tmp_path_factory):
    """Four images on a chip whose small buffers and shallow partial sums make every lane wait."""
    path = tmp_path_factory.mktemp("trace") / "traced.yaml"
    base = repository / "configs" / "examples" / "digits_sme.yaml"
    path.write_text(f"version: 1\ninclude: [{base}]\nrun: {{images: 4}}\n"
                    "buffer: {output_size: 64 B}\nrow_pipeline: {input_zero_skip: true, partial_sum_depth: 1}\n")
    return path


def run(squeezebar, config, folder, *settings):
    options = [word for setting in settings for word in ("--set", setting)]
    result = squeezebar("run", config, "-o", folder, "--quiet", *options)
    assert result.returncode == 0, result.stderr
    assert result.stdout == ""
    return folder, result.stderr


@pytest.fixture(scope="module")
def traced(squeezebar, config, tmp_path_factory):
    """The folder of a run with both traces."""
    folder, errors = run(squeezebar, config, tmp_path_factory.mktemp("traced") / "out", "trace.timeline=true",
                         "trace.vcd=[conv1, pool2, fc2]")
    assert errors == ""
    return folder


def timeline(folder):
    """The timeline with its numbers as they are written."""
    return json.loads((folder / "trace.json").read_text(), parse_float=Decimal, parse_int=Decimal)


def events(trace, phase):
    return [event for event in trace["traceEvents"] if event["ph"] == phase]


def names(trace, what):
    """{process: name} or {(process, thread): name}."""
    found = [event for event in events(trace, "M") if event["name"] == what]
    key = (lambda e: e["pid"]) if what == "process_name" else (lambda e: (e["pid"], e["tid"]))
    return {key(event): event["args"]["name"] for event in found}


def layer_rows(folder):
    with open(folder / "layers.csv", newline="") as file:
        return {row["layer"]: row for row in csv.DictReader(file)}


def cycles(trace, microseconds):
    """A time in chip cycles, exactly."""
    number, rest = divmod(microseconds, trace["otherData"]["clock_period_us"])
    assert rest == 0
    return int(number)


def test_the_timeline_keeps_the_format(traced):
    jsonschema = pytest.importorskip("jsonschema")
    schema = json.loads((Path(__file__).parent / "trace_event.schema.json").read_text())
    validator = jsonschema.Draft202012Validator(schema)
    validator.check_schema(schema)
    trace = json.loads((traced / "trace.json").read_text())
    assert list(validator.iter_errors(trace)) == []
    assert len(trace["traceEvents"]) > 1000
    for event in ({"name": "a", "ph": "X", "pid": 1, "tid": 1, "ts": 0, "cat": "c"}, {"name": "a", "ph": "C", "pid": 1, "tid": 0, "ts": 0},
                  {"name": "process_name", "ph": "M", "pid": 1, "tid": 0, "args": {}}, {"name": "a", "ph": "B", "pid": 1, "tid": 1, "ts": 0}):
        assert list(validator.iter_errors({"traceEvents": [event]})), "the schema refuses what is wrong"


def test_every_event_stands_on_a_named_track(traced):
    trace = timeline(traced)
    processes, threads = names(trace, "process_name"), names(trace, "thread_name")
    assert len(set(processes.values())) == len(processes)
    assert {(event["pid"], event["tid"]) for event in events(trace, "X")} <= set(threads)
    assert {event["pid"] for event in events(trace, "C")} <= set(processes)
    assert "links" in processes.values()


def test_tracks_do_not_overlap(traced):
    trace = timeline(traced)
    tracks = collections.defaultdict(list)
    for event in events(trace, "X"):
        tracks[event["pid"], event["tid"]].append((event["ts"], event["ts"] + event["dur"]))
    for spans in tracks.values():
        spans.sort()
        assert all(before[1] <= after[0] for before, after in zip(spans, spans[1:]))


def test_spans_sum_to_the_layers_cycles(traced):
    trace = timeline(traced)
    processes = names(trace, "process_name")
    sums = collections.Counter()
    for event in events(trace, "X"):
        sums[processes[event["pid"]].rsplit(" on tile ", 1)[0], event["cat"]] += cycles(trace, event["dur"])
    rows = layer_rows(traced)
    assert rows
    for layer, row in rows.items():
        assert sums[layer, "busy"] == int(row["busy_cycles"]) > 0
        for cause in STALLS:
            assert sums[layer, f"stall_{cause}"] == int(row[f"stall_{cause}_cycles"])
    for cause in STALLS:
        assert sum(int(row[f"stall_{cause}_cycles"]) for row in rows.values()) > 0


def test_arguments_sum_to_the_layers_counts(traced):
    trace = timeline(traced)
    processes = names(trace, "process_name")
    sums = collections.Counter()
    for event in events(trace, "X"):
        if event["cat"] != "busy":
            continue
        assert event["name"] == f"image {event['args']['image']}"
        layer = processes[event["pid"]].rsplit(" on tile ", 1)[0]
        sums[layer, "bit_cycles"] += event["args"].get("bit_cycles", 0)  # none in the vector unit
        sums[layer, "adc_clipped"] += event["args"].get("clipped", 0)
    for layer, row in layer_rows(traced).items():
        for key in ("bit_cycles", "adc_clipped"):
            assert sums[layer, key] == int(row[key])


def conversions(trace):
    return [event for event in events(trace, "X") if event["cat"] == "conversion"]


def test_every_row_group_has_an_adc_bank_beside_it(traced):
    rows = collections.defaultdict(list)
    for (process, thread), name in sorted(names(timeline(traced), "thread_name").items()):
        rows[process].append(name)
    lanes = [name for found in rows.values() for name in found if name.startswith("row group ")]
    assert lanes
    for found in rows.values():
        for name, after in zip(found, found[1:] + [""]):
            assert name.startswith("row group ") == after.startswith("ADC bank ")
            assert not after.startswith("ADC bank ") or after.split()[2:] == name.split()[2:]


def test_each_wave_with_bit_cycles_is_converted_once(traced):
    trace = timeline(traced)
    threads, processes = names(trace, "thread_name"), names(trace, "process_name")
    waves = collections.defaultdict(dict)
    for event in events(trace, "X"):
        row = threads[event["pid"], event["tid"]]
        if event["cat"] in ("busy", "conversion") and row != "vector unit":
            group = processes[event["pid"]], row.removeprefix("row group ").removeprefix("ADC bank ")
            waves[group + (event["args"]["image"], event["args"]["wave"])][event["cat"]] = event
    assert any("conversion" not in found for found in waves.values()), "some waves skip all their bit-cycles"
    for found in waves.values():
        assert (found["busy"]["args"]["bit_cycles"] > 0) == ("conversion" in found)
        if "conversion" in found:
            assert found["conversion"]["name"] == found["busy"]["name"]
            assert found["conversion"]["args"]["clipped"] == found["busy"]["args"]["clipped"]
            assert found["busy"]["ts"] < found["conversion"]["ts"]


def test_held_samples_are_converted_one_bit_cycle_later(traced):
    # 100 ns of reading and 128 conversions at 1.2 GHz, at a chip clock of 1 GHz.
    bit_cycle = 107
    trace = timeline(traced)
    threads = names(trace, "thread_name")
    spans = {category: sorted((cycles(trace, e["ts"]), cycles(trace, e["dur"])) for e in events(trace, "X")
                              if e["cat"] == category and threads[e["pid"], e["tid"]] != "vector unit" and e["dur"] > 0)
             for category in ("busy", "conversion")}
    assert spans["conversion"] == [(start + bit_cycle, duration) for start, duration in spans["busy"]]


@pytest.mark.parametrize("settings", [
    [], ["sample_hold.overlap=false"], ["mapping.signs=offset", "adc.scan=occupied"], ["mapping.replicas=2", "chip.tiles=10"],
    ["mapping.model=operation_units", "mapping.ou_rows=16", "mapping.ou_columns=16", "adc.bits=4"]], ids="-".join)
def test_conversions_sum_to_those_of_the_run(squeezebar, config, tmp_path, settings):
    folder, _ = run(squeezebar, config, tmp_path / "out", "trace.timeline=true", *settings)
    trace = timeline(folder)
    found = conversions(trace)
    assert found
    summary = json.loads((folder / "summary.json").read_text())
    assert sum(event["args"]["conversions"] for event in found) == summary["adc_conversions"]
    assert sum(event["args"]["clipped"] for event in found) == summary["adc_clipped"]
    assert all(event["ts"] + event["dur"] <= trace["otherData"]["end_us"] for event in found)


def test_transfers_lie_inside_the_run(traced):
    trace = timeline(traced)
    transfers = [event for event in events(trace, "X") if event["cat"] == "transfer"]
    assert transfers
    end = trace["otherData"]["end_us"]
    assert cycles(trace, end) == json.loads((traced / "summary.json").read_text())["cycles"]
    for event in transfers:
        assert 0 <= event["ts"] <= event["ts"] + event["dur"] <= event["args"]["arrival_us"] <= end


def test_tracing_changes_no_result(squeezebar, config, traced, tmp_path):
    plain, _ = run(squeezebar, config, tmp_path / "plain")
    one = {path.name for path in plain.iterdir()}
    other = {path.name for path in traced.iterdir()}
    assert other - one == {"trace.json", "waves.vcd"} and one <= other
    for name in one - {"host.json", "files.json"}:
        assert filecmp.cmp(plain / name, traced / name, shallow=False), name


@pytest.mark.parametrize("option", ["run.threads=2", "run.lookahead=1"])
def test_the_same_bytes_for_any_threads(squeezebar, config, traced, tmp_path, option):
    folder, _ = run(squeezebar, config, tmp_path / "out", "trace.timeline=true", "trace.vcd=[conv1, pool2, fc2]", option)
    for name in ("trace.json", "waves.vcd"):
        assert filecmp.cmp(folder / name, traced / name, shallow=False), name


def test_a_window_holds_what_overlaps_it(squeezebar, config, traced, tmp_path):
    folder, _ = run(squeezebar, config, tmp_path / "out", "trace.timeline=true", "trace.from=20 us", "trace.to=21.5 us")
    whole, part = timeline(traced), timeline(folder)

    def key(event):
        return json.dumps(event, sort_keys=True, default=str)

    overlapping = {key(e) for e in events(whole, "X") if e["ts"] < Decimal("21.5") and e["ts"] + e["dur"] > 20}
    assert 0 < len(overlapping) < len(events(whole, "X"))
    assert {key(event) for event in events(part, "X") if event["dur"] > 0} == overlapping
    assert all(20 <= event["ts"] < Decimal("21.5") for event in events(part, "C"))
    assert part["otherData"]["complete"] is True


def test_chosen_layers(squeezebar, config, tmp_path):
    folder, _ = run(squeezebar, config, tmp_path / "out", "trace.timeline=true", "trace.layers=[conv2]")
    trace = timeline(folder)
    processes = set(names(trace, "process_name").values())
    assert {name.split(" on tile ")[0] for name in processes} == {"conv2", "links"}
    assert all("conv2" in name for (pid, _), name in names(trace, "thread_name").items()
               if names(trace, "process_name")[pid] == "links")


def test_the_most_events(squeezebar, config, tmp_path):
    folder, errors = run(squeezebar, config, tmp_path / "out", "trace.timeline=true", "trace.events=100", "trace.vcd=[conv1]")
    assert errors == ""  # --quiet
    trace = timeline(folder)
    assert len(events(trace, "X")) + len(events(trace, "C")) == 100 == trace["otherData"]["events"]
    assert trace["otherData"]["complete"] is False and "trace.events" in trace["otherData"]["note"]
    vcd = (folder / "waves.vcd").read_text()
    assert "trace.events" in vcd
    assert sum(map(len, Waveforms(vcd).changes.values())) <= 100 + len(Waveforms(vcd).names)
    told = squeezebar("run", config, "-o", tmp_path / "told", "--set", "trace.timeline=true", "--set", "trace.events=100")
    assert told.returncode == 0
    assert "warning: trace.json holds the first 100 events only" in told.stderr


def test_waveforms_agree_with_the_layers_cycles(traced):
    waves = Waveforms((traced / "waves.vcd").read_text())
    assert waves.timescale in ("1 fs", "1fs")
    assert waves.times == sorted(waves.times) and waves.times[0] == 0
    trace = timeline(traced)
    period_fs = int(trace["otherData"]["clock_period_us"] * 10**9)
    assert waves.end == cycles(trace, trace["otherData"]["end_us"]) * period_fs
    rows = layer_rows(traced)
    for layer in ("conv1", "pool2", "fc2"):
        states = [name for name in waves.changes if f".{layer}." in name and name.endswith(".state")]
        assert states
        found = [sum(waves.duration(name, state) for name in states) for state in range(4)]
        row = {name: int(row) for name, row in rows[layer].items() if name.endswith("_cycles")}
        result = row["stall_partial_sum_cycles"] + row["stall_output_cycles"]
        expected = [row["idle_cycles"], row["busy_cycles"], row["stall_input_cycles"], result]
        assert found == [cycles * period_fs for cycles in expected], layer
    assert any(name.endswith("input_buffer_0.pixels") for name in waves.changes)


def test_waveforms_count_waves_and_results(traced):
    waves = Waveforms((traced / "waves.vcd").read_text())
    row = layer_rows(traced)["conv1"]
    last = [changes[-1][1] for name, changes in waves.changes.items() if ".conv1." in name and name.endswith(".wave")]
    assert max(last) == int(row["waves"]) - 1
    results = [changes for name, changes in waves.changes.items() if ".conv1.row_group" in name and name.endswith(".results")]
    assert results and max(value for changes in results for _, value in changes) == 1  # partial_sum_depth
    assert all(changes[-1][1] == 0 for changes in results)


def test_a_single_row_group_in_a_window(squeezebar, config, traced, tmp_path):
    folder, _ = run(squeezebar, config, tmp_path / "out", "trace.vcd=[conv1.row_group_0_0]", "trace.from=20 us",
                    "trace.to=21.5 us")
    whole = Waveforms((traced / "waves.vcd").read_text())
    part = Waveforms((folder / "waves.vcd").read_text())
    assert sorted(name.rsplit(".", 1)[1] for name in part.changes) == ["results", "state", "wave"]
    begin, end = 20 * 10**9, 21_500_000_000
    assert part.times[0] == begin and part.end == end
    for name, changes in part.changes.items():
        before = [value for at, value in whole.changes[name] if at <= begin][-1]
        inside = [(at, value) for at, value in whole.changes[name] if begin < at < end]
        assert changes == [(begin, before)] + inside
    assert not (folder / "trace.json").exists()


def test_a_window_behind_the_end(squeezebar, config, tmp_path):
    result = squeezebar("run", config, "-o", tmp_path / "out", "--set", "trace.from=1 s", "--set", "trace.timeline=true",
                        "--set", "trace.vcd=[conv1]")
    assert result.returncode == 0
    assert "the run ended before trace.from" in result.stderr and "nothing happened in the window" in result.stderr
    assert not (tmp_path / "out" / "waves.vcd").exists()
    assert events(timeline(tmp_path / "out"), "X") == []


def test_values_alone_have_no_trace(squeezebar, config, tmp_path):
    result = squeezebar("run", config, "-o", tmp_path / "out", "--set", "run.function=values", "--set", "trace.timeline=true")
    assert result.returncode == 0
    assert "trace: nothing is traced" in result.stderr
    assert not (tmp_path / "out" / "trace.json").exists()


def test_every_sign_a_layer_name_may_have(squeezebar, repository, config, tmp_path):
    name = "0_layer1.0-Conv.1"
    bundle = tmp_path / "bundle"
    shutil.copytree(repository / "workloads" / "digits" / "p70", bundle)
    text = (bundle / "network.yaml").read_text()
    text = text.replace("name: conv1\n", f"name: '{name}'\n").replace("inputs: [conv1]", f"inputs: ['{name}']")
    (bundle / "network.yaml").write_text(text)
    folder = tmp_path / "out"
    result = squeezebar("run", config, "-o", folder, "--json", "--set", f"workload.bundle={bundle}", "--set", "trace.timeline=true",
                        "--set", f"trace.vcd=['{name}', '{name}.row_group_0_0']")
    assert result.returncode == 0, result.stderr
    json.loads(result.stdout)  # nothing of the kernel's own
    assert f"{name} on tile 0" in names(timeline(folder), "process_name").values()
    assert any(changed.endswith("row_group_0_0.state") for changed in Waveforms((folder / "waves.vcd").read_text()).changes)


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGKILL])
def test_a_run_that_is_stopped_leaves_no_trace(squeezebar_binary, repository, tmp_path, number):
    process = subprocess.Popen(
        [squeezebar_binary, "run", repository / "configs" / "examples" / "digits_sme.yaml", "-o", tmp_path / "out",
         "--set", "trace.timeline=true", "--set", "trace.events=1000000000", "--quiet"], stdout=subprocess.PIPE,
        stderr=subprocess.PIPE)
    deadline = time.monotonic() + 30
    while time.monotonic() < deadline and not any(path.stat().st_size for path in tmp_path.glob(".out.*.partial/new/trace.json")):
        time.sleep(0.002)
    assert process.poll() is None, "the run goes on while the trace is written"
    process.send_signal(number)
    process.communicate(timeout=20)
    assert not (tmp_path / "out").exists()
    if number == signal.SIGINT:
        assert os.listdir(tmp_path) == []
