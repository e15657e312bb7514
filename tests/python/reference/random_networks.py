# SPDX-License-Identifier: Apache-2.0
"""Random networks, grown layer by layer while the integer reference runs along, so that scales suit the values."""
from dataclasses import replace

import numpy as np

import network as nw


def pick(random, *choices):
    return choices[int(random.integers(len(choices)))]


class Builder:
    """Grows one network. `values` holds the codes of every tensor for the sample images.

    With `dyadic` every scale is a power of two, which makes exact ties of the rounding frequent.
    """

    def __init__(self, random, images, signed, block_rows):
        self.random, self.images, self.signed, self.block_rows = random, images, signed, block_rows
        self.dyadic = bool(random.random() < 0.4)
        self.layers, self.values, self.shapes, self.codes = [], {}, {}, {}
        self.inputs = None

    def scale(self, about):
        exact = 2.0 ** np.round(np.log2(about))
        return float(exact if self.dyadic else exact * self.random.uniform(0.7, 1.4))

    def activation_codes(self, scale):
        bits = int(pick(self.random, 2, 3, 4, 4, 5, 6, 7, 8, 8, 8, int(self.random.integers(9, 17)),
                        1 if self.random.random() < 0.5 else 8))
        signed = bool(self.signed and self.random.random() < 0.4)
        codes = nw.Codes(bits, signed, scale, 0, 0, 0)
        if self.random.random() < 0.5:
            middle = (codes.lowest + codes.highest) // 2
            above = codes.highest if self.random.random() < 0.1 else middle
            zero = int(self.random.integers(codes.lowest, above + 1))
        else:
            zero = 0
        lowest, highest = codes.lowest, codes.highest
        if self.random.random() < 0.4:
            lowest = zero  # a fused ReLU
        if self.random.random() < 0.1:
            highest = int(self.random.integers((lowest + highest + 1) // 2, highest + 1))
        return replace(codes, zero_point=zero, minimum=lowest, maximum=highest)

    def weights(self, shape):
        """Signed weights with |w| < 2^magnitude_bits in one of several sparsity patterns."""
        random = self.random
        bits = int(pick(random, 1, 2, 3, 4, 5, 6, 7, 7, 7, 8, 8, 7 if random.random() < 0.8 else 11))
        top = 2**bits - 1
        w = random.integers(-top, top + 1, shape)
        pattern = pick(random, "dense", "small", "sparse", "plane", "block", "positive", "extreme", "very sparse",
                       "nothing" if random.random() < 0.3 else "dense")
        if pattern == "small":
            w = np.clip(np.round(random.normal(0, 2.0 ** (bits - 2.5), shape)), -top, top).astype(np.int64)
        elif pattern == "sparse":
            w = w * (random.random(shape) < 0.3)
        elif pattern == "very sparse":
            w = w * (random.random(shape) < 0.03)
        elif pattern == "plane":
            w = np.sign(w) * (np.abs(w) & ~(1 << int(random.integers(bits))))
        elif pattern == "positive":
            w = np.abs(w)
        elif pattern == "extreme":
            w = np.where(w < 0, -top, top)
        elif pattern == "nothing":
            w = np.zeros(shape, dtype=np.int64)
        elif pattern == "block":
            flat = w.reshape(shape[0], -1)
            start = self.block_rows * int(random.integers(-(-flat.shape[1] // self.block_rows)))
            flat[:, start : start + self.block_rows] = 0
            w = flat.reshape(shape)
        wide = bits > 7 or random.random() < 0.1
        return w.astype(np.int16 if wide else np.int8), bits

    def image(self, shape):
        codes = self.activation_codes(self.scale(0.05))
        self.input_codes = replace(codes, minimum=codes.lowest, maximum=codes.highest)
        self.shapes["image"], self.codes["image"] = shape, self.input_codes
        size = (self.images, *shape)
        x = self.random.integers(codes.lowest, codes.highest + 1, size)
        if self.random.random() < 0.4:  # mostly at the zero point, as after a ReLU
            x = np.where(self.random.random(size) < 0.7, codes.zero_point, x)
        self.inputs = x.astype(codes.dtype)
        self.values["image"] = x.astype(np.int64)
        return "image"

    def append(self, layer):
        values = [self.values[name] for name in layer.inputs]
        result = nw.integer_layer(layer, values, [self.codes[name] for name in layer.inputs])
        self.layers.append(layer)
        self.values[layer.name], self.codes[layer.name] = result, layer.output
        self.shapes[layer.name] = result.shape[1:]
        return layer.name

    def name(self, stem):
        return f"{stem}{len(self.layers) + 1}"

    def product(self, layer, source):
        """Completes a crossbar layer: bias, scales and multipliers that use the output's range."""
        random, codes = self.random, self.codes[source]
        sums = nw.direct_accumulators(layer, self.values[source], codes)
        channels = layer.weight.shape[0]
        correction = -codes.zero_point * layer.weight.astype(np.int64).reshape(channels, -1).sum(axis=1)
        centred = sums + correction[None, :, None, None]
        spread = max(1.0, 2.0 * float(centred.std()))
        extra = random.normal(0, 0.5 * spread, channels)
        if random.random() < 0.7:  # about half of the results on either side of the zero point
            extra -= np.median(centred, axis=(0, 2, 3))
        bias = correction + np.round(extra).astype(np.int64)
        layer.bias = np.clip(bias, -(2**31) + 1, 2**31 - 1).astype(np.int32)
        output = self.activation_codes(1.0)
        room = max(output.maximum - output.zero_point, output.zero_point - output.minimum, 1)
        reach = room / spread * 2.0 ** random.uniform(-1, 1)
        layer.weight_scale = np.array([self.scale(0.01) for _ in range(channels)])
        layer.output = replace(output, scale=self.scale(codes.scale * 0.01 / reach))
        layer.multiplier = codes.scale * layer.weight_scale / layer.output.scale
        return self.append(layer)

    def conv(self, source, kernel=None, channels=None, same=False):
        random, shape = self.random, self.shapes[source]
        kernel = kernel or [int(random.integers(1, 4)), int(random.integers(1, 4))]
        channels = channels or int(random.integers(1, 15))
        if same:
            stride = [1, 1]
            top, left = (int(random.integers(k)) for k in kernel)
            padding = [top, left, kernel[0] - 1 - top, kernel[1] - 1 - left]
        else:
            stride = [int(random.integers(1, 3)), int(random.integers(1, 3))]
            padding = self.padding(kernel, shape)
        weight, bits = self.weights((channels, shape[0], *kernel))
        attributes = {"stride": stride, "padding": padding}
        return self.product(nw.Layer(self.name("conv"), "conv2d", [source], None, attributes, bits, weight), source)

    def padding(self, kernel, shape):
        """Asymmetric padding below the kernel size; at least one window fits."""
        padding = [int(self.random.integers(k)) for k in (*kernel, *kernel)]
        if padding[0] + padding[2] + shape[1] < kernel[0]:
            padding[0] = padding[2] = kernel[0] - 1
        if padding[1] + padding[3] + shape[2] < kernel[1]:
            padding[1] = padding[3] = kernel[1] - 1
        return padding

    def linear(self, source, channels=None):
        rows = int(np.prod(self.shapes[source]))
        weight, bits = self.weights((channels or int(self.random.integers(2, 12)), rows))
        return self.product(nw.Layer(self.name("linear"), "linear", [source], None, {}, bits, weight), source)

    def relu(self, source):
        return self.append(nw.Layer(self.name("relu"), "relu", [source], self.codes[source]))

    def requantise(self, source):
        codes = self.codes[source]
        output = replace(self.activation_codes(1.0), scale=self.scale(codes.scale * 2.0 ** self.random.uniform(-2, 2)))
        attributes = {"multiplier": codes.scale / output.scale}
        return self.append(nw.Layer(self.name("requantise"), "requantise", [source], output, attributes))

    def pool(self, source, op, same=False):
        random, shape, codes = self.random, self.shapes[source], self.codes[source]
        kernel = [3, 3] if same else [int(random.integers(1, 4)), int(random.integers(1, 4))]
        stride = [1, 1] if same else [int(random.integers(1, 4)), int(random.integers(1, 4))]
        padding = [1, 1, 1, 1] if same else self.padding(kernel, shape)
        attributes = {"kernel": kernel, "stride": stride, "padding": padding}
        output = codes
        if op == "average_pool":
            output = replace(self.activation_codes(1.0), scale=self.scale(codes.scale))
            attributes["count_include_pad"] = bool(random.random() < 0.5)
            attributes["multiplier"] = codes.scale / (output.scale * kernel[0] * kernel[1])
        return self.append(nw.Layer(self.name(op), op, [source], output, attributes))

    def subsample(self, source, stride=None, channel_padding=None):
        random, codes = self.random, self.codes[source]
        stride = stride or [int(random.integers(1, 4)), int(random.integers(1, 4))]
        if channel_padding is None:
            channel_padding = [int(random.integers(3)), int(random.integers(3))]
        if not codes.minimum <= codes.zero_point <= codes.maximum:
            channel_padding = [0, 0]
        attributes = {"stride": stride, "channel_padding": channel_padding}
        return self.append(nw.Layer(self.name("subsample"), "subsample", [source], codes, attributes))

    def add(self, first, second):
        scales = [self.codes[name].scale for name in (first, second)]
        output = replace(self.activation_codes(1.0), scale=self.scale(2 * max(scales)))
        attributes = {"multipliers": [scale / output.scale for scale in scales]}
        return self.append(nw.Layer(self.name("add"), "add", [first, second], output, attributes))

    def vector(self, source):
        op = pick(self.random, "relu", "requantise", "max_pool", "average_pool", "subsample")
        return self.pool(source, op) if op.endswith("pool") else getattr(self, op)(source)

    def same_shape(self, source):
        """One layer that keeps the shape."""
        op = pick(self.random, "relu", "requantise", "max_pool", "average_pool", "conv", "conv", "conv")
        if op == "conv":
            return self.conv(source, channels=self.shapes[source][0], same=True)
        return self.pool(source, op, same=True) if op.endswith("pool") else getattr(self, op)(source)

    def crossbar_layers(self):
        return sum(layer.op in nw.CROSSBAR_OPS for layer in self.layers)

    def residual(self, source, depth):
        """A fork and a join; the second branch is often the fork itself, the first may hold another fork."""
        main = source
        for _ in range(int(self.random.integers(1, 3))):
            if depth and self.random.random() < 0.3:
                main = self.residual(main, depth - 1)
            else:
                main = self.same_shape(main)
        skip = source if self.random.random() < 0.5 else self.same_shape(source)
        if main == skip and self.random.random() < 0.9:
            main = self.relu(main)
        return self.add(*pick(self.random, (main, skip), (skip, main)))

    def down_sampling(self, source):
        """A residual block that halves the map and may widen it; its shortcut has no weights (channels of zeros) or is
        a pointwise convolution."""
        random, channels = self.random, self.shapes[source][0]
        extra = [int(random.integers(3)), int(random.integers(3))]
        weight, bits = self.weights((channels + sum(extra), channels, 3, 3))
        attributes = {"stride": [2, 2], "padding": [1, 1, 1, 1]}
        main = self.product(nw.Layer(self.name("conv"), "conv2d", [source], None, attributes, bits, weight), source)
        if random.random() < 0.5:
            main = self.same_shape(main)
        if random.random() < 0.5:
            skip = self.subsample(source, [2, 2], extra)
        else:
            weight, bits = self.weights((channels + sum(extra), channels, 1, 1))
            attributes = {"stride": [2, 2], "padding": [0, 0, 0, 0]}
            skip = self.product(nw.Layer(self.name("conv"), "conv2d", [source], None, attributes, bits, weight), source)
        return self.add(*pick(random, (main, skip), (skip, main)))

    def finish(self, name):
        layers = list(self.layers)
        if self.random.random() < 0.3:  # the order in the file carries no meaning
            layers = [layers[i] for i in self.random.permutation(len(layers))]
        return nw.Network(name, "image", tuple(self.shapes["image"]), self.input_codes, self.layers[-1].name, layers)

    def small_network(self, name):
        """One to four crossbar layers among vector layers, sometimes with a residual block."""
        random = self.random
        wide = random.random() < (0.8 if self.block_rows > 64 else 0.15)  # enough rows to fill tall crossbars
        shape = (int(random.integers(16, 49)) if wide else int(random.integers(1, 7)),
                 int(random.integers(2, 9)), int(random.integers(2, 9)))
        current, target = self.image(shape), int(random.integers(1, 5))
        if random.random() < 0.2:
            current = self.vector(current)
        while self.crossbar_layers() < target:
            left = target - self.crossbar_layers()
            action = random.random()
            if left == 1 and action < 0.6:
                current = self.linear(current)
            elif left >= 3 and action < 0.4:
                current = self.residual(current, depth=0)
            elif left >= 2 and action < 0.15:
                current = self.down_sampling(current)
            else:
                current = self.conv(current)
            if random.random() < 0.4:
                current = self.vector(current)
        return self.finish(name)

    def graph_network(self, name):
        """Nested forks and joins on larger maps."""
        random = self.random
        current = self.image((int(random.integers(1, 4)), int(random.integers(4, 11)), int(random.integers(4, 11))))
        current = self.conv(current, channels=int(random.integers(2, 6)))
        for _ in range(int(random.integers(1, 4))):
            current = self.residual(current, depth=1)
            if random.random() < 0.3 and min(self.shapes[current][1:]) > 1:
                current = self.down_sampling(current)
            if random.random() < 0.2:
                current = self.conv(current)
        if random.random() < 0.3:
            current = self.pool(current, pick(random, "max_pool", "average_pool"))
        if random.random() < 0.6:
            current = self.linear(current)
        return self.finish(name)
