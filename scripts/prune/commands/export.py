# SPDX-License-Identifier: Apache-2.0
"""Completes a quantised network into a bundle that the simulator runs.

Adds held-out samples with their labels, as the network takes them, and the integer reference's outputs for the first
of them; then reads the bundle back and verifies it before it appears under its name. A bundle without samples gets
them with `samples`.
"""
import dataclasses

from prune import completion, provenance
from prune.bundle import MARKER
from prune.bundle.read import read_bundle
from prune.folder import check_folder
from prune.options import Option, add_arguments as add_options, parsed

OPTIONS = (
    Option("name", str, "", "Name of the network in the bundle; the name of the folder if not given."),
    Option("samples", int, -1, "Samples to store: the first held-out ones; 0 stores none, -1 all.", minimum=-1),
    completion.EXPECTED,
)


def add_arguments(parser):
    parser.add_argument("network", metavar="QUANTISED", help="folder written by `quantise`")
    add_options(parser, OPTIONS)
    parser.add_argument("-o", "--output", metavar="BUNDLE", required=True, help="bundle folder to write")
    parser.add_argument("--force", action="store_true", help="replace an existing bundle folder")


def run(arguments):
    options = parsed(OPTIONS, arguments, "export")
    options["name"] = options["name"] or provenance.last_name(arguments.output)
    check_folder(arguments.output, MARKER, arguments.force)
    bundle = read_bundle(arguments.network)
    count = None if options["samples"] == -1 else options["samples"]
    line = provenance.command_line("export", [arguments.network], options, arguments.output)
    bundle = completion.with_command(bundle, line, arguments.network)
    bundle = completion.with_samples(bundle, arguments.network, count, options["expected"])
    network = dataclasses.replace(bundle.network, name=options["name"])
    completion.write(dataclasses.replace(bundle, network=network), arguments.output, arguments.force)
