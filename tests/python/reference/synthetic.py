# SPDX-License-Identifier: Apache-2.0
"""Bundles of shapes in plain NumPy: the weights, biases, multipliers and images that a simulator has to draw.

Philox4x32-10 (Salmon et al., SC 2011) and the t-distribution of Bailey (Math. Comp. 62, 1994) in the form of Box and
Muller, with the C library's functions: a last bit of theirs almost never decides which integer a weight becomes.
"""
from pathlib import Path

import numpy as np
import yaml

import network as nw

MASK = np.uint64(0xFFFFFFFF)
DEVIATIONS = 4.0


def philox(counter, key):
    """Counters [..., 4] and a key [2] to random words [..., 4], as uint64 below 2^32."""
    c = [np.asarray(word, dtype=np.uint64) for word in np.moveaxis(np.asarray(counter, dtype=np.uint64), -1, 0)]
    k = [int(word) for word in key]
    for _ in range(10):
        a, b = np.uint64(0xD2511F53) * c[0], np.uint64(0xCD9E8D57) * c[2]
        c = [(b >> np.uint64(32)) ^ c[1] ^ np.uint64(k[0]), b & MASK,
             (a >> np.uint64(32)) ^ c[3] ^ np.uint64(k[1]), a & MASK]
        k = [(k[0] + 0x9E3779B9) & 0xFFFFFFFF, (k[1] + 0xBB67AE85) & 0xFFFFFFFF]
    return np.stack(c, axis=-1)


def halves(value):
    return [value & 0xFFFFFFFF, value >> 32]


def combined_seed(bundle_seed, run_seed):
    low, high, _, _ = (int(word) for word in philox([*halves(bundle_seed), 0, 0], halves(run_seed)))
    return low | high << 32


def words(seed, name, blocks):
    """The first blocks of a named stream, [blocks, 4]."""
    hashed = 0xCBF29CE484222325
    for byte in name.encode():
        hashed = ((hashed ^ byte) * 0x100000001B3) & 0xFFFFFFFFFFFFFFFF
    index = np.arange(blocks, dtype=np.uint64)
    stream = [np.full(blocks, half, np.uint64) for half in halves(hashed)]
    return philox(np.stack([index & MASK, index >> np.uint64(32), *stream], axis=-1), halves(seed))


def fraction(word):
    return (word.astype(np.float64) + 0.5) / 2**32


def reals(synthetic, seed, name, count):
    pairs = words(seed, name, (count + 1) // 2).reshape(-1, 2)[:count]
    radius, turn = fraction(pairs[:, 0]), pairs[:, 1]
    sign = np.where(turn >> np.uint64(31), -1.0, 1.0)
    cosine = np.cos(np.pi / 2 * fraction((turn << np.uint64(1)) & MASK))
    if synthetic["distribution"] == "laplace":
        return sign * -np.log(radius)
    if synthetic["distribution"] == "gaussian":
        return sign * np.sqrt(-2 * np.log(radius)) * cosine
    degrees = synthetic["degrees_of_freedom"]
    return sign * np.sqrt(degrees * (radius ** (-2 / degrees) - 1)) * cosine


def s_window(weights, bits, window):
    """SME (arXiv 2103.01705), equation 2, weight by weight as its section III-A says."""
    scale = 2.0 ** np.ceil(np.log2(np.abs(weights).max() / (1 - 2.0**-window)))
    a = np.abs(weights) / scale
    leading = np.maximum(1, np.ceil(-np.log2(np.maximum(a, 1e-300))))
    step = 2.0 ** -np.minimum(leading + window - 1, bits)
    q = np.minimum(step * np.rint(a / step), 1 - 2.0**-window)
    q = np.where(a < 2.0 ** -(bits + 1), 0, q)
    return (np.sign(weights) * q * 2**bits).astype(np.int64)


def weight_codes(synthetic, bits, weights):
    if synthetic["scheme"] == "s_window":
        return s_window(weights, bits, min(synthetic["window"], bits))
    return np.rint(weights / (np.abs(weights).max() / (2**bits - 1))).astype(np.int64)


def reach(codes):
    return float(max(1, codes.maximum - codes.zero_point, codes.zero_point - codes.minimum))


def expected_rms(codes):
    one_sided = codes.minimum >= codes.zero_point or codes.maximum <= codes.zero_point
    deviation = reach(codes) / DEVIATIONS
    return np.sqrt(deviation * deviation / 2) if one_sided else deviation


def input_codes(codes):
    return nw.Codes(codes.bits, codes.signed, codes.scale, codes.zero_point, codes.lowest, codes.highest)


def input_rms(distribution, codes):
    if distribution == "half_normal":
        return reach(codes) / DEVIATIONS
    below, above = float(codes.minimum - codes.zero_point), float(codes.maximum - codes.zero_point)
    return np.sqrt((below * below + below * above + above * above) / 3)


def images(distribution, seed, network, count):
    codes, size = input_codes(network.input_codes), int(np.prod(network.input_shape))
    out = []
    for index in range(count):
        name = f"input {network.input_name} {index}"
        if distribution == "uniform":
            drawn = words(seed, name, (size + 3) // 4).reshape(-1)[:size]
            span = np.uint64(codes.maximum - codes.minimum + 1)
            image = codes.minimum + (drawn * span >> np.uint64(32)).astype(np.int64)
        else:
            magnitude = np.abs(reals({"distribution": "gaussian"}, seed, name, size)) * (reach(codes) / DEVIATIONS)
            image = np.clip(codes.zero_point + np.rint(magnitude).astype(np.int64), codes.minimum, codes.maximum)
        out.append(image.reshape(network.input_shape))
    return np.array(out)


def read_shapes(folder, run_seed, count, drawn_inputs=None):
    """The network of a bundle of shapes with its tensors drawn, and `count` images."""
    description = yaml.safe_load((Path(folder) / "network.yaml").read_text())
    synthetic = description["synthetic"]
    seed = combined_seed(synthetic.get("seed", 1), run_seed)
    first = description["input"]
    network = nw.Network(description["name"], first["name"], tuple(first["shape"]), nw.read_codes(first),
                         description["output"], [])
    outputs = {first["name"]: input_codes(network.input_codes)}
    outputs |= {entry["name"]: nw.read_codes(entry["output"]) for entry in description["layers"]}
    distribution = synthetic.get("inputs", "uniform")
    for entry in description["layers"]:
        layer = nw.Layer(entry["name"], entry["op"], entry["inputs"], outputs[entry["name"]],
                         entry.get("attributes", {}), entry.get("magnitude_bits", 0))
        if layer.op in nw.CROSSBAR_OPS:
            shape, source = entry["weight"]["shape"], outputs[layer.inputs[0]]
            real = reals(synthetic, seed, f"weight {layer.name}", int(np.prod(shape)))
            layer.weight = weight_codes(synthetic, layer.magnitude_bits, real).reshape(shape)
            matrix = layer.weight.reshape(shape[0], -1)
            from_input = layer.inputs[0] == first["name"]
            rms = input_rms(distribution, source) if from_input else expected_rms(source)
            deviation = np.sqrt(float((matrix**2).sum()) / shape[0]) * rms
            layer.bias = -source.zero_point * matrix.sum(axis=1)
            layer.multiplier = np.full(shape[0], reach(layer.output) / DEVIATIONS / deviation)
        network.layers.append(layer)
    return network, images(drawn_inputs or distribution, seed, network, count)
