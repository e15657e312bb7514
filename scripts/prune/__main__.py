# SPDX-License-Identifier: Apache-2.0
from prune.interrupt import run

run("prune")
