# SPDX-License-Identifier: Apache-2.0
"""Whether a network and a data set can go all the way to a bundle; asked before hours of training."""
import numpy as np

from prune.data import DATA_SETS
from prune.errors import UserError
from prune.quantised import code_range


def ready_graph(network, data):
    """The graph of a `prune.networks.Network`; UserError with all that hinders it or its data set, in one sentence."""
    graph, found = None, []
    try:
        graph = network.build()
    except UserError as error:
        found.append(str(error))
    if graph is not None and not graph.weight_names():
        found.append("the network has no layer with weights; add a conv2d or linear layer")
    found += _data_problems(data, graph)
    if found:
        raise UserError.at(f"network {network.name!r} with data set {data.name!r}", "; ".join(found))
    return graph


def _data_problems(data, graph):
    """A sentence for each fault of the data set, and for what does not fit the graph, if there is one."""
    if not isinstance(data.bits, int) or not 1 <= data.bits <= 16:
        return [f"data: bits {data.bits!r} is not a whole number from 1 to 16; correct it"]
    most = code_range(data.bits, False)[1]
    found = []
    if data.name not in DATA_SETS.names():
        found.append(f"data: the name {data.name!r} is not that of a data set; give the name it is registered by")
    if not np.isfinite(data.scale) or data.scale <= 0:
        found.append(f"data: scale {data.scale!r} is not a positive number; correct it")
    if not 0 <= data.zero_point <= most or data.zero_point != int(data.zero_point):
        found.append(f"data: zero_point {data.zero_point!r} is not one of the codes 0..{most}; correct it")
    for name, split in (("train", data.train), ("held_out", data.held_out)):
        texts = [*_input_problems(split.inputs, most, graph), *_label_problems(split, graph)]
        found += [f"data: {name}.{text}" for text in texts]
    return found


def _input_problems(inputs, most, graph):
    if inputs.dtype.kind != "u":
        yield f"inputs holds {inputs.dtype}; store codes as uint8 or uint16"
    elif inputs.size and inputs.max() > most:
        yield f"inputs holds the code {inputs.max()}; its bits allow 0..{most}"
    if not inputs.size:
        yield "inputs holds no sample; give one or more"
    elif graph is not None and inputs.shape[1:] != graph.input_shape:
        yield f"inputs has shape {list(inputs.shape)}, the network takes [N, {', '.join(map(str, graph.input_shape))}]"


def _label_problems(split, graph):
    labels = split.labels
    if labels.dtype.kind not in "iu" or labels.shape != split.inputs.shape[:1]:
        yield f"labels is {labels.dtype} of shape {list(labels.shape)}; give one whole number for each sample"
    elif labels.size and graph is not None:
        outputs = int(np.prod(graph.shapes()[graph.output]))
        if labels.min() < 0 or labels.max() >= outputs:
            yield f"labels holds {labels.min()}..{labels.max()}; the network has the outputs 0..{outputs - 1}"
