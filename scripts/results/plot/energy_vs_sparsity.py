# SPDX-License-Identifier: Apache-2.0
"""Energy against the sparsity of the weights."""
from results import choice, trend
from results.plot import Inapplicable, figure


@figure("sweep")
def energy_vs_sparsity(sweep, axes):
    """Mean energy of an image at each sparsity, a line for each value of an axis; one line, with the spread as a band,
    where the sweep has other ADC cost models."""
    if not choice.known(sweep, "weight_sparsity") or not choice.energy(sweep):
        raise Inapplicable("the sweep has no column sparsity or no energies")
    group = None if sweep.adc_models else trend.group_of(sweep, "workload")  # bands of several lines hide each other
    trend.draw(sweep, axes, "weight_sparsity", choice.energy(sweep), group)
