# SPDX-License-Identifier: Apache-2.0
"""Fine-tuning that ends with weights of a weight scheme, by the alternating direction method of multipliers (ADMM)."""
