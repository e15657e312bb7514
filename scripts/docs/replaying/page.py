# SPDX-License-Identifier: Apache-2.0
"""A page in Markdown as the steps of its replay: fenced blocks, and marks (comments that begin with `replay:`)."""
import re
from dataclasses import dataclass, field

SHELL = {"sh", "bash", "shell", "console"}
FENCE = re.compile(r"^( *)```(\S*)\s*$")
MARK = re.compile(r"^ *<!-- replay: ")
HEADING = re.compile(r"^#{1,6} ")
# Clauses of a mark, and whether something must follow the word.
CLAUSES = {"skip": True, "slow": False, "needs": True, "page": False, "exit": True, "run": False, "output": False, "some lines": False,
           "varies": True, "file": True, "excerpt": True, "figures": False, "table": False, "of": True}
WHAT = ("run", "output", "file", "excerpt", "figures", "table")
BEFORE_A_FENCE = ("output", "file", "excerpt", "exit")


class PageError(Exception):
    """A mark that says nothing, or says it in the wrong place."""

    def __init__(self, line, text):
        super().__init__(text)
        self.line = line


@dataclass
class Mark:
    line: int
    clauses: dict = field(default_factory=dict)     # word -> what follows it; `varies` -> list
    commands: list = field(default_factory=list)    # lines that begin with `$`
    checks: list = field(default_factory=list)      # (text or column, expression)

    @property
    def what(self):
        return next((word for word in WHAT if word in self.clauses), None)


@dataclass
class Fence:
    line: int
    language: str
    text: str
    mark: Mark | None = None
    follows_shell: bool = False    # nothing but blank lines and marks between a shell block and this one


@dataclass
class Figures:
    """A mark `figures` or `table`, with the lines that it speaks of: (number of the first line, lines)."""
    mark: Mark
    first: int
    lines: list


def parse_mark(line, text):
    head, *body = text.splitlines()
    mark = Mark(line)
    for clause in filter(None, map(str.strip, head.split(";"))):
        add_clause(mark, clause)
    for command in joined(body):
        if command.startswith("$ "):
            mark.commands.append(command[2:])
            continue
        name, separator, expression = command.partition(": ")
        if not separator:
            raise PageError(line, f"'{command}' is neither `$ COMMAND` nor `TEXT: EXPRESSION`")
        mark.checks.append((name.strip(), expression.strip()))
    if mark.checks and mark.what not in ("figures", "table"):
        raise PageError(line, "only `figures` and `table` have lines `TEXT: EXPRESSION`")
    if mark.what in ("figures", "table") and not mark.checks and not (mark.what == "table" and mark.commands):
        raise PageError(line, f"`{mark.what}` without a line `TEXT: EXPRESSION` checks nothing")
    return mark


def add_clause(mark, clause):
    word = next((word for word in CLAUSES if clause == word or clause.startswith(word + " ")), None)
    if word is None:
        raise PageError(mark.line, f"unknown clause '{clause}'; there are {', '.join(CLAUSES)}")
    rest = clause[len(word):].strip()
    if rest and (word == "page" or word in ("figures", "table") and rest.startswith("of ")):
        mark.clauses[word] = ""
        add_clause(mark, rest)
        return
    if CLAUSES[word] and not rest:
        raise PageError(mark.line, f"'{word}' needs more: a reason, a path, a text")
    if word == "varies":
        mark.clauses.setdefault(word, []).append(rest)
    else:
        mark.clauses[word] = rest


def joined(lines):
    """Lines without blanks around them; one that ends with a backslash goes on in the next."""
    result, begun = [], ""
    for line in map(str.strip, lines):
        if line.endswith("\\"):
            begun += line[:-1]
        elif begun or line:
            result.append(begun + line)
            begun = ""
    return result


class Parser:
    """Steps of a page in order: Mark (run, page), Fence, Figures."""

    def __init__(self, text):
        self.lines = text.splitlines()
        self.steps = []
        self.waiting = None       # a mark that speaks of the next fence
        self.after_shell = False
        self.begin = 0            # where the text that a `figures` may speak of begins

    def parse(self):
        at = 0
        while at < len(self.lines):
            if FENCE.match(self.lines[at]):
                at = self.fence(at)
            elif MARK.match(self.lines[at]):
                at = self.mark(at)
            else:
                self.text(at)
                at += 1
        if self.waiting:
            raise PageError(self.waiting.line, "no fenced block follows this mark")
        return self.steps

    def text(self, at):
        line = self.lines[at]
        if HEADING.match(line):
            self.begin = at
        if line.strip():
            self.after_shell = False
            if self.waiting:
                raise PageError(self.waiting.line, "this mark must stand directly before a fenced block")

    def fence(self, at):
        indent, language = FENCE.match(self.lines[at]).groups()
        end = next((i for i in range(at + 1, len(self.lines)) if self.lines[i].strip() == "```"), None)
        if end is None:
            raise PageError(at + 1, "this block has no end")
        body = "\n".join(line.removeprefix(indent) for line in self.lines[at + 1:end])
        shell = language in SHELL
        mark, self.waiting = self.waiting, None
        if mark and shell == (mark.what in ("output", "file", "excerpt")):
            raise PageError(mark.line, f"this mark does not speak of a {'shell block' if shell else 'block that is no command'}")
        self.steps.append(Fence(at + 1, language, body, mark, self.after_shell and language in ("", "text")))
        self.after_shell = shell
        return end + 1

    def mark(self, at):
        end = next((i for i in range(at, len(self.lines)) if "-->" in self.lines[i]), None)
        if end is None:
            raise PageError(at + 1, "this comment has no end")
        text = "\n".join(self.lines[at:end + 1])
        mark = parse_mark(at + 1, text[text.index("replay: ") + 8:text.rindex("-->")])
        if mark.what in ("figures", "table"):
            self.steps.append(self.figures(mark, at))
        elif mark.what == "run" or "page" in mark.clauses:
            self.steps.append(mark)
        elif self.waiting:
            raise PageError(self.waiting.line, "no fenced block follows this mark")
        else:
            self.waiting = mark
        return end + 1

    def figures(self, mark, at):
        if mark.what == "figures":
            return Figures(mark, self.begin + 1, self.lines[self.begin:at])
        end = at
        while end and not self.lines[end - 1].strip():
            end -= 1
        begin = end
        while begin and self.lines[begin - 1].lstrip().startswith("|"):
            begin -= 1
        if end - begin < 3:
            raise PageError(mark.line, "no table stands directly before this mark")
        return Figures(mark, begin + 1, self.lines[begin:end])


def steps_of(text):
    return Parser(text).parse()
