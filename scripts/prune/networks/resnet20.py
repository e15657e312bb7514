# SPDX-License-Identifier: Apache-2.0
"""ResNet-20 for CIFAR-10 (He et al., 2016, section 4.2) with its parameter-free shortcuts (option A)."""
from prune.graph import Builder
from prune.networks import network

_MEAN, _STD = (0.485, 0.456, 0.406), (0.229, 0.224, 0.225)


def _published(name):
    """The key in akamaster/pytorch_resnet_cifar10 (Y. Idelbayev): layer2.0.bn1.weight for norm2a1.weight."""
    layer, part = name.rsplit(".", 1)
    if layer == "fc":
        return f"linear.{part}"
    kind, place = ("bn", layer[len("norm") :]) if layer.startswith("norm") else ("conv", layer[len("conv") :])
    if place == "0":
        return f"{kind}1.{part}"
    return f"layer{place[0]}.{'abc'.index(place[1])}.{kind}{place[2]}.{part}"


@network(
    "resnet20",
    summary="19 convolutions and a linear layer for CIFAR-10, 268336 weights",
    data="cifar10",
    published=_published,
)
def build():
    net = Builder("image", (3, 32, 32))
    x = net.normalise("normalise", net.input, mean=_MEAN, deviation=_STD)
    x = _relu(net, "0", _convolution(net, "0", x, channels=16, stride=1))
    width = 16
    for stage, channels in enumerate((16, 32, 64), start=1):
        for index in range(3):
            name = f"{stage}{'abc'[index]}"
            stride = 2 if channels > width else 1
            x, width = _block(net, name, x, width, channels, stride), channels
    x = net.average_pool("pool", x, kernel=8)
    return net.graph(net.linear("fc", x, features=10))


def _block(net, name, x, width, channels, stride):
    y = _relu(net, name + "1", _convolution(net, name + "1", x, channels, stride))
    y = _convolution(net, name + "2", y, channels, stride=1)
    if stride > 1 or channels > width:
        pad = (channels - width) // 2
        x = net.subsample("short" + name, x, stride=stride, channel_padding=(pad, channels - width - pad))
    return net.relu("relu" + name, net.add("add" + name, y, x))


def _convolution(net, name, x, channels, stride):
    x = net.conv2d("conv" + name, x, channels=channels, kernel=3, stride=stride, padding=1, bias=False)
    return net.batch_norm("norm" + name, x)


def _relu(net, name, x):
    return net.relu("relu" + name, x)
