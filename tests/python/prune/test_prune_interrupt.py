# SPDX-License-Identifier: Apache-2.0
"""A signal at any moment ends the front end soon, with its exit code and nothing half-written."""
import os
import signal
import subprocess
import sys
import textwrap
import time

import pytest

SIGNALS = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)
SOON_S = 5  # a tenth of a second is the program's own bound; machines that test are busy


def start(repository, words, folder, **options):
    environment = {**os.environ, "PYTHONPATH": str(repository / "scripts"), "PYTHONDONTWRITEBYTECODE": "1"}
    return subprocess.Popen([sys.executable, *map(str, words)], env=environment, cwd=folder, stdout=subprocess.PIPE,
                            stderr=subprocess.PIPE, text=True, **options)


def interrupt(process, number):
    begin = time.monotonic()
    process.send_signal(number)
    output, errors = process.communicate(timeout=30)
    return process.returncode, output, errors, time.monotonic() - begin


@pytest.mark.parametrize("delay", [0.3, 1.0, 2.5])
@pytest.mark.parametrize("number", SIGNALS)
def test_training_ends(repository, tmp_path, number, delay):
    """While PyTorch is imported, and while it computes."""
    pytest.importorskip("torch")
    words = ("-m", "prune", "train", "--network", "digits", "--epochs", "100000", "-o", "float")
    process = start(repository, words, tmp_path)
    time.sleep(delay)
    assert process.poll() is None, process.communicate()
    code, _, errors, seconds = interrupt(process, number)
    assert code == 130 and "interrupted" in errors and "Traceback" not in errors, errors
    assert seconds < SOON_S
    assert [path.name for path in tmp_path.iterdir() if path.name != "float.training"] == []
    assert not list(tmp_path.rglob("*.partial"))


@pytest.mark.parametrize("number", SIGNALS)
def test_an_interrupt_of_which_a_library_makes_another_error_is_one(repository, tmp_path, number):
    """A module that is interrupted while it loads often tells that it is broken."""
    library = tmp_path / "library" / "sklearn"
    library.mkdir(parents=True)
    (library / "__init__.py").write_text(textwrap.dedent(f"""
        import os
        try:
            os.kill(os.getpid(), {int(number)})
            while True:
                pass
        except KeyboardInterrupt:
            raise ImportError("its library is of another version", name="sklearn")
    """))
    words = ("-c", f"import sys; sys.path.insert(0, {str(library.parent)!r}); sys.argv = ['prune', 'train', '--network', 'digits', '-o', 'out']; "
             "from prune.interrupt import run; run('prune')")
    process = start(repository, words, tmp_path)
    _, errors = process.communicate(timeout=30)
    assert process.returncode == 130 and "interrupted" in errors and "does not load" not in errors, errors
    assert not (tmp_path / "out").exists()


@pytest.mark.parametrize("number", SIGNALS)
def test_a_step_that_never_ends_is_ended(repository, tmp_path, number):
    """Python calls its handlers between two steps alone; a folder that is being filled goes."""
    package = tmp_path / "stuck"
    package.mkdir()
    (package / "__init__.py").write_text("")
    (package / "cli.py").write_text(textwrap.dedent("""
        import re
        from prune.folder import new_folder

        def main():
            with new_folder("out", "marker") as folder:
                (folder / "marker").write_text("")
                print("stuck", flush=True)
                re.match("(a+)+b", "a" * 200)  # one call into C that takes longer than anybody lives
    """))
    process = start(repository, ("-c", "import sys; sys.path.insert(0, '.'); from prune.interrupt import run; run('stuck')"), tmp_path)
    assert process.stdout.readline() == "stuck\n"
    code, _, errors, seconds = interrupt(process, number)
    assert (code, errors) == (130, "stuck: interrupted\n")
    assert seconds < SOON_S
    assert [path.name for path in tmp_path.iterdir()] == ["stuck"]


@pytest.mark.parametrize("number", SIGNALS)
def test_a_library_that_takes_a_signal_gives_it_back(repository, tmp_path, number):
    """Libraries in C set handlers while they are loaded, of which Python knows nothing."""
    package = tmp_path / "taken"
    package.mkdir()
    (package / "__init__.py").write_text("")
    (package / "library.py").write_text(f"import ctypes\nctypes.CDLL(None).signal({int(number)}, ctypes.c_void_p(1))  # SIG_IGN\n")
    (package / "next.py").write_text("")
    (package / "cli.py").write_text(textwrap.dedent("""
        import time

        def main():
            from taken import library, next
            print("loaded", flush=True)
            time.sleep(60)
    """))
    process = start(repository, ("-c", "import sys; sys.path.insert(0, '.'); from prune.interrupt import run; run('taken')"), tmp_path)
    assert process.stdout.readline() == "loaded\n"
    code, _, errors, seconds = interrupt(process, number)
    assert (code, errors) == (130, "taken: interrupted\n")
    assert seconds < SOON_S


def test_what_belongs_together_is_done_together(repository, tmp_path):
    """A signal between the two renames of a folder that replaces another waits for the second."""
    program = textwrap.dedent("""
        import os, signal
        from pathlib import Path
        from prune import partial

        rename, renames = os.rename, []
        def slowly(*names):
            rename(*names)
            renames.append(names)
            os.kill(os.getpid(), signal.SIGINT)
        os.rename = slowly

        def main():
            Path("out").mkdir()
            with partial.Folder(Path("out")) as prepared:
                (prepared.fresh / "new").write_text("")
                prepared.put_in_place()
            return 0
    """)
    package = tmp_path / "renames"
    package.mkdir()
    (package / "__init__.py").write_text("")
    (package / "cli.py").write_text(program)
    process = start(repository, ("-c", "import sys; sys.path.insert(0, '.'); from prune.interrupt import run; run('renames')"), tmp_path)
    _, errors = process.communicate(timeout=30)
    assert (process.returncode, errors) == (130, "renames: interrupted\n")
    assert (tmp_path / "out" / "new").is_file()
    assert sorted(path.name for path in tmp_path.iterdir()) == ["out", "renames"]


def test_an_interrupt_is_handed_on(repository, tmp_path):
    """The program that a step started ends, too, and has the time to say so."""
    program = textwrap.dedent("""
        from prune.interrupt import call

        def main():
            return call(["sh", "-c", "trap 'echo ended > told; exit 130' TERM; echo started; while :; do sleep 0.05; done"])[0]
    """)
    package = tmp_path / "parent"
    package.mkdir()
    (package / "__init__.py").write_text("")
    (package / "cli.py").write_text(program)
    process = start(repository, ("-c", "import sys; sys.path.insert(0, '.'); from prune.interrupt import run; run('parent')"), tmp_path)
    assert process.stdout.readline() == "started\n"
    code, _, errors, _ = interrupt(process, signal.SIGTERM)
    assert (code, errors) == (130, "parent: interrupted\n")
    assert (tmp_path / "told").read_text() == "ended\n"


def test_a_hangup_that_is_ignored_stays_ignored(repository, tmp_path):
    process = start(repository, ("-m", "prune", "train", "--network", "digits", "--epochs", "1", "-o", "float"), tmp_path,
                    preexec_fn=lambda: signal.signal(signal.SIGHUP, signal.SIG_IGN))
    time.sleep(0.5)
    process.send_signal(signal.SIGHUP)
    assert process.wait(timeout=60) == 0
