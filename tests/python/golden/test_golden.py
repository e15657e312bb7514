# SPDX-License-Identifier: Apache-2.0
"""Every figure that the shipped configs and the random networks give, held to what is stored, and the net itself."""
import importlib.machinery
import importlib.util

import pytest

import golden_baseline as gb
import golden_cases as gc
from golden_contents import ABSENT, TOLERANCE, contents, differences, root_of, table_figures

CASES = gc.all_cases()
FIGURES = {"summary.energy_j": 2.0, "summary.cycles": 7, "summary.sqnr_db": None, "summary.seed": 1,
           "layers[fc].waves": 3, "energy[adc,fc,convert].count": 10}


def stored_names(case):
    return [name for name in gb.names() if name == case.name or name.startswith(f"{case.name}/")]


@pytest.mark.parametrize("case", [pytest.param(case, id=case.name, marks=() if case.quick else pytest.mark.slow)
                                  for case in CASES])
def test_figures_are_those_that_are_stored(squeezebar_binary, tmp_path, case):
    exact = gb.is_exact()
    found = case.run(squeezebar_binary, tmp_path)
    problems = [f"{name}: not stored (scripts/golden --add)" for name in found if not gb.load(name)]
    for name, figures in found.items():
        problems += [f"{name}: {figure}: {was} -> {now}"
                     for figure, (was, now) in differences(gb.load(name), figures, exact).items()]
    assert not problems, "\n".join(problems)


def test_every_stored_case_is_run():
    """A stored case belongs to a config, sweep or network that is still there."""
    assert {name for case in CASES for name in stored_names(case)} == gb.names()


def test_no_two_cases_share_a_name():
    assert len({case.name for case in CASES}) == len(CASES)


def test_stored_figures_read_back_as_they_were(monkeypatch, tmp_path):
    monkeypatch.setattr(gb, "BASELINE", tmp_path)
    gb.store("a/b", FIGURES)
    assert gb.load("a/b") == FIGURES
    assert gb.names() == {"a/b"}
    assert gb.load("a/c") == {}


@pytest.mark.parametrize("figure", FIGURES)
def test_a_figure_that_vanishes_is_a_difference(figure):
    rest = {name: value for name, value in FIGURES.items() if name != figure}
    assert differences(FIGURES, rest) == {figure: (FIGURES[figure], ABSENT)}
    assert differences(rest, FIGURES) == {}, "a new figure is none"


@pytest.mark.parametrize("figure", FIGURES)
def test_the_last_bit_is_a_difference(figure):
    value = FIGURES[figure]
    other = 0.5 if value is None else value * (1 + 2**-52) if isinstance(value, float) else value + 1
    assert differences(FIGURES, FIGURES | {figure: other})


def test_another_system_may_round_prices_and_nothing_else():
    near = 2.0 * (1 + 0.9 * TOLERANCE)
    assert not differences(FIGURES, FIGURES | {"summary.energy_j": near}, exact=False)
    assert differences(FIGURES, FIGURES | {"summary.energy_j": 2.0 * (1 + 2 * TOLERANCE)}, exact=False)
    assert differences({"summary.latency_s": 2.0}, {"summary.latency_s": near}, exact=False)
    assert differences(FIGURES, FIGURES | {"summary.sqnr_db": 1.0}, exact=False)


def test_rows_go_by_name():
    one, two = {"layer": "a", "waves": "1"}, {"layer": "b", "waves": "2.5e-3"}
    assert dict(table_figures("layers", [one, two])) == dict(table_figures("layers", [two, one]))
    assert dict(table_figures("layers", [two])) == {"layers[b].waves": 0.0025}


def test_contents_of_a_run(squeezebar, repository, tmp_path):
    config = repository / "configs" / "examples" / "digits_sme.yaml"
    result = squeezebar("run", config, "--set", "run.images=2", "--set", "run.outputs=true", "-o", tmp_path / "run")
    assert result.returncode == 0, result.stderr
    figures = contents(tmp_path / "run")
    assert not [name for name in figures if "config_hash" in name or "program" in name or "tool_version" in name]
    assert figures["summary.images"] == 2 and figures["layers[fc2].columns"] == 10
    assert figures["energy[adc,fc2,convert].count"] > 0
    assert sum(name.startswith("outputs/fc2.npy[") for name in figures) == 2
    file = tmp_path / "run" / "outputs" / "fc2.npy"
    data = bytearray(file.read_bytes())
    data[-1] ^= 1
    file.write_bytes(data)
    assert list(differences(figures, contents(tmp_path / "run"))) == ["outputs/fc2.npy[1]"]


def test_a_change_is_listed_by_the_word_of_its_figure():
    assert [root_of(name) for name in FIGURES] == ["energy_j", "cycles", "sqnr_db", "seed", "waves", "adc"]
    assert root_of("summary.area_by_component_mm2.noc") == "area_by_component_mm2"
    section = gb.results_changed("## [1]\n### Added\n- `cycles`\n### Results changed\n- `adc_saving.weighted`, noc\n### Fixed\n- `waves`\n")
    assert gb.is_listed("adc_saving", section)
    assert not any(gb.is_listed(word, section) for word in ("cycles", "noc", "waves", "saving"))


@pytest.fixture
def script(repository, monkeypatch, tmp_path):
    """scripts/golden as a module, on a baseline of its own."""
    loader = importlib.machinery.SourceFileLoader("golden_script", str(repository / "scripts" / "golden"))
    spec = importlib.util.spec_from_loader(loader.name, loader)
    module = importlib.util.module_from_spec(spec)
    loader.exec_module(module)
    monkeypatch.setattr(gb, "BASELINE", tmp_path)
    gb.store("a", FIGURES)
    return module


def settle(script, arguments, changes, section=""):
    options = script.parse(arguments)
    options.exact, options.section = True, section
    return script.settle("a", FIGURES | changes, options)


def test_a_change_stays_one_until_it_is_accepted_by_name_and_listed(script, capsys):
    change = {"summary.energy_j": 2.5, "summary.cycles": 8}
    assert settle(script, [], change) == 2
    assert settle(script, ["--accept", "a:summary.energy_j"], change) == 2
    assert "`energy_j` is not in" in capsys.readouterr().out
    assert gb.load("a") == FIGURES
    assert settle(script, ["--accept", "a:summary.*"], change, "`energy_j` counts more") == 1
    assert gb.load("a") == FIGURES | {"summary.energy_j": 2.5}
    assert settle(script, ["--accept", "b:*"], {"layers[fc].waves": 4}, "`waves`, `cycles`, `energy_j`") == 2


def test_rows_are_accepted_by_pattern(script):
    assert settle(script, ["--accept", "*:layers[*].waves"], {"layers[fc].waves": 4}, "`layers.csv.waves`") == 0
    assert gb.load("a")["layers[fc].waves"] == 4


def test_new_figures_are_stored_on_demand(script):
    assert settle(script, [], {"summary.new": 1}) == 0
    assert gb.load("a") == FIGURES
    assert settle(script, ["--add"], {"summary.new": 1}) == 0
    assert gb.load("a") == FIGURES | {"summary.new": 1}
