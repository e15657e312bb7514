# SPDX-License-Identifier: Apache-2.0
"""Signals end the front end as Ctrl-C does; imported before anything that takes long to import."""
import contextlib
import os
import signal
import sys
import threading

EXIT_CODE = 130
_GRACE_S = 0.1
_LAST_S = 2.0  # for a step that calls a program, which is ended first
_clear = []


@contextlib.contextmanager
def at_stake(clear):
    """Within it, an interrupt that ends the process calls `clear` first. It must suit a second call."""
    _clear.append(clear)
    try:
        yield
    finally:
        _clear.remove(clear)


def watch(farewell):
    """Lets SIGINT, SIGTERM and SIGHUP (unless it is ignored) raise KeyboardInterrupt, once, and ends the process with
    `farewell` where that is not followed by its end soon."""
    seen = threading.Event()

    def on_signal(*_):
        if not seen.is_set():
            seen.set()
            raise KeyboardInterrupt

    for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        if number != signal.SIGHUP or signal.getsignal(number) != signal.SIG_IGN:
            signal.signal(number, on_signal)
    # Python calls its handlers in the main thread alone, between two steps; the thread learns of the signal at once.
    heard, told = os.pipe()
    os.set_blocking(told, False)
    signal.set_wakeup_fd(told, warn_on_full_buffer=False)
    threading.Thread(target=_end, args=(heard, farewell), daemon=True).start()


def _end(heard, farewell):
    while True:
        numbers = os.read(heard, 1)
        if numbers and numbers[0] in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
            break
    threading.Event().wait(_LAST_S if _children else _GRACE_S)
    for clear in reversed(_clear.copy()):
        with contextlib.suppress(Exception):
            clear()
    with contextlib.suppress(OSError, ValueError):
        print(farewell, file=sys.stderr, flush=True)
    os._exit(EXIT_CODE)


_children = []


@contextlib.contextmanager
def child(process):
    """Within it, an interrupt leaves `process` the time that it needs."""
    _children.append(process)
    try:
        yield process
    finally:
        _children.remove(process)
