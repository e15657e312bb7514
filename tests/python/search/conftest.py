# SPDX-License-Identifier: Apache-2.0
"""The search's package on the path."""
import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[3] / "scripts"))
