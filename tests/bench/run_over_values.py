#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Measures what time costs beside values: whole runs of ResNet-50's shapes, conventional mapping, one image.

Usage: run_over_values.py [--program build/release/squeezebar] [--replicas N...]

For each number of replicas one line: seconds of a run, of the same with run.function=values, their ratio, and the run's peak memory.
Each is a process from its start to its end; the better of --repeat is taken.
"""

import argparse
import os
import pathlib
import subprocess
import sys
import tempfile
import time

ROOT = pathlib.Path(__file__).resolve().parents[2]
CONFIG = f"""version: 1
include: [{ROOT}/configs/chip/isaac.yaml]
run: {{images: 1}}
workload: {{bundle: {ROOT}/workloads/shapes/resnet50_imagenet}}
mapping: {{model: conventional}}
chip: {{tiles: 1024}}
buffer: {{size: 1 MB, input_size: 512 KB}}
"""


def measure(program, folder, replicas, function):
    """(seconds, peak memory in MB) of one whole process."""
    start = time.monotonic()
    process = subprocess.Popen([program, "run", folder / "config.yaml", "--set", f"mapping.replicas={replicas}", "--set",
                                f"run.function={function}", "-o", folder / "out", "--force", "-q"])
    _, status, usage = os.wait4(process.pid, 0)
    if status != 0:
        sys.exit(f"{program} failed")
    return time.monotonic() - start, usage.ru_maxrss / 1000


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--program", type=pathlib.Path, default=ROOT / "build" / "release" / "squeezebar")
    parser.add_argument("--replicas", type=int, nargs="+", default=[1, 4])
    parser.add_argument("--repeat", type=int, default=3)
    arguments = parser.parse_args()
    with tempfile.TemporaryDirectory() as name:
        folder = pathlib.Path(name)
        (folder / "config.yaml").write_text(CONFIG)
        for replicas in arguments.replicas:
            run, values = (min(measure(arguments.program, folder, replicas, function) for _ in range(arguments.repeat))
                           for function in ("exact", "values"))
            print(f"replicas {replicas}: run {run[0]:.2f} s, values {values[0]:.2f} s, ratio {run[0] / values[0]:.2f}, "
                  f"memory {run[1]:.0f} MB", flush=True)


if __name__ == "__main__":
    main()
