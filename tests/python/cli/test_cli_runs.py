# SPDX-License-Identifier: Apache-2.0
"""What a run leaves behind: complete, repeatable, and nothing at all when it did not finish."""
import csv
import filecmp
import json
import os
import pty
import resource
import select
import signal
import subprocess
import time

import numpy as np
import pytest

from cli_sweeps import wait_until
from run_folders import listed

KEYS = ("schema_version", "tool_version", "program", "config_hash", "seed", "workload", "images", "schedule", "devices", "adc_model",
        "latency_s", "latency_first_image_s", "throughput_images_per_s", "cycles", "energy_j", "energy_by_component_j",
        "area_mm2", "power_w", "ops", "tops", "tops_per_w", "tops_per_mm2", "peak", "crossbars", "adc_conversions", "adc_clipped",
        "adc_bits_histogram", "bit_cycles", "bit_cycles_skipped", "stall_cycles", "accuracy_top1",
        "accuracy_reference_top1", "accuracy_float_top1", "sqnr_db")


def run(squeezebar, config, folder, *options):
    result = squeezebar("run", config, "-o", folder, *options)
    assert result.returncode == 0, result.stderr
    return folder


def files(folder):
    return {str(path.relative_to(folder)) for path in folder.rglob("*") if path.is_file()}


def all_files(squeezebar):
    """What a run folder holds: a file of every registered report format, their list, and the facts of the host."""
    return set(json.loads(squeezebar("list", "report", "--json").stdout)["report"]) | {"files.json", "host.json"}


def different(one, other):
    """Files of two run folders that are not equal byte for byte; host.json may differ."""
    assert files(one) == files(other)
    return [name for name in files(one) - {"host.json"} if not filecmp.cmp(one / name, other / name, shallow=False)]


def summary(folder):
    return json.loads((folder / "summary.json").read_text())


def rows(path):
    with open(path, newline="") as file:
        return list(csv.DictReader(file))


def test_the_folder_is_complete(squeezebar, short, tmp_path):
    folder = run(squeezebar, short, tmp_path / "out")
    assert files(folder) == all_files(squeezebar) | {"outputs/fc2.npy"}
    assert len(np.load(folder / "outputs" / "fc2.npy")) == 8
    assert set(KEYS) <= set(summary(folder))
    assert summary(folder)["images"] == 8
    assert [path.name for path in tmp_path.iterdir() if path.name.startswith(".")] == [], "no temporary folder is left"


def test_the_files_agree(squeezebar, short, tmp_path):
    folder = run(squeezebar, short, tmp_path / "out")
    total = summary(folder)
    energy = sum(float(row["energy_j"]) for row in rows(folder / "energy.csv"))
    assert energy == pytest.approx(total["energy_j"], rel=1e-12)
    assert sum(total["energy_by_component_j"].values()) == pytest.approx(total["energy_j"], rel=1e-12)
    assert sum(total["area_by_component_mm2"].values()) == pytest.approx(total["area_mm2"], rel=1e-12)
    layers = rows(folder / "layers.csv")
    for key in ("adc_conversions", "adc_clipped", "bit_cycles"):
        assert sum(int(row[key]) for row in layers) == total[key]
    assert sum(total["adc_bits_histogram"].values()) == total["adc_conversions"]
    for cause in ("input", "partial_sum", "output"):
        assert sum(int(row[f"stall_{cause}_cycles"]) for row in layers) == total["stall_cycles"][cause]
    html = (folder / "report.html").read_text()
    assert total["workload_hash"] in html and "http" not in html


def test_the_same_run_gives_the_same_bytes(squeezebar, short, tmp_path):
    assert different(run(squeezebar, short, tmp_path / "a"), run(squeezebar, short, tmp_path / "b")) == []


@pytest.mark.parametrize("option", ["run.threads=2", "run.threads=7", "run.lookahead=1"])
def test_threads_do_not_change_the_results(squeezebar, short, tmp_path, option):
    one = run(squeezebar, short, tmp_path / "a")
    assert different(one, run(squeezebar, short, tmp_path / "b", "--set", option)) == []


def test_the_resolved_config_repeats_the_run(squeezebar, short, tmp_path):
    first = run(squeezebar, short, tmp_path / "a")
    second = run(squeezebar, first / "resolved.yaml", tmp_path / "b")
    named = {"resolved.yaml", "report.html", "files.json"}  # these name the origin of each value, or hold their digests
    changed = set(different(first, second)) - named
    assert changed == set()
    third = run(squeezebar, second / "resolved.yaml", tmp_path / "c")
    assert summary(third)["config_hash"] == summary(first)["config_hash"]


def test_overrides_win_and_are_recorded(squeezebar, short, tmp_path):
    folder = run(squeezebar, short, tmp_path / "out", "--set", "adc.bits=4", "--set", "run.images=3")
    assert list(summary(folder)["adc_bits_histogram"]) == ["4"]
    assert summary(folder)["images"] == 3
    assert "--set adc.bits=4" in (folder / "resolved.yaml").read_text()


def test_images_of_a_run_are_those_of_a_longer_one(squeezebar, repository, short, tmp_path):
    whole = run(squeezebar, short, tmp_path / "whole", "--set", "run.images=7")
    part = run(squeezebar, short, tmp_path / "part", "--set", "run.first_image=3", "--set", "run.images=4")
    outputs = [np.load(folder / "outputs" / "fc2.npy") for folder in (whole, part)]
    assert np.array_equal(outputs[0][3:], outputs[1])
    labels = np.load(repository / "workloads" / "digits" / "p70" / "labels.npy")[3:7]
    right = (outputs[1].reshape(4, -1).argmax(axis=1) == labels).mean()
    assert summary(part)["images"] == 4 and summary(part)["accuracy_top1"] == right
    assert summary(part)["config_hash"]["values"] != summary(whole)["config_hash"]["values"]


def test_all_images_from_one_on(squeezebar, short, tmp_path):
    options = ["--set", "run.images=0", "--set", "run.function=values"]
    assert summary(run(squeezebar, short, tmp_path / "out", "--set", "run.first_image=590", *options))["images"] == 9
    for settings, said in ((["run.first_image=599"], "the images of 'digits-p70' are numbered 0 to 598"),
                           (["run.first_image=590", "run.images=10"], "10 are asked for, 'digits-p70' has 9 from image 590 on")):
        result = squeezebar("run", short, "-o", tmp_path / "no", *(f"--set={text}" for text in settings))
        assert result.returncode == 2 and said in result.stderr


def test_drawn_images_are_numbered_too(squeezebar, short, tmp_path):
    drawn = ["--set", "workload.inputs=uniform"]
    both = run(squeezebar, short, tmp_path / "both", *drawn, "--set", "run.images=2")
    second = run(squeezebar, short, tmp_path / "second", *drawn, "--set", "run.images=0", "--set", "run.first_image=1")
    outputs = [np.load(folder / "outputs" / "fc2.npy") for folder in (both, second)]
    assert len(outputs[1]) == 1 and np.array_equal(outputs[0][1:], outputs[1])


def test_a_run_of_values_has_no_timing(squeezebar, short, tmp_path):
    folder = run(squeezebar, short, tmp_path / "out", "--set", "run.function=values")
    whole = run(squeezebar, short, tmp_path / "whole")
    values, exact = summary(folder), summary(whole)
    for key in ("latency_s", "cycles", "energy_j", "power_w", "tops", "stall_cycles"):
        assert values[key] is None
    for key in ("accuracy_top1", "adc_conversions", "adc_clipped", "bit_cycles", "area_mm2", "crossbars"):
        assert values[key] == exact[key]
    assert filecmp.cmp(folder / "outputs" / "fc2.npy", whole / "outputs" / "fc2.npy", shallow=False)


def test_default_folder(squeezebar, short, tmp_path):
    assert squeezebar("run", short.name, cwd=tmp_path).returncode == 0
    assert (tmp_path / "runs" / "short" / "summary.json").is_file()


def test_a_run_folder_is_replaced(squeezebar, short, tmp_path):
    run(squeezebar, short, tmp_path / "out", "--set", "run.images=2")
    run(squeezebar, short, tmp_path / "out", "--set", "run.images=3", "--set", "run.outputs=false")
    assert files(tmp_path / "out") == all_files(squeezebar)
    assert summary(tmp_path / "out")["images"] == 3


def test_another_folder_is_replaced_only_by_force(squeezebar, short, tmp_path):
    out = tmp_path / "out"
    out.mkdir()
    (out / "thesis.txt").write_text("precious")
    result = squeezebar("run", short, "-o", out)
    assert result.returncode == 2 and "--force" in result.stderr
    assert (out / "thesis.txt").read_text() == "precious"
    run(squeezebar, short, out, "--force")
    assert files(out) == all_files(squeezebar) | {"outputs/fc2.npy", "thesis.txt"}
    assert (out / "thesis.txt").read_text() == "precious"


def test_files_beside_a_run_are_not_taken_for_its_own(squeezebar, short, tmp_path):
    """Without a word nothing goes; by force the run's own files go, also those that the next one does not write."""
    out = run(squeezebar, short, tmp_path / "out", "--set", "trace.timeline=true")
    (out / "plots" / "deep").mkdir(parents=True)
    (out / "empty").mkdir()
    mine = {"notes.md": "a", "plots/deep/b.svg": "b", "outputs/mine.npy": "c", "waves.vcd": "d"}
    for name, text in mine.items():
        (out / name).write_text(text)
    (out / "link").symlink_to("nowhere")
    before = {name: (out / name).read_bytes() for name in files(out)}
    options = ("--set", "run.images=3", "--set", "run.outputs=false")
    refused = squeezebar("run", short, "-o", out, *options)
    assert refused.returncode == 2 and "'empty', 'link', 'notes.md' and 3 more" in refused.stderr
    assert {name: (out / name).read_bytes() for name in files(out)} == before
    run(squeezebar, short, out, "--force", *options)
    assert files(out) == all_files(squeezebar) | set(mine)
    assert {name: (out / name).read_text() for name in mine} == mine
    assert (out / "link").is_symlink() and (out / "empty").is_dir() and summary(out)["images"] == 3
    assert not set(mine) & set(listed(out))
    assert squeezebar("run", short, "-o", out).returncode == 2


def test_a_run_of_an_older_version_is_known_by_its_names(squeezebar, short, tmp_path):
    options = ("--set", "trace.timeline=true", "--keep-values", "1GB")
    out = run(squeezebar, short, tmp_path / "out", *options)
    (out / "figures").mkdir()
    (out / "figures" / "energy.svg").write_text("x")
    (out / "interactive.html").write_text("x")
    (out / "files.json").unlink()
    run(squeezebar, short, out, *options)
    assert not (out / "figures").exists()
    (out / "files.json").unlink()
    (out / "figures.svg").write_text("mine")
    refused = squeezebar("run", short, "-o", out)
    assert refused.returncode == 2 and "the folder holds 'figures.svg'" in refused.stderr


@pytest.mark.parametrize("few", [("summary.json", "resolved.yaml", "thesis.tex"), ("report.html",), ("files.json",)])
def test_a_few_names_make_no_run(squeezebar, short, tmp_path, few):
    out = tmp_path / "out"
    out.mkdir()
    for name in few:
        (out / name).write_text("mine")
    refused = squeezebar("run", short, "-o", out)
    assert refused.returncode == 2 and f"'{few[-1]}'" in refused.stderr
    assert all((out / name).read_text() == "mine" for name in few)


def test_results_go_where_a_link_leads(squeezebar, short, tmp_path):
    for name, target in (("link", "far/real"), ("dangling", "far/new"), ("twice", "link")):
        (tmp_path / name).symlink_to(target)
    (tmp_path / "far" / "real").mkdir(parents=True)
    for name in ("link", "dangling", "twice"):
        run(squeezebar, short, tmp_path / name, "--set", "run.images=2")
        assert (tmp_path / name).is_symlink() and (tmp_path / name / "summary.json").is_file()
    assert sorted(path.name for path in (tmp_path / "far").iterdir()) == ["new", "real"]
    assert squeezebar("run", tmp_path / "link" / "resolved.yaml", "-o", tmp_path / "again").returncode == 0


def test_a_killed_run_loses_nothing_and_is_cleared_away(squeezebar, squeezebar_binary, short, long, tmp_path):
    out = run(squeezebar, short, tmp_path / "out")
    before = {name: (out / name).read_bytes() for name in files(out)}
    process = subprocess.Popen([squeezebar_binary, "run", long, "-o", out, "--keep-values", "1GB"], stderr=subprocess.DEVNULL)
    wait_until(lambda: list(tmp_path.glob(".out.*.partial/new/values.bin")))
    run(squeezebar, short, tmp_path / "other")
    assert len(list(tmp_path.glob(".*.partial"))) == 1, "what a running process has stays"
    process.kill()
    process.wait()
    assert {name: (out / name).read_bytes() for name in files(out)} == before
    assert list(tmp_path.glob(".*.partial")) != []
    run(squeezebar, short, tmp_path / "another")
    assert list(tmp_path.glob(".*.partial")) == []


def test_a_result_that_was_put_aside_goes_back(squeezebar, short, tmp_path):
    """As a run leaves it that is killed between the two steps of a file system that does not exchange folders."""
    out = run(squeezebar, short, tmp_path / "out")
    killed = tmp_path / ".out.0123456789ab.partial"
    (killed / "new").mkdir(parents=True)
    (killed / "lock").touch()
    out.rename(killed / "old")
    run(squeezebar, short, tmp_path / "other")
    assert (out / "summary.json").is_file() and not killed.exists()


def test_hidden_folders_of_others_stay(squeezebar, short, tmp_path):
    theirs = [tmp_path / ".cache.0123456789ab.partial", tmp_path / ".other.77.partial"]
    for folder in theirs:
        folder.mkdir()
        (folder / "precious").write_text("x")
    run(squeezebar, short, tmp_path / "out")
    assert all((folder / "precious").exists() for folder in theirs)


@pytest.mark.parametrize("place", ["file", "file/below", "/proc/squeezebar", "/dev/null", "/dev/null/x"])
def test_a_place_that_cannot_be_written_to(squeezebar, short, tmp_path, place):
    (tmp_path / "file").write_text("in the way")
    result = squeezebar("run", short, "-o", place, cwd=tmp_path)
    assert result.returncode == 2
    assert "error: " in result.stderr and place in result.stderr
    assert (tmp_path / "file").read_text() == "in the way"


def start(squeezebar_binary, config, **options):
    return subprocess.Popen([squeezebar_binary, "run", config, "-o", config.parent / "out"], text=True,
                            stdout=subprocess.PIPE, stderr=subprocess.PIPE, **options)


def stopped(process, number):
    """Lets the run get under way, then sends the signal; exit code and output."""
    time.sleep(1.0)
    assert process.poll() is None, process.communicate()
    process.send_signal(number)
    output, errors = process.communicate(timeout=20)
    return process.returncode, output, errors


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_an_interrupted_run_leaves_nothing(squeezebar_binary, long, number):
    before = set(long.parent.iterdir())
    code, output, errors = stopped(start(squeezebar_binary, long), number)
    assert (code, output) == (130, "")
    assert errors == "squeezebar: error: interrupted\n"
    assert set(long.parent.iterdir()) == before


def test_an_interrupted_run_leaves_older_results_alone(squeezebar, squeezebar_binary, short, long):
    run(squeezebar, short, long.parent / "out")
    older = (long.parent / "out" / "summary.json").read_bytes()
    assert stopped(start(squeezebar_binary, long), signal.SIGINT)[0] == 130
    assert (long.parent / "out" / "summary.json").read_bytes() == older


def test_a_killed_run_leaves_no_results(squeezebar_binary, long):
    assert stopped(start(squeezebar_binary, long), signal.SIGKILL)[0] == -signal.SIGKILL
    assert not (long.parent / "out").exists()


def test_too_little_memory_is_told(squeezebar_binary, long):
    limit = 48 << 20  # enough for the program, too little for the samples
    result = subprocess.run([squeezebar_binary, "run", long, "-o", long.parent / "out"], text=True, capture_output=True,
                            preexec_fn=lambda: resource.setrlimit(resource.RLIMIT_AS, (limit, limit)), check=False)
    assert (result.returncode, result.stdout) == (1, "")
    assert result.stderr == "squeezebar: error: not enough memory for this run\n"
    assert not (long.parent / "out").exists()


def test_progress_is_shown_on_a_terminal_only(squeezebar_binary, long):
    try:
        leader, follower = pty.openpty()
    except OSError as error:  # a container without /dev/pts
        pytest.skip(f"this system gives no pseudo-terminal: {error.strerror}")
    process = subprocess.Popen([squeezebar_binary, "run", long, "-o", long.parent / "out"], stdout=subprocess.PIPE,
                               stderr=follower)
    os.close(follower)
    seen = b""
    deadline = time.monotonic() + 30
    while b"images/s" not in seen and time.monotonic() < deadline:
        if select.select([leader], [], [], 1.0)[0]:
            seen += os.read(leader, 4096)
    process.send_signal(signal.SIGINT)
    process.wait(timeout=20)
    os.close(leader)
    assert b"of 239600 images" in seen
    assert b"left" in seen


def test_no_library_speaks_for_itself_when_all_is_quiet(squeezebar, short, tmp_path):
    """More threads than the machine has are taken for those it has, which oneTBB would warn of."""
    for command in ("run", "calibrate"):
        answers = [squeezebar(command, short, "--set", f"run.threads={threads}", "-q", "-o", tmp_path / f"{command}{threads}")
                   for threads in (1, 1024)]
        for answer in answers:
            assert (answer.returncode, answer.stdout, answer.stderr) == (0, "", "")
    host = json.loads((tmp_path / "run1024" / "host.json").read_text())
    assert host["threads"] == len(os.sched_getaffinity(0))
    assert (tmp_path / "run1" / "summary.json").read_bytes() == (tmp_path / "run1024" / "summary.json").read_bytes()


def with_variants(short, tmp_path, more=""):
    path = tmp_path / "variants.yaml"
    path.write_text(f"version: 1\ninclude: [{short.name}]\nvariants:\n  whole:\n  narrow: {{adc: {{bits: 4}}}}\n{more}")
    return path


def test_every_variant_is_run_into_a_folder_of_its_name(squeezebar, short, tmp_path):
    config = with_variants(short, tmp_path)
    folder = tmp_path / "out"
    result = squeezebar("run", config, "-o", folder, "--set", "run.images=3")
    assert result.returncode == 0, result.stderr
    assert sorted(path.name for path in folder.iterdir()) == ["comparison.html", "narrow", "whole"]
    assert "narrow" in result.stdout and "ADC conversions" in result.stdout
    assert summary(folder / "whole")["images"] == summary(folder / "narrow")["images"] == 3
    assert summary(folder / "narrow")["adc_clipped"] > summary(folder / "whole")["adc_clipped"]
    alone = run(squeezebar, f"{config}#narrow", tmp_path / "alone" / "narrow", "--set", "run.images=3")
    assert different(alone, folder / "narrow") == []


def test_no_variant_is_run_if_one_is_wrong(squeezebar, short, tmp_path):
    config = with_variants(short, tmp_path, "  broken: {chip: {tiles: 1}}\n  worse: {adc: {bits: 99}}\n")
    result = squeezebar("run", config, "-o", tmp_path / "out")
    assert result.returncode == 2 and "chip.tiles" in result.stderr and "adc.bits" in result.stderr
    assert not (tmp_path / "out").exists()
    assert squeezebar("check", config).stderr == result.stderr
    assert squeezebar("check", f"{config}#narrow").returncode == 0


def test_variants_do_not_go_into_the_folder_of_a_run(squeezebar, short, tmp_path):
    folder = run(squeezebar, short, tmp_path / "out")
    result = squeezebar("run", with_variants(short, tmp_path), "-o", folder)
    assert result.returncode == 2 and "holds the results of one run" in result.stderr
