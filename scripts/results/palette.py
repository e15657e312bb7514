# SPDX-License-Identifier: Apache-2.0
"""The colours of all charts: those of Okabe and Ito (2008), told apart with every common colour blindness.

Yellow comes last because it is faint on white. The pages replace each colour by its dark twin on a dark ground.
"""
COLOURS = ("#0072b2", "#e69f00", "#009e73", "#d55e00", "#56b4e9", "#cc79a7", "#7a5195", "#e3d22e")
GREY = "#9aa3ad"
FAINT = "#d3d9e0"
_DARK = ("#3a9bdc", "#f0ae2e", "#1fb88c", "#ee7733", "#8cd0f5", "#dd93bd", "#a986c9", "#f0e442")
DARK = {**dict(zip(COLOURS, _DARK)), GREY: "#6d7784", FAINT: "#3a4350"}
OTHER = "other"


def component_colours(run):
    """Component -> colour for the components with the largest shares of the run's energy or area; the rest of them
    is drawn as `OTHER`, in grey."""
    shares = {}
    for key in ("energy_by_component_j", "area_by_component_mm2"):
        parts = run.summary.get(key) or {}
        total = sum(parts.values()) or 1.0
        for name, value in parts.items():
            shares[name] = max(shares.get(name, 0.0), value / total)
    ranked = sorted((name for name in shares if shares[name] > 0), key=lambda name: (-shares[name], name))
    named = ranked if len(ranked) <= len(COLOURS) else ranked[: len(COLOURS)]
    return dict(zip(named, COLOURS)) | ({OTHER: GREY} if len(ranked) > len(named) else {})


def merged(parts, colours):
    """`parts` (component -> value) with those that have no colour of their own summed as `OTHER`; in the order of
    `colours`, zeros left out."""
    found = dict.fromkeys(colours, 0.0)
    for name, value in parts.items():
        target = name if name in colours else OTHER
        found[target] = found.get(target, 0.0) + value
    return {name: value for name, value in found.items() if value > 0}
