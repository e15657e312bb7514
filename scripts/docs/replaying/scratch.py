# SPDX-License-Identifier: Apache-2.0
"""A copy of the repository's files in a temporary folder, and one shell session in it."""
import os
import shlex
import shutil
import signal
import subprocess
import tempfile
from pathlib import Path

MADE_FOLDERS = {".git", "build", "runs", "__pycache__", ".venv", ".cache", ".pytest_cache"}
# What a block leaves in its shell (variables, the folder) is there in the next one.
SESSION = """
[[ ! -e {state} ]] || . {state}
trap 'code=$?; {{ export -p; printf "cd %q\\n" "$PWD"; }} >{state}; exit $code' EXIT
set -e -o pipefail
shopt -s expand_aliases
"""


def files_of(repository):
    """Paths of what is in the repository or could be added to it; without git, of all that no build and no run made."""
    return listed_by_git(repository) or walked(repository)


def listed_by_git(repository):
    try:
        listed = subprocess.run(["git", "-C", repository, "ls-files", "-coz", "--exclude-standard"], capture_output=True, check=True)
    except (OSError, subprocess.CalledProcessError):
        return []
    return [name for name in os.fsdecode(listed.stdout).split("\0") if name]


def walked(repository):
    found = []
    for folder, folders, names in os.walk(repository):
        folders[:] = [name for name in folders if name not in MADE_FOLDERS and not name.startswith("build-")]
        found += [os.path.relpath(os.path.join(folder, name), repository) for name in names]
    return found


def environment(root):
    """That of the caller, less what points to other programs. Pages speak of the distribution's python3; copies share what they compile."""
    result = {name: value for name, value in os.environ.items()
              if name not in ("PYTHONPATH", "SQUEEZEBAR_BIN") and not name.startswith("PYTEST")}
    if "SQUEEZEBAR_DATA" in result:
        result["SQUEEZEBAR_DATA"] = os.path.abspath(result["SQUEEZEBAR_DATA"])
    return result | {"PATH": f"{root}/build/release:/usr/bin:/bin:{os.environ.get('PATH', '')}",
                     "CCACHE_BASEDIR": str(root), "CCACHE_NOHASHDIR": "1"}


class Scratch:
    def __init__(self, repository, program):
        self.folder = Path(tempfile.mkdtemp(prefix="replay-"))
        self.root = self.folder / "squeezebar"
        for name in files_of(repository):
            self.copy(repository / name, self.root / name)
        self.install(program)
        self.environment = environment(self.root)

    @staticmethod
    def copy(source, target):
        if source.is_file():
            target.parent.mkdir(parents=True, exist_ok=True)
            shutil.copy2(source, target)

    def install(self, program):
        """The built program where the pages have it; a page that builds puts its own there."""
        link = self.root / "build" / "release" / "squeezebar"
        link.parent.mkdir(parents=True, exist_ok=True)
        link.write_text(f"#!/bin/sh\nexec {shlex.quote(str(program))} \"$@\"\n", encoding="utf-8")
        link.chmod(0o755)

    def write(self, name, text):
        path = self.root / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text if text.endswith("\n") else text + "\n", encoding="utf-8")

    def shell(self, commands, limit_s):
        """(exit code, what was printed) of commands in the session; the code is None when they did not end in time."""
        script = SESSION.format(state=f"'{self.folder}/session'") + commands + "\n"
        with subprocess.Popen(["bash", "-c", script], cwd=self.root, env=self.environment, stdin=subprocess.DEVNULL,
                              stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, errors="replace",
                              start_new_session=True) as process:
            try:
                printed, _ = process.communicate(timeout=limit_s)
                return process.returncode, printed
            except BaseException as reason:
                os.killpg(process.pid, signal.SIGKILL)
                if not isinstance(reason, subprocess.TimeoutExpired):
                    raise
                return None, process.communicate()[0]

    def remove(self):
        shutil.rmtree(self.folder, ignore_errors=True)
