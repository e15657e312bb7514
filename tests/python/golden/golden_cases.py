# SPDX-License-Identifier: Apache-2.0
"""What the golden net runs: every shipped config with every variant, every sweep, large shapes, random networks.

A case runs the program in a new folder and gives the contents of one or more runs by name. Bundles that a recipe would
have to make are replaced by those in the repository that hold the same weights, with drawn inputs.
"""
import csv
import dataclasses
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import yaml

from golden_contents import contents, differences, without_outputs

REPOSITORY = Path(__file__).resolve().parents[3]
sys.path.insert(0, str(REPOSITORY / "tests" / "python" / "reference"))
import random_cases as rc  # noqa: E402  (the reference suite is no package)
import squeeze_cases as sc  # noqa: E402
import test_operation_units as ou  # noqa: E402

CONFIGS = REPOSITORY / "configs"
LIMIT_S = 900


@dataclasses.dataclass(frozen=True)
class GoldenCase:
    """`run(program, folder)` gives {name: figures}; the names begin with that of the case."""

    name: str
    quick: bool
    run: Callable[[Path, Path], dict]


def squeezebar(program, *arguments):
    command = [str(program), *map(str, arguments)]
    return subprocess.run(command, capture_output=True, text=True, timeout=LIMIT_S, check=False, cwd=REPOSITORY,
                          stdin=subprocess.DEVNULL)


def succeed(program, *arguments):
    result = squeezebar(program, *arguments)
    assert result.returncode == 0, f"squeezebar {' '.join(map(str, arguments))}\n{result.stderr}"


def as_options(settings):
    return [word for key, value in settings.items() for word in ("--set", f"{key}={value}")]


def expect_same(what, figures, again):
    changed = differences(figures, again) | differences(again, figures)
    assert not changed, f"{what} differs from the run itself: {changed}"


def run_thrice(program, config, settings, folder):
    """The contents of a run, which its resolved config must give again, and its activity when it is priced again."""
    outputs = {"run.outputs": "true"} if settings.get("run.function", "exact") != "off" else {}
    succeed(program, "run", config, *as_options(outputs | settings), "-o", folder / "run")
    figures = contents(folder / "run")
    resolved = folder / "run" / "resolved.yaml"
    succeed(program, "run", resolved, "-o", folder / "again")
    expect_same("resolved.yaml", figures, contents(folder / "again"))
    succeed(program, "run", resolved, "--set", "run.outputs=false", "--reuse", folder / "run", "-o", folder / "reused")
    expect_same("run --reuse", without_outputs(figures), contents(folder / "reused"))
    return figures


def committed_bundle(path):
    """The bundle in the repository that has the weights of one that a recipe makes; None: the path itself is there."""
    path = Path(path)
    if "build" not in path.parts:
        return None
    bundle = REPOSITORY / "workloads" / "resnet20" / path.name
    assert bundle.is_dir(), f"no bundle in the repository has the weights of {path}"
    return bundle


def drawn_inputs(bundle):
    """The settings under which a bundle runs, drawn inputs if it has no images."""
    has_images = "samples" in yaml.safe_load((bundle / "network.yaml").read_text())
    return {"workload.bundle": bundle} | ({} if has_images else {"workload.inputs": "uniform"})


def load(path):
    return yaml.safe_load(path.read_text())


def merged(path):
    """The `workload` and `variants` of a config with what it includes."""
    data = load(path)
    out = {"workload": {}, "variants": {}}
    for include in data.get("include", []):
        out["workload"] |= merged(path.parent / include)["workload"]
    out["workload"] |= data.get("workload") or {}
    out["variants"] = data.get("variants") or {}
    return out


def config_case(path, variant, images, name, quick):
    """One config, or one variant of it."""
    data = merged(path)
    workload = data["workload"] | (data["variants"].get(variant, {}).get("workload") or {})
    settings = {"run.images": images}
    if "bundle" not in workload:  # a chip by itself
        settings["workload.bundle"] = REPOSITORY / "workloads" / "digits" / "dense"
    else:
        bundle = committed_bundle(workload["bundle"])
        settings |= drawn_inputs(bundle) if bundle else {}
    config = f"{path}#{variant}" if variant else path

    def run(program, folder):
        return {name: run_thrice(program, config, settings, folder)}

    return GoldenCase(name, quick, run)


def name_of(path):
    return path.relative_to(CONFIGS).with_suffix("").as_posix()


def is_complete(data):
    return isinstance(data, dict) and "version" in data


def config_cases():
    for path in sorted(CONFIGS.rglob("*.yaml")):
        data = load(path)
        if not is_complete(data) or "base" in data:
            continue
        name = name_of(path)
        small = path.parent.name in ("examples", "chip")
        for variant in data.get("variants") or [None]:
            case = f"{name}/{variant}" if variant else name
            yield config_case(path, variant, 16 if small else 1, case, quick=small)
        if path.parent.name == "examples":
            yield config_case(path, None, 0, f"{name}/all_images", quick=False)


def ends(values):
    """The first and the last value of an axis."""
    names = list(values)
    chosen = names if len(names) < 3 else [names[0], names[-1]]
    return {name: values[name] for name in chosen} if isinstance(values, dict) else chosen


def here(path, value):
    """A bundle of a spec, absolute: what stands in for it, or the path as seen from the spec."""
    return str(committed_bundle(value) or (path.parent / value).resolve())


def alternative(path, keys, calibrations):
    """What one alternative of an axis sets, without recipes and with bundles that are there."""
    out = {key: value for key, value in keys.items() if key != "workload.recipe"}
    if "workload.bundle" in out:
        out["workload.bundle"] = here(path, out["workload.bundle"])
    if "adc.calibration" in out:
        out["adc.calibration"] = str(calibrations / Path(out["adc.calibration"]).name)
    return out


def axis(path, name, values, calibrations):
    if isinstance(values, dict) and "from" not in values:
        return {label: alternative(path, keys, calibrations) for label, keys in values.items()}
    return [here(path, value) for value in values] if name == "workload.bundle" else values


def calibrate(program, base, axes):
    """The calibrations that the points name, from one drawn image each."""
    for keys in [keys for values in axes.values() if isinstance(values, dict) for keys in values.values()]:
        if "adc.calibration" in keys:
            drawn = {"workload.bundle": keys["workload.bundle"], "workload.inputs": "uniform"}
            succeed(program, "calibrate", base, *as_options(drawn), "--images", 1, "-o", keys["adc.calibration"])


def points(folder, axes):
    """(name, run folder) of every point of a sweep."""
    with open(folder / "table.csv", newline="") as file:
        for row in csv.DictReader(file):
            assert row["status"] == "done", row
            yield ",".join(f"{name}={row[name]}" for name in axes), folder / row["run"]


def sweep_case(path):
    """A sweep by the program's own command. Of papers' sweeps the ends of the axes are computed."""
    spec, name = load(path), name_of(path)
    whole = path.parent.name == "examples"
    config, _, variant = spec["base"].partition("#")
    base = f"{path.parent / config}{'#' + variant if variant else ''}"
    small = config.startswith("digits")

    def run(program, folder):
        chosen = spec["axes"] if whole else {key: ends(values) for key, values in spec["axes"].items()}
        axes = {key: axis(path, key, values, folder / "calibrations") for key, values in chosen.items()}
        calibrate(program, base, axes)
        fewer = {"run.images": 16} if small else {"run.images": 1, "run.first_image": 0, "workload.inputs": "uniform"}
        made = folder / "spec.yaml"
        made.write_text(yaml.safe_dump({"version": 1, "base": base, "set": spec.get("set", {}) | fewer, "axes": axes},
                                       sort_keys=False))
        succeed(program, "sweep", made, "-o", folder / "sweep", "-j", 1, "--no-report")
        return {f"{name}/{point}": contents(run) for point, run in points(folder / "sweep", axes)}

    return GoldenCase(name, small, run)


def sweep_cases():
    for path in sorted(CONFIGS.rglob("*.yaml")):
        data = load(path)
        if is_complete(data) and "base" in data and "search" not in data:
            yield sweep_case(path)


def shape_cases():
    """ResNet-50 on ImageNet's images, side by side on SME's chip, as large as it takes."""
    settings = {"workload.bundle": REPOSITORY / "workloads" / "shapes" / "resnet50_imagenet",
                "mapping.model": "conventional", "chip.tiles": 512, "run.images": 1}
    name = "shapes/resnet50_conventional"
    yield GoldenCase(name, False, lambda program, folder: {
        name: run_thrice(program, CONFIGS / "chip" / "sme.yaml", settings, folder)})


def network_case(name, make, number, base, quick):
    """A random network. Those whose buffers are drawn may not fit; then that is what is stored."""

    def run(program, folder):
        case = make(number)
        config = rc.write_case(case, folder / "case", base)
        if case.samples:
            succeed(program, "calibrate", config, "--images", case.samples)
        if squeezebar(program, "check", config).returncode == 2:
            return {name: {"refused": True}}
        return {name: run_thrice(program, config, {}, folder)}

    return GoldenCase(name, quick, run)


NETWORKS = (("random", 80, lambda number: rc.make_case(rc.SEED, number)),
            ("graph", 30, lambda number: rc.make_graph_case(rc.GRAPH_SEED, number)),
            ("resolution", 30, lambda number: rc.make_resolution_case(rc.RESOLUTION_SEED, number)),
            ("calibration", 20, lambda number: rc.make_calibration_case(rc.CALIBRATION_SEED, number)),
            ("squeeze", 15, lambda number: sc.make_case(sc.SEED, number)),
            ("balanced", 10, lambda number: sc.make_balanced_case(sc.SEED, number)),
            ("operation_units", 15, ou.make_case))


def network_cases():
    for kind, count, make in NETWORKS:
        for number in range(count):
            base = CONFIGS / "chip" / ("sme.yaml" if number % 4 == 3 or kind in ("squeeze", "balanced") else "isaac.yaml")
            yield network_case(f"networks/{kind}/{number:02}", make, number, base, quick=number % 5 == 0)


def all_cases():
    return [*config_cases(), *sweep_cases(), *shape_cases(), *network_cases()]
