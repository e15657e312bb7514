# SPDX-License-Identifier: Apache-2.0
"""Options declared once: the declaration gives the command line, its help, the checks and the provenance."""
import argparse
import dataclasses
import math

from prune.errors import UserError, did_you_mean


@dataclasses.dataclass(frozen=True)
class Option:
    """One typed option.

    `type` is int, float or str. A default of None makes the option required. `minimum` and `maximum` are
    inclusive, `below` is an exclusive upper bound, `choices` lists the legal texts of a str option.
    """

    name: str
    type: type
    default: object
    doc: str
    minimum: object = None
    maximum: object = None
    below: object = None
    choices: tuple = ()

    @property
    def flag(self):
        return "--" + self.name.replace("_", "-")

    def describe(self):
        """The sentence, the range and the default, as shown by --help."""
        notes = [self._range()] if self._range() else []
        notes.append("required" if self.default is None else f"default {self.default}")
        return f"{self.doc} ({'; '.join(notes)})"

    def parse(self, text):
        """The checked value of `text`, or UserError."""
        if self.type is str:
            if self.choices and text not in self.choices:
                raise UserError(f"{self.flag}: unknown value {text!r}; {did_you_mean(text, self.choices)}")
            return text
        kind = "a whole number" if self.type is int else "a number"
        try:
            value = self.type(text)
        except ValueError:
            raise UserError(f"{self.flag}: {text!r} is not {kind}; give {kind} {self._range()}".rstrip()) from None
        if not math.isfinite(value) or not self._in_range(value):
            raise UserError(f"{self.flag}: {text} is out of range; give {kind} {self._range()}")
        return value

    def _in_range(self, value):
        return not (
            (self.minimum is not None and value < self.minimum)
            or (self.maximum is not None and value > self.maximum)
            or (self.below is not None and value >= self.below)
        )

    def _range(self):
        parts = []
        if self.choices:
            parts.append("one of " + ", ".join(self.choices))
        if self.minimum is not None:
            parts.append(f">= {self.minimum}")
        if self.maximum is not None:
            parts.append(f"<= {self.maximum}")
        if self.below is not None:
            parts.append(f"< {self.below}")
        return " and ".join(parts)


def resolve(options, given, where):
    """Typed values of all `options` from the texts in `given` (name -> text or None for absent).

    Raises UserError for a missing required option and for a given name that is not declared; `where` names
    the owner of the options in the message.
    """
    declared = {option.name: option for option in options}
    for name, text in given.items():
        if text is not None and name not in declared:
            flag = "--" + name.replace("_", "-")
            known = ", ".join(option.flag for option in options) or "none"
            raise UserError(f"{flag}: {where} has no such option; its options are: {known}")
    values = {}
    for option in options:
        text = given.get(option.name)
        if text is not None:
            values[option.name] = option.parse(text)
        elif option.default is None:
            raise UserError(f"{option.flag} is missing; {where} needs it: {option.doc}")
        else:
            values[option.name] = option.default
    return values


def parsed(options, arguments, where):
    """Typed values of `options` from the attributes of parsed command-line arguments."""
    return resolve(options, {option.name: getattr(arguments, option.name) for option in options}, where)


def add_arguments(parser, options):
    """Adds a flag per option to an argparse parser or group; values stay text until `resolve`."""
    for option in options:
        parser.add_argument(
            option.flag,
            dest=option.name,
            metavar=option.type.__name__.upper(),
            default=None,
            help=option.describe().replace("%", "%%"),
        )


class Parser(argparse.ArgumentParser):
    """An argument parser whose errors are UserErrors, so that every mistake is reported the same way."""

    def parse_args(self, args=None, namespace=None):
        """An empty text names nothing; taken for a path, it would be the current folder."""
        parsed = super().parse_args(args, namespace)
        for name, value in vars(parsed).items():
            if value == "":
                self.error(f"{name} is given an empty value; name one or leave it out")
        return parsed

    def error(self, message):
        raise UserError(f"{message}; see `{self.prog} --help`")
