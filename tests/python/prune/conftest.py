# SPDX-License-Identifier: Apache-2.0
"""Puts the front end on the path of its tests."""
import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[3] / "scripts"))
