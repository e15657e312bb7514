# SPDX-License-Identifier: Apache-2.0
"""The sub-commands: one file each, with `add_arguments(parser)`, `run(arguments)` and a docstring that is its help."""
