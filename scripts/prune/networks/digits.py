# SPDX-License-Identifier: Apache-2.0
"""A small convolutional network for 8 x 8 digits whose layers still span several crossbars."""
from prune.graph import Builder
from prune.networks import network


@network("digits", summary="3 convolutions and 2 linear layers for 8 x 8 digits, 22800 weights", data="digits")
def build():
    net = Builder("image", (1, 8, 8))
    x = _block(net, "1", net.input, channels=16)
    x = _block(net, "2", x, channels=32)  # 144 rows: two blocks of a 128-row crossbar
    x = net.max_pool("pool2", x, kernel=2)
    x = _block(net, "3", x, channels=32)  # 288 rows: three blocks
    x = net.max_pool("pool3", x, kernel=2)
    x = net.linear("fc1", x, features=64)
    x = net.relu("relu4", x)
    return net.graph(net.linear("fc2", x, features=10))


def _block(net, index, x, channels):
    x = net.conv2d("conv" + index, x, channels=channels, kernel=3, padding=1, bias=False)
    x = net.batch_norm("norm" + index, x)
    return net.relu("relu" + index, x)
