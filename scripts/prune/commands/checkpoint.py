# SPDX-License-Identifier: Apache-2.0
"""Writes a checkpoint again, as it is or smaller.

With --half, the weights of convolutions and linear layers are rounded to float16 (11 significant bits) and the file
is compressed; other parameters keep float32. All commands read such a checkpoint like any other.
"""
import dataclasses

from prune import checkpoint
from prune.provenance import command_line


def add_arguments(parser):
    parser.add_argument("checkpoint", metavar="CHECKPOINT", help="checkpoint folder to read")
    parser.add_argument("--half", action="store_true", help="round weights to float16 and compress")
    parser.add_argument("-o", "--output", metavar="FOLDER", required=True, help="checkpoint folder to write")
    parser.add_argument("--force", action="store_true", help="replace an existing checkpoint folder")


def run(arguments):
    source = checkpoint.load(arguments.checkpoint)
    line = command_line("checkpoint", [arguments.checkpoint], output=arguments.output, flags=["half"] * arguments.half)
    result = dataclasses.replace(source, commands=[*source.commands, line])
    log = checkpoint.load_log(arguments.checkpoint)
    checkpoint.save(result, log, arguments.output, arguments.force, arguments.half)
    print(f"wrote checkpoint {arguments.output}")
