# SPDX-License-Identifier: Apache-2.0
"""How much accuracy, energy and latency depend on each axis."""
from results import choice
from results.palette import COLOURS
from results.plot import Inapplicable, figure, legend_above
from results.sensitivity import main_effects
from results.units import words


def _height(sweep):
    return 1.0 + 0.4 * len(sweep.axes)


@figure("sweep", height=_height)
def sensitivity(sweep, axes):
    """For each axis the range of the mean of each objective over the axis's values, in per cent of its overall mean."""
    effects = {
        name: main_effects(sweep, name)["effect"] / abs(sweep.done[name].mean())
        for name in choice.objectives(sweep)
        if sweep.done[name].mean()
    }
    if not any(len(effect) for effect in effects.values()):
        raise Inapplicable("no axis has two values")
    order = max(effects.values(), key=lambda effect: effect.max()).index
    thickness = 0.8 / len(effects)
    for number, (name, effect) in enumerate(effects.items()):
        places = [place + (number - (len(effects) - 1) / 2) * thickness for place in range(len(order))]
        axes.barh(
            places,
            [100 * effect.get(axis, 0.0) for axis in order],
            height=thickness,
            color=COLOURS[number],
            label=words(name),
        )
    axes.set_yticks(range(len(order)), order)
    axes.invert_yaxis()
    axes.grid(axis="y", visible=False)
    axes.set_xlabel("range of means (% of the mean)")
    legend_above(axes, 1)
