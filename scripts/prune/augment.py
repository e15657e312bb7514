# SPDX-License-Identifier: Apache-2.0
"""Random changes of training images that keep their label; they act on stored codes, (N, C, H, W)."""
import torch

_MARGIN = 4  # pixels (He et al., 2016, section 4.2)


def _none(codes):
    return codes


def _crop_flip(codes):
    """A crop at a random place of the image with black margins, mirrored every other time (He et al., 2016, 4.2)."""
    n, channels, height, width = codes.shape
    padded = torch.nn.functional.pad(codes, (_MARGIN,) * 4)
    top, left = (torch.randint(0, 2 * _MARGIN + 1, (n, 1)) for _ in range(2))
    rows, columns = top + torch.arange(height), left + torch.arange(width)
    columns = torch.where(torch.rand(n, 1) < 0.5, columns.flip(1), columns)
    images = torch.arange(n)[:, None, None]
    # With the channel axis behind the three index axes, one gather takes all channels.
    return padded.permute(0, 2, 3, 1)[images, rows[:, :, None], columns[:, None, :]].permute(0, 3, 1, 2)


AUGMENTATIONS = {"none": _none, "crop_flip": _crop_flip}
