# SPDX-License-Identifier: Apache-2.0
"""The folder of one run as data frames; docs/reference/results.md has the meaning of every figure."""
import dataclasses
import math
from pathlib import Path

import pandas as pd

from prune import file_list
from prune.errors import UserError
from results.config import read_config
from results.files import check_listed, check_schema, read_csv, read_json

_REMEDY = "give the folder of a complete run (`squeezebar run`)"
_LAYER_COLUMNS = (
    "rows",
    "columns",
    "waves",
    "adc_conversions",
    "adc_clipped",
    "busy_cycles",
    "idle_cycles",
    "stall_input_cycles",
    "stall_partial_sum_cycles",
    "stall_output_cycles",
    "latency_s",
    "tiles",
    "tile_load_max_cycles",
    "tile_load_mean_cycles",
)
_TOLERANCE = 1e-9  # of sums of doubles that were printed with all their digits


@dataclasses.dataclass(frozen=True)
class Run:
    """One run. `summary` is summary.json; `layers` and `energy` are the rows of layers.csv and energy.csv in SI units
    (a layer of "" is the chip's leakage and constant power); `config` maps keys to Setting."""

    folder: Path
    summary: dict
    layers: pd.DataFrame
    energy: pd.DataFrame
    config: dict

    @property
    def timed(self):
        """Whether the run has times and energies (`run.function: values` has none)."""
        return self.summary.get("latency_s") is not None

    def value(self, key):
        """The text of a key of the config, None where the run has no such key."""
        return self.config[key].value if key in self.config else None


def is_run(folder):
    return (Path(folder) / "summary.json").exists()


def load_run(folder):
    """Run of a folder; UserError if a file is missing, cut off or malformed, or the parts do not sum to the total."""
    folder = Path(folder)
    if not folder.is_dir():
        raise UserError.at(folder, f"no such folder; {_REMEDY}")
    summary = read_json(folder / "summary.json", _REMEDY)
    check_schema(folder / "summary.json", summary, "summary.schema.json", _REMEDY)
    layers = read_csv(folder / "layers.csv", ("layer", "op", "squeeze_degrees"), _REMEDY)
    energy = read_csv(folder / "energy.csv", ("component", "layer", "action"), _REMEDY)
    _check_columns(folder / "layers.csv", layers, _LAYER_COLUMNS)
    _check_columns(folder / "energy.csv", energy, ("count", "energy_j"))
    _check_layers(folder, layers, energy)
    run = Run(folder, summary, layers, energy, read_config(folder / "resolved.yaml", _REMEDY))
    _check_sum(folder / "energy.csv", energy["energy_j"].sum(), summary.get("energy_j"), "energy_j")
    _check_sum(
        folder / "layers.csv", layers["adc_conversions"].sum(), summary.get("adc_conversions"), "adc_conversions"
    )
    _check_files(folder, summary)
    return run


def _check_files(folder, summary):
    """What was read is what the run wrote. Runs of versions that named no program had no list of files."""
    if "program" in summary and not (folder / file_list.LIST).exists():
        raise UserError.at(folder / file_list.LIST, f"no such file; {_REMEDY}")
    check_listed(folder, ("summary.json", "layers.csv", "energy.csv", "resolved.yaml"), _REMEDY)


def _check_columns(path, table, needed):
    for name in needed:
        if name not in table:
            raise UserError.at(path, f"lacks the column {name!r}; {_REMEDY}")
        if table[name].isna().any():
            raise UserError.at(path, f"column {name!r} has an empty cell; {_REMEDY}")


def _check_layers(folder, layers, energy):
    twice = layers["layer"][layers["layer"].duplicated()]
    if len(twice):
        raise UserError.at(folder / 'layers.csv', f"two rows of the layer {twice.iloc[0]!r}; {_REMEDY}")
    strange = set(energy["layer"]) - set(layers["layer"]) - {""}
    if strange:
        raise UserError.at(folder / 'energy.csv', f"layer {min(strange)!r} is not in layers.csv; {_REMEDY}")


def _check_sum(path, total, expected, name):
    if isinstance(expected, (int, float)) and not math.isclose(total, expected, rel_tol=_TOLERANCE, abs_tol=1e-30):
        raise UserError.at(
            path,
            f"its rows sum to {total:g}, {name} of {path.with_name('summary.json')} is {expected:g}; {_REMEDY}"
        )


def load_runs(folders):
    """DataFrame with a row for each folder (index: its path as given) and a column for each figure of summary.json;
    figures of nested objects are called `crossbars.allocated.total`, lists become text, null becomes NaN."""
    rows = {str(folder): flat(load_run(folder).summary) for folder in folders}
    return pd.DataFrame.from_dict(rows, orient="index").rename_axis("run")


def flat(value, prefix=""):
    """The figures of nested objects as one dict, keys joined by dots; lists become one text."""
    found = {}
    for key, entry in value.items():
        if isinstance(entry, dict):
            found.update(flat(entry, f"{prefix}{key}."))
        else:
            found[prefix + key] = "; ".join(map(str, entry)) if isinstance(entry, list) else entry
    return found
