# SPDX-License-Identifier: Apache-2.0
"""The integer network in plain Python loops, written from the arithmetic of the bundle format alone.

Shares no code with `prune.reference`: integers are Python's, so they never overflow, and `round` of a Python float
rounds half to even.
"""


def run(network, sample):
    """Codes of every layer as dicts (c, y, x) -> int, by name, for one sample of shape (C, H, W)."""
    channels, height, width = sample.shape
    codes = {
        network.input.name: {
            (c, y, x): int(sample[c, y, x]) for c in range(channels) for y in range(height) for x in range(width)
        }
    }
    meaning = {network.input.name: network.input.quantisation}
    for layer in network.layers:
        sources = [(codes[name], meaning[name].zero_point) for name in layer.inputs]
        codes[layer.name] = globals()["_" + layer.op](layer, *sources)
        meaning[layer.name] = layer.output
    return codes


def size(codes):
    """(C, H, W) of a dict of codes."""
    return tuple(1 + max(key[axis] for key in codes) for axis in range(3))


def _clamp(layer, real):
    return max(layer.output.min, min(layer.output.max, round(real) + layer.output.zero_point))


def _positions(layer, source, kernel):
    """(output y, output x, [(i, j, input y, input x)]) for every output pixel."""
    _, height, width = size(source)
    top, left, bottom, right = layer.attributes["padding"]
    step_y, step_x = layer.attributes["stride"]
    y = 0
    while y * step_y + kernel[0] <= height + top + bottom:
        x = 0
        while x * step_x + kernel[1] <= width + left + right:
            window = [
                (i, j, y * step_y + i - top, x * step_x + j - left) for i in range(kernel[0]) for j in range(kernel[1])
            ]
            yield y, x, window
            x += 1
        y += 1


def _conv2d(layer, operand):
    source, zero_point = operand
    outputs, channels, kernel_height, kernel_width = layer.weight.shape
    result = {}
    for y, x, window in _positions(layer, source, (kernel_height, kernel_width)):
        for o in range(outputs):
            acc = int(layer.bias[o])
            for c in range(channels):
                for i, j, row, column in window:
                    acc += int(layer.weight[o, c, i, j]) * source.get((c, row, column), zero_point)
            result[o, y, x] = _clamp(layer, float(acc) * float(layer.multiplier[o]))
    return result


def _linear(layer, operand):
    source, _ = operand
    channels, height, width = size(source)
    result = {}
    for o in range(layer.weight.shape[0]):
        acc = int(layer.bias[o])
        for (c, y, x), code in source.items():
            acc += int(layer.weight[o, (c * height + y) * width + x]) * code
        result[o, 0, 0] = _clamp(layer, float(acc) * float(layer.multiplier[o]))
    return result


def _relu(layer, operand):
    source, zero_point = operand
    return {key: max(code, zero_point) for key, code in source.items()}


def _subsample(layer, operand):
    source, zero_point = operand
    channels, height, width = size(source)
    step_y, step_x = layer.attributes["stride"]
    before, after = layer.attributes["channel_padding"]
    return {
        (c, y, x): source.get((c - before, y * step_y, x * step_x), zero_point)
        for c in range(before + channels + after)
        for y in range((height + step_y - 1) // step_y)
        for x in range((width + step_x - 1) // step_x)
    }


def _max_pool(layer, operand):
    source, _ = operand
    result = {}
    for y, x, window in _positions(layer, source, layer.attributes["kernel"]):
        for c in range(size(source)[0]):
            result[c, y, x] = max(source[c, row, column] for _, _, row, column in window if (c, row, column) in source)
    return result


def _average_pool(layer, operand):
    source, zero_point = operand
    result = {}
    for y, x, window in _positions(layer, source, layer.attributes["kernel"]):
        for c in range(size(source)[0]):
            values = [source[c, row, column] - zero_point for _, _, row, column in window if (c, row, column) in source]
            multiplier = layer.attributes["multiplier"]
            if not layer.attributes["count_include_pad"]:
                multiplier = multiplier * len(window) / len(values)
            result[c, y, x] = _clamp(layer, float(sum(values)) * multiplier)
    return result


def _add(layer, a, b):
    (source_a, zero_a), (source_b, zero_b) = a, b
    first, second = layer.attributes["multipliers"]
    return {
        key: _clamp(layer, float(source_a[key] - zero_a) * first + float(source_b[key] - zero_b) * second)
        for key in source_a
    }


def _requantise(layer, operand):
    source, zero_point = operand
    return {
        key: _clamp(layer, float(code - zero_point) * layer.attributes["multiplier"]) for key, code in source.items()
    }
