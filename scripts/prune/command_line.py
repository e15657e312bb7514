# SPDX-License-Identifier: Apache-2.0
"""What the command lines of all packages share: errors as one sentence with an exit code, and sub-commands."""
import argparse
import errno
import importlib
import inspect
import os
import sys

from prune import interrupt, missing
from prune.errors import UserError
from prune.options import Parser

_FULL = (errno.ENOSPC, errno.EDQUOT, errno.EFBIG)  # a disk that takes no more


def guarded(call, who="", interrupted="interrupted; nothing was written"):
    """Calls it and returns the exit code: its own, 1 where memory runs out, 2 for a mistake of the user, 130 if it was
    interrupted.

    `who` stands before the messages.
    """
    try:
        code = _unless_interrupted(call) or 0
        sys.stdout.flush()  # while what it meets can be told
        return code
    except UserError as error:
        return _told("" if error.place else who, error.message())
    except BrokenPipeError:
        _close_stdout()  # the reader (head, a pager) has seen enough
        return 0
    except OSError as error:
        if error.errno not in _FULL:
            return _refused_file(who, error)
        _close_stdout()
        what = f"'{error.filename}'" if error.filename else "what was asked for"
        return _refused(who, f"cannot write {what}: {error.strerror}; free some space")
    except ImportError as error:
        told = missing.sentence(error)
        if told is None:
            raise
        return _refused(who, told)
    except MemoryError:
        print(f"{who}error: not enough memory; free some, or ask for less at a time", file=sys.stderr)
        return 1
    except KeyboardInterrupt:
        print(f"{who}{interrupted}", file=sys.stderr)
        return 130


def _unless_interrupted(call):
    """Calls it; libraries that are interrupted while they load make other errors of it."""
    try:
        return call()
    except Exception:
        if interrupt.taken():
            raise KeyboardInterrupt from None
        raise


def _refused_file(who, error):
    reason = error.strerror or type(error).__name__
    if error.filename is None:
        return _refused(who, f"the system refused what was asked for: {reason}")
    return _told("", f"{error.filename}: error: {reason}; name another path, or change its permissions")


def _close_stdout():
    """Python would write once more what could not be written."""
    os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())


def _refused(who, error):
    return _told(who, f"error: {error}")


def _told(who, message):
    print(f"{who}{message}", file=sys.stderr)
    return 2


def run_command(package, names, description, epilog, arguments, add_more=None):
    """Runs the sub-command that the arguments name: a module of the package's folder commands.

    `add_more` may add others: it is called with a function that makes a parser from a name and a description.
    """
    formatter = argparse.RawDescriptionHelpFormatter
    parser = Parser(prog=f"python3 -m {package}", description=description, epilog=epilog, formatter_class=formatter)
    commands = parser.add_subparsers(title="commands", metavar="COMMAND", required=True)

    def add(name, text, **shown):
        return commands.add_parser(name, description=text, formatter_class=formatter, allow_abbrev=False, **shown)

    for name in names:
        module = importlib.import_module(f"{package}.commands.{name}")
        text = inspect.getdoc(module)
        sub = add(name, text, help=text.splitlines()[0])
        module.add_arguments(sub)
        sub.set_defaults(run=module.run)
    if add_more:
        add_more(add)
    parsed = parser.parse_args(arguments)
    parsed.run(parsed)
