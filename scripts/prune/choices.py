# SPDX-License-Identifier: Apache-2.0
"""Options of the entries of a registry (methods, schemes) on one command line."""
from prune.options import add_arguments as add_options, resolve


def add_arguments(parser, registry, flag):
    """Adds the options of all entries to `parser`, a group for each; one that several share is listed once."""
    declared = set()
    for name in registry.names():
        entry = registry.get(name)
        new = [option for option in entry.options if option.name not in declared]
        shared = [option.flag for option in entry.options if option.name in declared]
        note = f" It also has {', '.join(shared)}." if shared else ""
        add_options(parser.add_argument_group(f"options of {flag} {name}", entry.summary + note), new)
        declared.update(option.name for option in new)


def parsed(registry, entry, arguments, where):
    """Typed values of the options of `entry`; an option that only other entries have is refused."""
    names = {option.name for name in registry.names() for option in registry.get(name).options}
    return resolve(entry.options, {name: getattr(arguments, name) for name in sorted(names)}, where)
