# SPDX-License-Identifier: Apache-2.0
"""Replays one page: runs its blocks in order and holds what stands beside them to what came of it."""
import importlib.util
import os
import re
import shutil
from dataclasses import dataclass, field

from .match import mismatch
from .numbers import figures_in
from .page import SHELL, Figures, Mark, PageError, steps_of
from .values import Names

QUICK_LIMIT_S, SLOW_LIMIT_S = 120, 7200
# A figure may be off by more only where the page says that it is none to rely on.
VAGUE = re.compile(r"^(about|around|nearly|almost|some) ")
WITHIN = re.compile(r" within (\d+) %$")


@dataclass
class Report:
    page: str
    ran: list = field(default_factory=list)        # (line, what)
    left_out: list = field(default_factory=list)   # (line, what, reason)
    problems: list = field(default_factory=list)   # (line, text)
    figures: int = 0

    def problem(self, line, text):
        self.problems.append((line, text))


def missing(name):
    """Whether a variable of the environment (capitals), a command or a Python module is not there."""
    if name.isupper():
        return name not in os.environ
    return shutil.which(name) is None and importlib.util.find_spec(name) is None


def reason_to_leave_out(mark, quick):
    if mark is None:
        return None
    clauses = mark.clauses
    if "skip" in clauses:
        return clauses["skip"]
    for name in clauses.get("needs", "").split():
        if missing(name):
            return f"needs {name}"
    return f"slow {clauses['slow']}".strip() if quick and "slow" in clauses else None


class Replayer:
    """`scratch` is None to list what a replay would do, without doing it."""

    def __init__(self, name, text, scratch, quick):
        self.report = Report(name)
        self.text = text
        self.scratch = scratch
        self.quick = quick
        self.printed = ""
        self.left_out = None       # why the last shell block did not run
        self.page_mark = None
        self.done = set()          # commands of marks that ran

    def replay(self):
        try:
            steps = steps_of(self.text)
        except PageError as error:
            self.report.problem(error.line, str(error))
            return self.report
        for step in steps:
            self.step(step)
        return self.report

    def step(self, step):
        if isinstance(step, Mark) and "page" in step.clauses:
            self.page_mark = step
        elif isinstance(step, Mark):
            self.marked(step, "run", self.commands)
        elif isinstance(step, Figures):
            self.marked(step.mark, step.mark.what, lambda mark: self.table(step) if mark.what == "table" else self.figures(step))
        elif step.language in SHELL:
            self.block(step)
        elif step.mark:
            self.marked(step.mark, step.mark.what, lambda mark: getattr(self, mark.what)(step))
        elif step.follows_shell:
            self.output_behind(step)

    def why_not(self, mark):
        return reason_to_leave_out(self.page_mark, self.quick) or reason_to_leave_out(mark, self.quick)

    def marked(self, mark, what, act):
        reason = self.why_not(mark)
        if not reason and mark.what == "output" and not mark.commands:
            reason = self.left_out
        if reason:
            self.report.left_out.append((mark.line, what, reason))
            return
        self.report.ran.append((mark.line, what))
        if self.scratch is not None:
            act(mark)

    # Commands

    def limit_s(self, mark):
        return SLOW_LIMIT_S if any(m and "slow" in m.clauses for m in (mark, self.page_mark)) else QUICK_LIMIT_S

    def block(self, fence):
        self.left_out = self.why_not(fence.mark)
        if self.left_out:
            self.report.left_out.append((fence.line, "commands", self.left_out))
            return
        self.report.ran.append((fence.line, "commands"))
        if self.scratch is not None:
            self.shell(fence.text, fence.line, fence.mark)
            self.commands(fence.mark)

    def shell(self, commands, line, mark):
        expected = int(mark.clauses.get("exit", 0)) if mark else 0
        code, self.printed = self.scratch.shell(commands, self.limit_s(mark))
        if code is None:
            self.report.problem(line, f"no end within {self.limit_s(mark)} s: {commands}")
        elif code != expected:
            last = "\n".join(self.printed.strip().splitlines()[-5:])
            self.report.problem(line, f"exit code {code}, not {expected}: {commands}\n{last}")
        return code == expected

    def commands(self, mark, fill=lambda text: text):
        """Runs the commands of a mark, each once for a page; False when one fails."""
        for command in map(fill, mark.commands if mark else ()):
            if command not in self.done:
                self.done.add(command)
                if not self.shell(command, mark.line, mark):
                    return False
        return True

    # Blocks that are no commands

    def file(self, fence):
        self.scratch.write(fence.mark.clauses["file"], fence.text)
        self.commands(fence.mark)

    def excerpt(self, fence):
        path = fence.mark.clauses["excerpt"]
        if not (self.scratch.root / path).is_file():
            self.report.problem(fence.mark.line, f"there is no file {path}")
            return
        content = (self.scratch.root / path).read_text(encoding="utf-8")
        wrong = mismatch(f"...\n{fence.text}\n...", content, some="some lines" in fence.mark.clauses)
        if wrong:
            line = fence.text.splitlines()[wrong[0] - 1]
            self.report.problem(fence.line + wrong[0], f"'{line}' does not stand there in {path}: {wrong[1]}")
        self.commands(fence.mark)

    def output_behind(self, fence):
        if self.left_out:
            self.report.left_out.append((fence.line, "output", self.left_out))
            return
        self.report.ran.append((fence.line, "output"))
        if self.scratch is not None:
            self.compare_output(fence, {})

    def output(self, fence):
        if self.commands(fence.mark):
            self.compare_output(fence, fence.mark.clauses)

    def compare_output(self, fence, clauses):
        wrong = mismatch(fence.text, self.printed, "some lines" in clauses, clauses.get("varies", ()))
        self.report.figures += len(figures_in(fence.text))
        if wrong:
            lines = fence.text.splitlines() or [""]
            self.differs(fence.line + 1 + wrong[0], lines[wrong[0]].strip(), wrong[1].strip())

    def differs(self, line, expected, got):
        self.report.problem(line, f"the page says '{expected}', the command gives '{got}'")

    # Figures

    def figures(self, step):
        mark = step.mark
        if not self.commands(mark):
            return
        text = " ".join(" ".join(step.lines).split())
        for words, expression in mark.checks:
            tolerance = WITHIN.search(words)
            words = WITHIN.sub("", words)
            if words not in text:
                self.report.problem(mark.line, f"the text before this mark does not say '{words}'")
            elif tolerance and not VAGUE.match(words):
                self.report.problem(mark.line, f"'{words}' is exact in the page, so it has no tolerance")
            else:
                relative = int(tolerance.group(1)) / 100 if tolerance else None
                self.compare(words, self.values(mark, expression, lambda text: text), self.line_of(step, words), relative)

    @staticmethod
    def line_of(step, words):
        """The line on which a text begins that may go over several."""
        for index in range(len(step.lines)):
            if words in " ".join(" ".join(step.lines[index:]).split()) and \
                    words not in " ".join(" ".join(step.lines[index + 1:]).split()):
                return step.first + index
        return step.first

    def values(self, mark, expression, fill):
        """Values of an expression; None, with a problem told, when it has none."""
        try:
            source = mark.clauses.get("of")
            return Names(self.scratch.root, self.printed).evaluate(fill(expression), fill(source) if source else None)
        except Exception as error:  # pylint: disable=broad-except  # whatever an expression of a page meets
            self.report.problem(mark.line, f"'{fill(expression)}': {type(error).__name__}: {error}")
            return None

    def compare(self, words, values, line, relative=None):
        if values is None:
            return
        self.report.figures += len(values)
        if len(values) == 1 and isinstance(values[0], (bool, str)):
            if values[0] is False or (isinstance(values[0], str) and values[0] not in words):
                self.differs(line, words, values[0])
            return
        found = figures_in(words)
        if not found or len(found) > len(values):
            self.report.problem(line, f"'{words}' has {len(found)} figures, the mark {len(values)} values")
        for figure, value in zip(found, values):
            if not isinstance(value, (int, float)) or not figure.holds(value, relative):
                self.differs(line, words, f"{value:.8g}" if isinstance(value, float) else value)

    # Tables

    def table(self, step):
        heads = [clean(cell) for cell in cells(step.lines[0])]
        columns = [(self.column(step.mark, heads, name), expression) for name, expression in step.mark.checks]
        above = [""] * len(heads)
        for offset, line in enumerate(step.lines[2:], start=2):
            row = cells(line)
            above = [clean(cell) or before for cell, before in zip(row, above)]
            self.table_row(step.mark, step.first + offset, row, columns, filler(heads, above))

    def column(self, mark, heads, name):
        if name in heads:
            return heads.index(name)
        if name.isdigit() and 1 <= int(name) <= len(heads):
            return int(name) - 1
        self.report.problem(mark.line, f"the table has no column '{name}'")
        return None

    def table_row(self, mark, line, row, columns, fill):
        if not self.commands(mark, fill):
            return
        for column, expression in columns:
            if column is not None and column < len(row) and row[column]:
                self.compare(row[column], self.values(mark, expression, fill), line)


def cells(line):
    return [cell.strip() for cell in line.strip().strip("|").split("|")]


def clean(cell):
    """A cell as a word for commands: what stands in backquotes, else its text without emphasis."""
    spans = re.findall(r"`([^`]+)`", cell)
    return " ".join(spans) if spans else cell.replace("**", "").strip()


def filler(heads, row):
    """Puts the cells of a row in the place of {HEAD} and {NUMBER}."""
    def fill(text):
        for number, (head, cell) in enumerate(zip(heads, row), start=1):
            text = text.replace(f"{{{head}}}", cell).replace(f"{{{number}}}", cell)
        return text
    return fill
