#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Measures sweeps of many points.

Usage: sweep_scale.py busy|stored|planned [--program build/release/squeezebar] [--points N]

busy     a sweep of the digits network (1,000 points of --images images each, 599 are all): how busy the cores are, and what
         a point costs beside its simulation
stored   the tables and the page of a sweep whose points (100,000) all have results
planned  a job array of Slurm for many points (10,000), without submitting it
"""

import argparse
import hashlib
import json
import os
import pathlib
import resource
import subprocess
import tempfile
import time

ROOT = pathlib.Path(__file__).resolve().parents[2]
MOST_LINKS = 30_000  # of one file; ext4 allows 65,000


class Clock:
    """Wall and processor time of the commands that ran inside it."""

    def __enter__(self):
        self._start, self._cpu = time.monotonic(), self._children()
        return self

    def __exit__(self, *_):
        self.wall_s, self.cpu_s = time.monotonic() - self._start, self._children() - self._cpu

    @staticmethod
    def _children():
        usage = resource.getrusage(resource.RUSAGE_CHILDREN)
        return usage.ru_utime + usage.ru_stime


def run(program, *arguments):
    subprocess.run([program, *map(str, arguments)], check=True, stdout=subprocess.DEVNULL)


def write_spec(folder, axes, settings=""):
    spec = folder / "spec.yaml"
    spec.write_text(f"version: 1\nbase: {ROOT / 'configs/examples/digits_sme.yaml'}\n{settings}axes:\n{axes}")
    return spec


def busy(program, folder, points, images):
    """Points that differ in what they compute, so that nothing is reused."""
    cores = os.cpu_count()
    replicates = -(-points // 20)
    # The seed draws nothing here, but counts as a key that could change values.
    axes = f"  adc.bits: [3, 4, 5, 6, 7]\n  adc.range: [clip, full]\n  mapping.signs: [differential, magnitude]\n  run.seed: [{', '.join(map(str, range(replicates)))}]\n"
    out = folder / "out"
    with Clock() as whole:
        run(program, "sweep", write_spec(folder, axes, f"set: {{run.images: {images}}}\n"), "-o", out, "--no-report", "--quiet")
    plan = json.loads((out / "plan.json").read_text())
    count = len(plan["points"])
    simulated = sum(json.loads(host.read_text())["simulation_s"] for host in (folder / "points").rglob("host.json"))
    print(f"{count:,} points of {images or 'all'} images in {whole.wall_s:.1f} s on {cores} cores, which were {whole.cpu_s / cores / whole.wall_s:.1%} busy")
    print(f"beside its simulation a point took {(whole.wall_s * cores - simulated) / count * 1e3:.1f} ms of one core")


def name_of(*parts):
    return hashlib.sha256("".join(part + "\n" for part in parts).encode()).hexdigest()[:24]


def store(folder, points):
    """Multiplies the results of one point: names and accuracies of their own, everything else linked."""
    out = folder / "out"
    plan = json.loads((out / "plan.json").read_text())
    first = plan["points"][0]
    done = next((folder / "points").glob("*/*/summary.json")).parent
    summary = (done / "summary.json").read_text()
    accounting = first["identity"][0]
    listed = json.loads((done / "files.json").read_text())
    files = [path.name for path in done.iterdir() if path.name not in ("summary.json", "files.json")]
    plan["points"] = []
    for n in range(points):
        name = f"{n:064x}"
        identity = [name, *first["identity"][1:]]
        # As RunIdentity::id: accounting, timing, values, workload, version.
        ident = name_of(*identity)
        place = folder / "points" / ident[:2] / ident
        place.mkdir(parents=True)
        text = summary.replace(accounting, name).encode()
        (place / "summary.json").write_bytes(text)
        entry = {"name": "summary.json", "bytes": len(text), "sha256": hashlib.sha256(text).hexdigest()}
        listed["files"] = [entry if one["name"] == "summary.json" else one for one in listed["files"]]
        (place / "files.json").write_text(json.dumps(listed, indent=1))
        if n % MOST_LINKS == 0:
            for file in files:
                (place / file).write_bytes((done / file).read_bytes())
            source = place
        else:
            for file in files:
                os.link(source / file, place / file)
        plan["points"].append({**first, "identity": identity, "labels": [str(n / points)]})
    (out / "plan.json").write_text(json.dumps(plan))


def stored(program, folder, points, _images):
    run(program, "sweep", write_spec(folder, "  adc.power: [1 mW]\n", "set: {run.images: 1}\n"), "-o", folder / "out", "--no-report", "--quiet")
    store(folder, points)
    for command in (["sweep", "status"], ["sweep", "merge", "--no-report"], ["report"]):
        with Clock() as clock:
            run(program, *command, folder / "out")
        print(f"{' '.join(command)}: {clock.wall_s:.1f} s for {points:,} points")


def planned(program, folder, points, _images):
    spec = write_spec(folder, f"  adc.power: {{from: 1 mW, to: 2 mW, points: {points}}}\n")
    with Clock() as clock:
        script = subprocess.run(
            [program, "sweep", spec, "-o", folder / "out", "--engine", "slurm", "--engine-set", "dry_run=true", "--quiet"],
            check=True, capture_output=True, text=True,
        ).stdout
    array = next(line for line in script.splitlines() if "--array" in line)
    print(f"{points:,} points planned in {clock.wall_s:.1f} s: {array.strip()}")


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("what", choices=("busy", "stored", "planned"))
    parser.add_argument("--program", default=str(ROOT / "build/release/squeezebar"))
    parser.add_argument("--points", type=int)
    parser.add_argument("--images", type=int, default=0)
    given = parser.parse_args()
    measure, points = {"busy": (busy, 1_000), "stored": (stored, 100_000), "planned": (planned, 10_000)}[given.what]
    with tempfile.TemporaryDirectory(prefix="squeezebar-scale-") as folder:
        # The store stands beside the sweep's folder only if paths are relative to where the program runs.
        os.chdir(folder)
        measure(str(pathlib.Path(given.program).resolve()) if "/" in given.program else given.program, pathlib.Path(folder), given.points or points, given.images)


if __name__ == "__main__":
    main()
