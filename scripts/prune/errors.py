# SPDX-License-Identifier: Apache-2.0
"""The error that the command line turns into one sentence and exit code 2."""
import difflib


class UserError(Exception):
    """A mistake in what the user gave; the text says what is wrong, where, and what to do about it."""


def did_you_mean(word, candidates):
    """Text that names the nearest candidate and all the others, to end an error sentence with."""
    candidates = sorted(candidates)
    near = difflib.get_close_matches(word, candidates, n=1)
    hint = f"did you mean {near[0]!r}? " if near else ""
    return f"{hint}Known: {', '.join(candidates)}"
