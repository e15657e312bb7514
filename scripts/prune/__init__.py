# SPDX-License-Identifier: Apache-2.0
"""Offline front end of squeezebar: train, prune and quantise a network, and export it as a workload bundle.

Run it from the root of the repository: ``PYTHONPATH=scripts python3 -m prune --help``.
"""
