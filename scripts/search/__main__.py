# SPDX-License-Identifier: Apache-2.0
import sys

from search.cli import main

sys.exit(main())
