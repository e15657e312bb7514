# SPDX-License-Identifier: Apache-2.0
"""Reads a VCD file (IEEE 1364, section on value change dumps) as far as squeezebar writes it."""
import re

VARIABLE = re.compile(r"\$var\s+(\w+)\s+(\d+)\s+(\S+)\s+(\S+)(?:\s+\[\d+:\d+\])?\s+\$end")
CHANGE = re.compile(r"b([01]+) (\S+)|([01])(\S+)")


class Waveforms:
    """Values of every variable over time: changes[name] = [(time, value)]; `end` is the last time in the file."""

    def __init__(self, text):
        header, body = text.split("$enddefinitions", 1)
        self.timescale = re.search(r"\$timescale\s+(.*?)\s+\$end", header).group(1)
        self.names = self._read_variables(header)
        self.changes = {name: [] for name in self.names.values()}
        self.times = []
        self._read_changes(body.split("\n")[1:])

    @staticmethod
    def _read_variables(header):
        names, scopes = {}, []
        for line in header.splitlines():
            if scope := re.match(r"\$scope module (\S+) \$end", line):
                scopes.append(scope.group(1))
            elif line.startswith("$upscope"):
                scopes.pop()
            elif variable := VARIABLE.match(line):
                code, name = variable.group(3), ".".join(scopes + [variable.group(4)])
                assert code not in names and name not in names.values()
                names[code] = name
        assert not scopes
        return names

    def _read_changes(self, lines):
        in_comment = False
        for line in lines:
            if line.startswith("$comment"):
                in_comment = "$end" not in line
            elif in_comment:
                in_comment = "$end" not in line
            elif line.startswith("#"):
                self.times.append(int(line[1:]))
            elif line.startswith("$dumpvars") or line.startswith("$end") or not line.strip():
                continue
            else:
                change = CHANGE.fullmatch(line.strip())
                assert change, line
                bits, code = (change.group(1), change.group(2)) if change.group(1) else (change.group(3), change.group(4))
                assert self.times, "a value before any time"
                self.changes[self.names[code]].append((self.times[-1], int(bits, 2)))

    @property
    def end(self):
        return self.times[-1]

    def duration(self, name, value):
        """How long the variable had the value."""
        changes = self.changes[name] + [(self.end, None)]
        return sum(after[0] - before[0] for before, after in zip(changes, changes[1:]) if before[1] == value)
