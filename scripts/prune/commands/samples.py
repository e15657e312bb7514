# SPDX-License-Identifier: Apache-2.0
"""Adds held-out samples to a bundle that holds the network only, or replaces those it has.

The samples come from the data set that the bundle's provenance names and are prepared as it says. Labels and the
integer reference's outputs for the first samples come with them; the result is verified before it appears.
"""
from prune import completion, provenance
from prune.bundle import MARKER
from prune.bundle.read import read_bundle
from prune.folder import check_folder
from prune.options import Option, add_arguments as add_options, parsed

OPTIONS = (
    Option("count", int, 1000, "Samples to add: the first held-out ones; -1 adds all, 0 removes all.", minimum=-1),
    completion.EXPECTED,
)


def add_arguments(parser):
    parser.add_argument("bundle", metavar="BUNDLE", help="bundle folder to read")
    add_options(parser, OPTIONS)
    parser.add_argument("-o", "--output", metavar="FOLDER", required=True, help="bundle folder to write")
    parser.add_argument("--force", action="store_true", help="replace an existing bundle folder")


def run(arguments):
    options = parsed(OPTIONS, arguments, "samples")
    check_folder(arguments.output, MARKER, arguments.force)
    bundle = read_bundle(arguments.bundle)
    count = None if options["count"] == -1 else options["count"]
    line = provenance.command_line("samples", [arguments.bundle], options, arguments.output)
    bundle = completion.with_command(bundle, line, arguments.bundle)
    bundle = completion.with_samples(bundle, arguments.bundle, count, options["expected"])
    completion.write(bundle, arguments.output, arguments.force)
