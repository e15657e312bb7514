# SPDX-License-Identifier: Apache-2.0
"""The error that the command line turns into one sentence and exit code 2."""
import difflib


class UserError(Exception):
    """A mistake in what the user gave; the text says what is wrong, where, and what to do about it."""

    place = ""

    @classmethod
    def at(cls, place, what):
        """One with its place: PATH or PATH:LINE:COLUMN, or either with ": KEY"."""
        error = cls(f"{place}: {what}")
        error.place = str(place).partition(": ")[0]
        return error

    def message(self):
        """As the simulator writes them: "PLACE: error: WHAT"."""
        text = str(self)
        return f"{self.place}: error:{text[len(self.place) + 1:]}" if self.place else f"error: {text}"


def did_you_mean(word, candidates):
    """Text that names the nearest candidate and all the others, to end an error sentence with."""
    candidates = sorted(candidates)
    near = difflib.get_close_matches(word, candidates, n=1)
    hint = f"did you mean {near[0]!r}? " if near else ""
    return f"{hint}Known: {', '.join(candidates)}"
