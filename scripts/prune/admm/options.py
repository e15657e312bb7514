# SPDX-License-Identifier: Apache-2.0
"""How strongly ADMM pulls and when it renews what it pulls to."""
from prune.options import Option

PULL = (
    Option("rho", float, 1e-3, "First strength of the pull to the projection.", minimum=1e-9, maximum=1e3),
    Option("rho_factor", float, 2.0, "How much the pull grows every --rho-rounds rounds.", minimum=1.0, maximum=100.0),
    Option("rho_rounds", int, 1, "Rounds after which the pull grows.", minimum=1, maximum=100000),
    Option("round_epochs", int, 1, "Epochs of a round; its end renews the projection.", minimum=1, maximum=100000),
)
