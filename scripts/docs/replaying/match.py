# SPDX-License-Identifier: Apache-2.0
"""Whether a block of expected output is what a command printed."""
import re

NUMBER = re.compile(r"\d[\d,]*(?:\\?\.\d+)?")
ANY_NUMBER = r"\d[\d,.]*(?: (?:h|min) \d+)*"


def pattern_of(line, varies):
    """A line as a regular expression; in the texts that vary any number stands for a number."""
    pattern = re.escape(line.rstrip())
    for text in varies:
        escaped = re.escape(text)
        pattern = pattern.replace(escaped, NUMBER.sub(lambda _: ANY_NUMBER, escaped))
    return re.compile(pattern)


def trimmed(text):
    lines = [line.rstrip() for line in text.splitlines()]
    while lines and not lines[0]:
        lines.pop(0)
    while lines and not lines[-1]:
        lines.pop()
    return lines


def mismatch(expected, printed, some=False, varies=()):
    """None, or (index of the line of `expected`, what was printed in its place). `...` is any lines; with `some`, so is every gap."""
    wanted, got = expected.splitlines(), trimmed(printed)
    at, gap = 0, some
    for index, line in enumerate(wanted):
        if not line.strip() and (some or at >= len(got) or not any(text.strip() for text in wanted[:index])):
            continue
        if line.strip() == "...":
            gap = True
            continue
        pattern = pattern_of(line, varies)
        found = next((i for i in range(at, len(got) if gap else min(at + 1, len(got))) if pattern.fullmatch(got[i])), None)
        if found is None:
            return index, nearest(line, got[at:]) if gap else got[at] if at < len(got) else "the end of the output"
        at, gap = found + 1, some
    if at < len(got) and not gap:
        return len(wanted) - 1, f"more lines: {got[at]}"
    return None


def nearest(line, lines):
    """The printed line that begins as the expected one does, for the message."""
    words = line.split()
    same = [text for text in lines if words and text.split()[:1] == words[:1]]
    return same[0] if same else "no such line"
