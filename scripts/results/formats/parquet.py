# SPDX-License-Identifier: Apache-2.0
"""A Parquet file, for which pyarrow must be installed; no distribution that squeezebar supports packages it."""
import importlib.util

from prune.errors import UserError
from results.formats import table_format


@table_format("parquet", ".parquet", "A Parquet file of table.csv; needs the Python module pyarrow.")
def write(sweep, path):
    """Columns keep their types; values that are not known are null."""
    if importlib.util.find_spec("pyarrow") is None:
        raise UserError(
            "--format parquet: the Python module pyarrow is not installed; install it, or use --format sqlite"
        )
    sweep.table.to_parquet(path, engine="pyarrow", index=False)
