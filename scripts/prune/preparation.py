# SPDX-License-Identifier: Apache-2.0
"""What happens to a sample before the network sees it, and the codes in which the network then gets it."""
import dataclasses

import numpy as np

from prune.bundle.fields import Fields
from prune.quantised import Quantisation, code_range


@dataclasses.dataclass(frozen=True)
class Preparation:
    """(x - mean) / deviation by channel; without `mean`, nothing."""

    mean: tuple = ()
    deviation: tuple = ()

    def real(self, values):
        """Prepared values of real values (N, C, H, W)."""
        if not self.mean:
            return values
        mean, deviation = (np.reshape(v, (-1, 1, 1)) for v in (self.mean, self.deviation))
        return (values - mean) / deviation

    def quantisation(self, data):
        """Meaning of the network's input codes: those of `data`, or as many over the range of the prepared values."""
        meaning = Quantisation.full(data.bits, False, data.scale, data.zero_point)
        if not self.mean:
            return meaning
        values = self._table(data)
        low, high = min(0.0, float(values.min())), max(0.0, float(values.max()))
        scale = (high - low) / meaning.max
        return Quantisation.full(data.bits, False, scale, int(np.rint(-low / scale)))

    def codes(self, data, inputs, quantisation):
        """Input codes of the network for stored codes (N, C, H, W) of `data`."""
        if not self.mean:
            return inputs
        table = np.rint(self._table(data) / quantisation.scale) + quantisation.zero_point
        table = np.clip(table, quantisation.min, quantisation.max).astype(inputs.dtype)
        return np.stack([row[inputs[:, channel]] for channel, row in enumerate(table)], axis=1)

    def record(self):
        """For provenance.yaml, so that samples can be added to a bundle later; `from_record` reads it back."""
        return {"mean": list(self.mean), "deviation": list(self.deviation)} if self.mean else {}

    def _table(self, data):
        """Prepared values of all codes of `data` by channel, (C, codes)."""
        every = np.arange(code_range(data.bits, False)[1] + 1)
        values = data.real(every).reshape(1, 1, 1, -1)
        return self.real(np.broadcast_to(values, (1, len(self.mean), 1, len(every))))[0, :, 0]


def from_record(record, channels, where):
    """The Preparation of a bundle of `channels` input channels; UserError for a spoiled record."""
    fields = Fields(record, where)
    if not record:
        return Preparation()
    result = Preparation(tuple(fields.numbers("mean", channels)), tuple(fields.positives("deviation", channels)))
    fields.end()
    return result
