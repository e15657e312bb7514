# SPDX-License-Identifier: Apache-2.0
"""Checks a bundle: checksums, shapes, types and ranges, and its expected outputs and accuracy against the reference.

The reference is a plain NumPy computation of the integer network. Exit code 0 means that everything agrees.
"""
from prune.bundle.check import check_bundle
from prune.bundle.read import read_bundle
from prune.options import Option, add_arguments as add_options, parsed

OPTIONS = (Option("images", int, 0, "Run only the first samples; 0 runs all.", minimum=0),)


def add_arguments(parser):
    parser.add_argument("bundle", metavar="BUNDLE", help="bundle folder to check")
    add_options(parser, OPTIONS)


def run(arguments):
    options = parsed(OPTIONS, arguments, "verify")
    bundle = read_bundle(arguments.bundle)
    check = check_bundle(bundle, arguments.bundle, options["images"])
    sparsity, by_layer = bundle.network.sparsity()
    print(f"{bundle.network.name}: {len(bundle.network.layers)} layers, sparsity {sparsity:.2%}")
    for name, value in by_layer.items():
        print(f"  {name:<12} {value:7.2%} of the weights are zero")
    if check.images == 0:
        print("no samples: the files are intact, nothing was run")
        return
    print(f"expected outputs: {check.compared} samples, equal to the integer reference")
    if check.accuracy is not None:
        print(f"accuracy: {check.accuracy:.2%} of {check.images} samples")
    print("ok")
