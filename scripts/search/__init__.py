# SPDX-License-Identifier: Apache-2.0
"""Multi-objective search over the keys of a config; its points are those of a sweep."""
