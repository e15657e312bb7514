# SPDX-License-Identifier: Apache-2.0
"""Signals end the front end soon, with exit code 130 and nothing half-written. Imports nothing that takes long.

The first SIGINT, SIGTERM or SIGHUP (unless it is ignored, as under nohup) raises KeyboardInterrupt. Where the program
has not come to its end a tenth of a second later, a thread clears what is at stake and ends the process: Python calls
its handlers between two steps of the main thread alone, and one step of a library may take minutes.
"""
import contextlib
import importlib
import os
import signal
import subprocess
import sys
import threading

from prune import missing

EXIT_CODE = 130
_SIGNALS = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)
_GRACE_S = 0.1
_CHILD_S = 2.0  # for a program that was started, which ends its own processes first
_clear = []
_children = []
_ending = threading.RLock()  # held while what belongs together is done, and by what ends the process


class _State:
    seen = False  # a signal was taken
    depth = 0  # of `held`
    pending = False  # an interrupt to raise after `held`


def run(package):
    """Runs `main` of the package's cli under watch and ends the process with its code."""
    farewell = f"{package}: interrupted"
    _watch(farewell)
    missing.allow_restart()
    try:
        code = importlib.import_module(f"{package}.cli").main()
    except BaseException as error:  # while modules were imported; libraries make other exceptions of it
        told = farewell if _State.seen else _missing(package, error)
        if told is None:
            raise
        print(told, file=sys.stderr)
        code = 2
    _ending.acquire()  # from here on the process ends by itself
    if _State.seen:  # at once: libraries take their time
        with contextlib.suppress(OSError, ValueError):
            sys.stdout.flush()
        os._exit(EXIT_CODE)
    sys.exit(code)


def taken():
    """Whether a signal was taken, whatever became of its exception."""
    return _State.seen


def _missing(package, error):
    """The message for a module that is not installed; None for any other error."""
    told = missing.sentence(error) if isinstance(error, ImportError) else None
    return told and f"{package}: error: {told}"


@contextlib.contextmanager
def at_stake(clear):
    """Within it, an interrupt that ends the process calls `clear` first, in another thread."""
    _clear.append(clear)
    try:
        yield
    finally:
        _clear.remove(clear)


@contextlib.contextmanager
def held():
    """Within it nothing is interrupted, so that what belongs together is done together. Not for long."""
    with _ending:
        _State.depth += 1
        try:
            yield
        finally:
            _State.depth -= 1
    if _State.pending and _State.depth == 0:
        _State.pending = False
        raise KeyboardInterrupt


def call(command, **options):
    """(exit code, output) of a program, to which an interrupt is handed on."""
    with contextlib.ExitStack() as running:
        try:
            with held():  # a program that starts has somebody who ends it
                process = running.enter_context(subprocess.Popen(list(map(str, command)), text=True, **options))
                _children.append(process)
                running.callback(_children.remove, process)
            output = process.communicate()[0]
        except KeyboardInterrupt:
            for process in _children.copy():
                _end_child(process)
            raise
    if process.returncode == EXIT_CODE:
        raise KeyboardInterrupt
    return process.returncode, output


def _end_child(process):
    process.terminate()
    try:
        process.wait(_CHILD_S)
    except subprocess.TimeoutExpired:
        process.kill()


def _on_signal(*_):
    if _State.seen:
        return
    _State.seen = True
    if _State.depth > 0:
        _State.pending = True
        return
    raise KeyboardInterrupt


def _tell_unraisable(unraisable):
    """An interrupt that falls into a destructor is no news; the thread ends the process."""
    if not issubclass(unraisable.exc_type, KeyboardInterrupt):
        sys.__unraisablehook__(unraisable)


class _HandlersAfterImports:
    """Libraries set handlers of their own while they are loaded (UCX, below PyTorch, takes SIGHUP): the import that comes
    next sets ours again."""

    def __init__(self, numbers):
        self._numbers = numbers

    def find_spec(self, *_):
        if threading.current_thread() is threading.main_thread():
            for number in self._numbers:
                signal.signal(number, _on_signal)


def _watch(farewell):
    ignored = [signal.SIGHUP] if signal.getsignal(signal.SIGHUP) == signal.SIG_IGN else []
    handlers = _HandlersAfterImports([number for number in _SIGNALS if number not in ignored])
    handlers.find_spec()
    sys.meta_path.insert(0, handlers)
    sys.unraisablehook = _tell_unraisable
    # The thread learns of a signal at once, through the pipe.
    heard, told = os.pipe()
    os.set_blocking(told, False)
    signal.set_wakeup_fd(told, warn_on_full_buffer=False)
    threading.Thread(target=_end, args=(heard, farewell), daemon=True).start()


def _end(heard, farewell):
    while True:
        numbers = os.read(heard, 1)
        if numbers and numbers[0] in _SIGNALS:
            break
    for process in _children.copy():
        process.terminate()
    threading.Event().wait(_CHILD_S + _GRACE_S if _children else _GRACE_S)
    with _ending:
        for clear in reversed(_clear.copy()):
            with contextlib.suppress(Exception):
                clear()
        with contextlib.suppress(OSError, ValueError):
            print(farewell, file=sys.stderr, flush=True)
        os._exit(EXIT_CODE)
