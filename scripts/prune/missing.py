# SPDX-License-Identifier: Apache-2.0
"""What is told, and tried, where a Python module is not installed, wherever in a package it was to be imported.

Another `python3` than the distribution's often comes first in PATH, and lacks what apt-get installed. Then the command
starts again with an interpreter that has the module. Imports nothing that may be missing.
"""
import os
import re
import shutil
import subprocess
import sys

OWN = ("prune", "results", "search")
NOT_PACKAGED = ("pyarrow",)  # by no distribution that squeezebar supports
_SYSTEM = "/usr/bin/python3"
_STARTED_AGAIN = "SQUEEZEBAR_STARTED_AGAIN"


class _Process:
    is_ours = False  # this process is the command and nothing else, so that another may take its place


def allow_restart():
    _Process.is_ours = True


def sentence(error):
    """One for an ImportError, after the command was started again in vain; None if a module of ours is at fault."""
    name = module_of(error)
    if name is None:
        return None
    if _Process.is_ours:
        _start_again(name)
    if not isinstance(error, ModuleNotFoundError) and _no_module(error) is None:
        return f"the Python module {name!r} does not load in {sys.executable}; install it again: {_command(name, '--reinstall ')}"
    return f"{sys.executable} lacks the Python module {name!r}; install it: {_command(name)}{_of_whom()}"


def module_of(error):
    """Top-level name of the module that is missing or broken; None for one of ours."""
    named = (error.name if isinstance(error, ModuleNotFoundError) else None) or _no_module(error) or error.name
    top = (named or _raised_in(error) or "").split(".")[0]
    return top if top and top not in OWN else None


def _no_module(error):
    """Libraries tell of their own libraries in texts ("pandas: Unable to import required dependencies")."""
    found = re.search(r"No module named '?([\w.]+)", str(error))
    return found.group(1) if found else None


def _raised_in(error):
    """The first module that is neither ours nor Python's on the way to the error."""
    step = error.__traceback__
    while step is not None:
        top = step.tb_frame.f_globals.get("__name__", "").split(".")[0]
        if top not in (*OWN, "__main__", "") and top not in sys.stdlib_module_names:
            return top
        step = step.tb_next
    return None


def _command(name, option=""):
    if name in NOT_PACKAGED:
        return f"{sys.executable} -m pip install {name}"
    package = "python3" if name in sys.stdlib_module_names else f"python3-{name.lower()}"
    return f"apt-get install {option}{package}"


def _of_whom():
    """What apt-get installs is found by the distribution's interpreter alone."""
    if os.environ.get("PYTHON") and os.path.abspath(sys.executable) != _SYSTEM:
        return f", for {_SYSTEM}, and unset PYTHON"
    return ""


def _start_again(name):
    """Replaces this process by the same command under an interpreter that has the module, if there is one."""
    if os.environ.get(_STARTED_AGAIN) or os.environ.get("PYTHON"):
        return
    for other in (_SYSTEM, shutil.which("python3")):
        if other and os.path.abspath(other) != os.path.abspath(sys.executable) and _has(other, name):
            sys.stdout.flush()
            os.execve(other, [other, *sys.orig_argv[1:]], {**os.environ, _STARTED_AGAIN: "1"})


def _has(interpreter, name):
    command = [interpreter, "-c", f"import {name}"]
    try:
        return subprocess.run(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, check=False).returncode == 0
    except OSError:
        return False
