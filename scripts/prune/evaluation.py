# SPDX-License-Identifier: Apache-2.0
"""How networks are computed within bounded memory: a value goes when its last reader is done, batches are cut to size."""
from collections import Counter

import numpy as np

BATCH_BYTES = 256 * 2**20  # of a batch: values that wait for readers, and what one layer works on


def walk(nodes, values, output, compute):
    """The value of `output`, from `values`, which holds that of the network's input and is used up.

    `compute(node, operands)` gives the value of each of the `nodes`, which come in topological order.
    """
    readers = Counter(name for node in nodes for name in node.inputs)
    readers[output] += 1
    for node in nodes:
        values[node.name] = compute(node, [values[name] for name in node.inputs])
        readers.subtract(node.inputs)
        for name in {*node.inputs, node.name}:
            if not readers[name]:
                del values[name]
    return values[output]


def samples_at_a_time(nodes, input_name, shapes, output, most, value_bytes):
    """How many samples to compute at once, 1 to `most`, with values of `value_bytes` each; `shapes` are by name."""
    sizes = {name: int(np.prod(shape)) for name, shape in shapes.items()}
    held, largest = {input_name: sizes[input_name]}, 0

    def compute(node, operands):
        nonlocal largest
        # A layer pads and converts what it reads, and its sums become codes in a second array.
        largest = max(largest, sum(held.values()) + 2 * (sum(operands) + sizes[node.name]))
        return sizes[node.name]

    walk(nodes, held, output, compute)
    return max(1, min(most, BATCH_BYTES // (value_bytes * max(1, largest))))
