# SPDX-License-Identifier: Apache-2.0
"""Completes a quantised network into a bundle that the simulator runs.

Adds all held-out samples with their labels, and the integer reference's outputs for the first of them; then reads the
bundle back and verifies it before it appears under its name.
"""
import dataclasses
from prune import provenance, reference
from prune.bundle import MARKER, PROVENANCE
from prune.bundle.check import check_bundle
from prune.bundle.read import read_bundle
from prune.bundle.write import write_bundle
from prune.data import DATA_SETS
from prune.errors import UserError
from prune.folder import new_folder
from prune.options import Option, add_arguments as add_options, parsed

OPTIONS = (
    Option("name", str, "", "Name of the network in the bundle; the name of the folder if not given."),
    Option("expected", int, 16, "Samples to store expected outputs for.", minimum=1),
)


def add_arguments(parser):
    parser.add_argument("network", metavar="QUANTISED", help="folder written by `quantise`")
    add_options(parser, OPTIONS)
    parser.add_argument("-o", "--output", metavar="BUNDLE", required=True, help="bundle folder to write")
    parser.add_argument("--force", action="store_true", help="replace an existing bundle folder")


def run(arguments):
    options = parsed(OPTIONS, arguments, "export")
    options["name"] = options["name"] or provenance.last_name(arguments.output)
    quantised = read_bundle(arguments.network)
    where = f"{arguments.network}/{PROVENANCE}"
    samples = DATA_SETS.get(provenance.text(quantised.provenance, "data", where))().held_out
    if samples.inputs.shape[1:] != quantised.network.input.shape:
        raise UserError(
            f"{where}: samples of {quantised.provenance['data']!r} do not fit the network; quantise it again"
        )
    line = provenance.command_line("export", [arguments.network], options, arguments.output)
    bundle = dataclasses.replace(
        quantised,
        network=dataclasses.replace(quantised.network, name=options["name"]),
        provenance={
            **quantised.provenance,
            "command": provenance.text(quantised.provenance, "command", where) + line + "\n",
        },
        inputs=samples.inputs,
        labels=samples.labels,
        expected=reference.run(quantised.network, samples.inputs[: options["expected"]]),
    )
    with new_folder(arguments.output, MARKER, arguments.force) as folder:
        write_bundle(bundle, folder)
        check = check_bundle(read_bundle(folder), arguments.output)
    print(f"wrote bundle {arguments.output}: {check.images} samples, accuracy {check.accuracy:.2%}")
