# SPDX-License-Identifier: Apache-2.0
"""Fine-tuning that draws the weights onto the codes of a weight scheme, as SoBS-X does for the bit patterns of SME.

Zero weights stay zero, so a pruned network stays pruned.
"""
from types import MappingProxyType

from prune.admm import row_aware
from prune.admm.options import PULL
from prune.errors import UserError
from prune.methods import Method, method
from prune.options import Option, resolve
from prune.schemes import SCHEMES

_OWN = (
    Option("scheme", str, "s_window", "The weight scheme.", choices=tuple(SCHEMES.names())),
    *PULL,
    Option(
        "settle_epochs",
        int,
        2,
        "Last epochs, in which the weights stay on the scheme and only biases and batch normalisation learn. The default "
        "is cut to --epochs.",
        minimum=0,
        maximum=100000,
    ),
    Option(
        "weighting",
        str,
        "none",
        "Pull all weights alike (none), or each by 2 to the minus its exponent, as EBSP does (exponent).",
        choices=("none", "exponent"),
    ),
    *row_aware.OPTIONS,
)


def _scheme_options():
    """The options of all schemes, each name once."""
    options = (option for name in SCHEMES.names() for option in SCHEMES.get(name).options)
    return tuple({option.name: option for option in options}.values())


@method("admm")
class AdmmMethod(Method):
    summary = "Removes nothing; fine-tunes until all weights are codes of a weight scheme (ADMM)."
    options = (*_OWN, *_scheme_options())
    retraining = MappingProxyType({"epochs": 12, "batch_size": 128, "optimiser": "sgd", "learning_rate": 0.01})

    def resolve(self, given):
        scheme = _OWN[0].parse(given.get("scheme") or _OWN[0].default)
        return resolve((*_OWN, *SCHEMES.get(scheme).options), given, f"method admm with scheme {scheme}")

    def fitted(self, options, given, training):
        if given.get("settle_epochs") is not None:
            return options
        return {**options, "settle_epochs": min(options["settle_epochs"], training["epochs"])}

    def check(self, options, training):
        SCHEMES.get(options["scheme"]).check(options)
        if options["settle_epochs"] > training["epochs"]:
            raise UserError(
                f"--settle-epochs: {options['settle_epochs']} epochs are more than all {training['epochs']}; give fewer "
                "or more --epochs"
            )

    def constraint(self, masks, options):
        from prune.admm.constraint import Admm

        return Admm(SCHEMES.get(options["scheme"]), masks, options)
