# SPDX-License-Identifier: Apache-2.0
"""Network definitions: one file per network, each adding itself to `NETWORKS`."""
import dataclasses
from collections.abc import Callable

from prune.registry import Registry

NETWORKS = Registry("network", "prune.networks")


@dataclasses.dataclass(frozen=True)
class Network:
    """A named network: `build()` returns its `prune.graph.Graph`; `data` names its default data set.

    `published(name)` is the key of a parameter ("conv1.weight") in the state_dict that `import` reads.
    """

    name: str
    summary: str
    data: str
    build: Callable
    published: Callable = str


def network(name, summary, data, published=str):
    """Decorator that registers a function returning a Graph."""

    def register(build):
        NETWORKS.add(name, Network(name, summary, data, build, published))
        return build

    return register
