# SPDX-License-Identifier: Apache-2.0
"""A key decides what is stored only as far as its class says, and what is reused gives the bytes of a fresh run: for every declared
key of every shipped config."""
import json
import shutil

import pytest
import yaml
from cli_sweeps import rows, run_sweep
from declared_keys import Declarations

BUNDLE = "workloads/digits/p70"
# The config `short` of every shipped one: what is reused has no outputs, and a small network shows as much as a large one.
SHORT = ("run.images=2", "run.first_image=0", "run.outputs=false", "run.threads=1", "workload.inputs=bundle")
MOST_TILES = 40
# Reusing these is refused, whatever they are worth: they ask for files that only a simulation writes.
REFUSALS = ("outputs are asked for", "a trace is asked for")
FAST = ("digits_sre", "digits_sme", "digits_isaac")
MIXED = {"host.json", "values.bin"}


def shipped(repository):
    """{name: config} of every complete config and variant."""
    found = {}
    for file in sorted((repository / "configs").rglob("*.yaml")):
        content = yaml.safe_load(file.read_text())
        if "version" not in content or "base" in content:
            continue
        for variant in content.get("variants") or [None]:
            name = f"{file.parent.name}/{file.stem}" + (f"#{variant}" if variant else "")
            found[name] = f"{file}#{variant}" if variant else str(file)
    return found


class Runs:
    """Runs of one shipped config in a folder, with what the digits network needs changed."""

    def __init__(self, squeezebar, repository, folder, config):
        self._squeezebar, self._folder = squeezebar, folder
        self.settings = (f"workload.bundle={repository / BUNDLE}", *SHORT)
        self.config = config
        self._count = 0
        self.base = self.fresh(())
        self.resolved = yaml.safe_load((self.base / "resolved.yaml").read_text())
        # A chip that replicas fill, whatever its size, takes as long to simulate as it is large.
        if self.resolved["chip"]["tiles"] > MOST_TILES and (smaller := self.fresh((f"chip.tiles={MOST_TILES}",))):
            self.settings += (f"chip.tiles={MOST_TILES}",)
            self.base = smaller
            self.resolved = yaml.safe_load((self.base / "resolved.yaml").read_text())

    def fresh(self, changes, settings=None):
        """The folder of a run that takes nothing and keeps its values; None if the changes are not legal."""
        return self._run(changes, "--keep-values", "1 GB", settings=settings)

    def reusing(self, changes, donor):
        """The folder of a run that takes what it can from another; None if that is refused for one of REFUSALS."""
        return self._run(changes, "--reuse", donor, refusals=REFUSALS)

    def with_other_value(self, key):
        """(setting, folder) of a run with another legal value of the key; (None, None) if it has none."""
        for other in key.others:
            setting = f"{key.name}={other}"
            if folder := self.fresh((setting,)):
                return setting, folder
        return None, None

    def _run(self, changes, *options, refusals=None, settings=None):
        self._count += 1
        folder = self._folder / str(self._count)
        overrides = [f"--set={text}" for text in (*(self.settings if settings is None else settings), *changes)]
        result = self._squeezebar("run", self.config, "--quiet", *overrides, *options, "-o", folder)
        if result.returncode == 0:
            return folder
        assert result.returncode == 2, result.stderr
        if refusals is not None:
            assert any(phrase in result.stderr for phrase in refusals), result.stderr
        return None


def files(folder):
    """Contents by name. The list of a run that kept its values names one file more."""
    out = {str(path.relative_to(folder)): path.read_bytes() for path in folder.rglob("*") if path.is_file() and path.name not in MIXED}
    out["files.json"] = [entry for entry in json.loads(out["files.json"])["files"] if entry["name"] not in MIXED]
    return out


def assert_same(folder, fresh, what):
    ours, wanted = files(folder), files(fresh)
    assert ours.keys() == wanted.keys(), what
    different = [name for name in wanted if ours[name] != wanted[name]]
    assert not different, f"{what}: {different} are not those of a fresh run"


def reused(folder):
    return json.loads((folder / "host.json").read_text())["reused"]


def assert_promise(runs, affects, changes, changed):
    """What the class of the changed keys promises. With what was measured the same, byte for byte, one direction shows both."""
    assert (changed / "values.bin").read_bytes() == (runs.base / "values.bin").read_bytes(), f"{changes} decide stored values"
    if affects == "accounting":
        assert (changed / "activity.json").read_bytes() == (runs.base / "activity.json").read_bytes(), f"{changes} decide what was measured"
    directions = [(changes, runs.base, changed)]
    if affects == "timing":
        directions.append(((), changed, runs.base))
    for settings, donor, fresh in directions:
        folder = runs.reusing(settings, donor)
        if folder is None:
            continue
        assert reused(folder) == ("timing" if affects == "accounting" else "values"), settings
        assert_same(folder, fresh, f"{runs.config} with {settings} after {'it' if donor is runs.base else changes}")
        shutil.rmtree(folder)


def short_runs(squeezebar, repository, folder, name):
    configs = shipped(repository)
    return Runs(squeezebar, repository, folder, next(configs[known] for known in configs if known == name or known.endswith("/" + name)))


def check_key(runs, key):
    """Another legal setting of the key, which keeps the promise of its class; None if there is none."""
    setting, changed = runs.with_other_value(key)
    if changed is not None:
        assert_promise(runs, key.affects, (setting,), changed)
        shutil.rmtree(changed)
    return setting


def legal_together(runs, keys):
    """Settings of all these keys at once that the program accepts, with their run."""
    settings = {key.name: f"{key.name}={key.others[0]}" for key in keys if key.others}
    while settings:
        if folder := runs.fresh(tuple(settings.values())):
            return tuple(settings.values()), folder
        single = {name: text for name, text in settings.items() if runs.fresh((text,))}
        assert len(single) < len(settings), "no key is refused by itself"
        settings = single
    return (), None


def test_a_key_of_time_changes_no_stored_value(squeezebar, repository, tmp_path):
    runs = short_runs(squeezebar, repository, tmp_path, "digits_sre")
    timing = [key for key in Declarations(squeezebar).keys(runs.resolved) if key.affects == "timing"]
    assert len(timing) > 25
    without = {key.name for key in timing if not check_key(runs, key)}
    # Needs a mapping that reads whole crossbars.
    assert without <= {"adaptive_adc.bits"}


@pytest.mark.parametrize("name", FAST)
def test_no_price_changes_what_was_measured(squeezebar, repository, tmp_path, name):
    runs = short_runs(squeezebar, repository, tmp_path, name)
    prices = [key for key in Declarations(squeezebar).keys(runs.resolved) if key.affects == "accounting" and key.name != "run.outputs"]
    changes, changed = legal_together(runs, prices)
    assert len(changes) > 90
    assert_promise(runs, "accounting", changes, changed)


@pytest.mark.parametrize("name, key", [("digits_sre", "adc.scan"), ("digits_sme", "index_memory.charge_occupancy"), ("digits_isaac", "dac.charge")])
def test_what_is_charged_is_not_what_is_stored(squeezebar, repository, tmp_path, name, key):
    runs = short_runs(squeezebar, repository, tmp_path, name)
    found = next(one for one in Declarations(squeezebar).keys(runs.resolved) if one.name == key)
    for other in found.others:
        changed = runs.fresh((f"{key}={other}",))
        assert (changed / "summary.json").read_bytes() != (runs.base / "summary.json").read_bytes()
        assert_promise(runs, found.affects, (f"{key}={other}",), changed)


def check_sweep(squeezebar, runs, folder, settings):
    """The points of a sweep over single changes, which share all they can, have the files of fresh runs. Those lie as deep as
    points do, because a resolved config tells where its bundle is from there."""
    def keys(texts):
        return {key: yaml.safe_load(value) for key, value in (text.split("=", 1) for text in texts)}

    spec = folder / "spec.yaml"
    changes = {"as_it_is": None, **{f"c{number}": keys([text]) for number, text in enumerate(settings)}}
    spec.write_text(yaml.safe_dump({"version": 1, "base": runs.config, "set": keys(runs.settings), "axes": {"change": changes}}, sort_keys=False))
    run_sweep(squeezebar, spec, "-o", folder / "out", "--store", folder / "points", "--no-report", limit_s=600)
    plan = json.loads((folder / "out" / "plan.json").read_text())["points"]
    points = [folder / "out" / row["run"] for row in rows(folder / "out")]
    for planned, point in zip(plan, points, strict=True):
        assert_same(point, runs.fresh(planned["set"], settings=()), planned["labels"])
    assert sum(reused(point) != "nothing" for point in points) == len(settings)


def test_a_sweep_shares_no_more_than_holds(squeezebar, repository, tmp_path):
    runs = short_runs(squeezebar, repository, tmp_path / "fresh" / "runs", "digits_sre")
    check_sweep(squeezebar, runs, tmp_path, ["adc.scan=occupied", "adc.scan=mapped", "dac.charge=ones", "index_memory.charge_occupancy=true"])


@pytest.mark.slow
def test_every_key_of_every_shipped_config(squeezebar, repository, tmp_path):
    declarations = Declarations(squeezebar)
    never, tried, swept = set(), set(), set()
    for number, config in enumerate(shipped(repository).values()):
        folder = tmp_path / str(number)
        runs = Runs(squeezebar, repository, folder / "fresh" / "runs", config)
        keys = [key for key in declarations.keys(runs.resolved) if key.affects != "values"]
        settings = {key.name: setting for key in keys if (setting := check_key(runs, key))}
        if config.split("#")[0] not in swept:
            check_sweep(squeezebar, runs, folder, [text for text in settings.values() if not text.startswith("run.outputs=")])
            swept.add(config.split("#")[0])
        tried |= settings.keys()
        never |= {key.name for key in keys} - settings.keys()
        shutil.rmtree(folder)
    assert not never - tried, "keys without another legal value anywhere"
    assert len(tried) > 130
