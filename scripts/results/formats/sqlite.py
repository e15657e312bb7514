# SPDX-License-Identifier: Apache-2.0
"""A SQLite data base: table `points` as table.csv, table `columns` with what its columns are."""
import contextlib
import sqlite3

import pandas as pd

from results.formats import table_format


@table_format("sqlite", ".sqlite", "A SQLite data base with the tables `points` and `columns`.")
def write(sweep, path):
    """Values that are not known are NULL."""
    with contextlib.closing(sqlite3.connect(path)) as base, base:
        sweep.table.to_sql("points", base, index=False)
        columns = [(c.name, c.role, c.unit, c.description, " ".join(c.keys)) for c in sweep.columns.values()]
        pd.DataFrame(columns, columns=["name", "role", "unit", "description", "keys"]).to_sql(
            "columns", base, index=False
        )
