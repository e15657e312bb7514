# SPDX-License-Identifier: Apache-2.0
"""Options of the methods that shape what one column of a crossbar holds, and what they select."""
from prune.errors import UserError
from prune.levels import layer_threshold
from prune.options import Option

TILE = Option(
    "tile",
    int,
    64,
    "Rows and columns of a crossbar, one weight a cell; a power of two such as 32, 64, 128 or 256.",
    minimum=2,
    maximum=65536,
)
LAYERS = Option(
    "layers",
    str,
    "convolutions",
    "Which layers the method acts on; others stay as they are.",
    choices=("convolutions", "all"),
)
TOL = Option("tol", float, 1e-3, "Weights up to this magnitude count as zero.", minimum=0.0, maximum=1e3)
RATIOS = Option(
    "ratios",
    str,
    "",
    "Fraction to remove of each layer that the method acts on, in network order, with commas between; one number "
    "stands for all layers.",
)
REGULARISE_EPOCHS = Option(
    "regularise_epochs",
    int,
    20,
    "Epochs of training with the regulariser, before weights are removed and the others retrained for --epochs.",
    minimum=0,
    maximum=100000,
)


def check_tile(options):
    """Raises UserError for a tile whose size has no whole number of ADC bits."""
    tile = options["tile"]
    if tile & (tile - 1):
        nearest = 1 << (tile.bit_length() - 1)
        raise UserError(f"--tile: {tile} is not a power of two; give {nearest} or {2 * nearest}")


def selected(weights, options):
    """The entries of `weights` (arrays or tensors by layer) that `--layers` chooses: convolutions have four axes."""
    return {name: w for name, w in weights.items() if options["layers"] == "all" or w.ndim == 4}


def ratios_by_layer(weights, options):
    """The fraction to remove of each selected layer, by name; UserError where `--ratios` does not fit the layers."""
    names = list(selected(weights, options))
    try:
        values = [float(text) for text in options["ratios"].split(",")]
    except ValueError:
        raise UserError(f"--ratios: {options['ratios']!r} is not a list of numbers; give for example 0.5,0.8") from None
    if not all(0.0 <= value < 1.0 for value in values):
        raise UserError(f"--ratios: {options['ratios']} is out of range; give numbers >= 0 and < 1")
    if len(values) not in (1, len(names)):
        raise UserError(
            f"--ratios: {len(values)} numbers for {len(names)} layers ({', '.join(names)}); give one for each, or one "
            "for all"
        )
    return dict(zip(names, values * len(names) if len(values) == 1 else values))


def thresholds(weights, options):
    """The magnitude up to which weights count as zero, by selected layer: by its ratio if there are `--ratios`, else `--tol`."""
    chosen = selected(weights, options)
    if not options["ratios"]:
        return dict.fromkeys(chosen, options["tol"])
    ratios = ratios_by_layer(weights, options)
    return {name: layer_threshold(weight, ratios[name]) for name, weight in chosen.items()}
