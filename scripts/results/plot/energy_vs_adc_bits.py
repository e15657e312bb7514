# SPDX-License-Identifier: Apache-2.0
"""Energy against ADC resolution, with the spread over ADC cost models."""
from results import choice, trend
from results.plot import Inapplicable, figure


@figure("sweep")
def energy_vs_adc_bits(sweep, axes):
    """Mean energy of an image at each resolution; the band reaches over the sweep's ADC cost models."""
    if "adc.bits" not in sweep.axes or not choice.energy(sweep):
        raise Inapplicable("the sweep has no axis adc.bits or no energies")
    trend.draw(sweep, axes, "adc.bits", choice.energy(sweep))
