# SPDX-License-Identifier: Apache-2.0
"""What scripts/docs/replay is made of: pages, their marks, figures and where figures come from."""
