# SPDX-License-Identifier: Apache-2.0
import sys

from prune.cli import main

sys.exit(main())
