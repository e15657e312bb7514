# SPDX-License-Identifier: Apache-2.0
import sys

from results.cli import main

sys.exit(main())
