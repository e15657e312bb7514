# SPDX-License-Identifier: Apache-2.0
"""Accuracy against ADC resolution."""
from results import choice, trend
from results.plot import Inapplicable, figure


@figure("sweep")
def accuracy_vs_adc_bits(sweep, axes):
    """Mean accuracy at each resolution, a line for each workload (or value of another axis)."""
    if "adc.bits" not in sweep.axes or not choice.accuracy(sweep):
        raise Inapplicable("the sweep has no axis adc.bits or no accuracies")
    trend.draw(sweep, axes, "adc.bits", choice.accuracy(sweep), trend.group_of(sweep, "adc.bits"))
