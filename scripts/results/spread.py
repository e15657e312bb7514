# SPDX-License-Identifier: Apache-2.0
"""The spread of energy over ADC cost models, which is the largest uncertainty of a figure of energy."""


def band(sweep, metric, by):
    """DataFrame indexed by the values of the column `by`: `mean` of `metric`, and `low` and `high`, the smallest and
    largest of its means under each ADC model; `low` and `high` are absent where the sweep has no such columns.

    `metric` is energy_j or energy_per_image_j. Points without it are left out.
    """
    done = sweep.done[sweep.done[metric].notna()]
    result = done.groupby(by)[metric].mean().to_frame("mean")
    models = [*sweep.adc_models.values()]
    if models and metric.startswith("energy"):
        scale = done[metric] / done["energy_j"] if metric != "energy_j" else 1.0
        priced = done[[*models]].mul(scale, axis=0).assign(own=done[metric]).groupby(done[by]).mean()
        result["low"], result["high"] = priced.min(axis=1), priced.max(axis=1)
    return result
