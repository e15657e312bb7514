# SPDX-License-Identifier: Apache-2.0
"""Every wrong config is refused with exactly the messages, at exactly the places, that a user needs.

The files of tests/bad_config begin with comments that say what is expected of `squeezebar check`:

    # expect: <key: message> @<line>:<column>     one for each message; @- when the message has no place in the file
    # set: <key=value>                            an override for the command line
"""
import os
import re
import socket
from pathlib import Path

import pytest

FOLDER = Path(__file__).resolve().parents[2] / "bad_config"
FILES = sorted(FOLDER.glob("*.yaml"))
EXPECT = re.compile(r"# expect: (?P<text>.+) @(?P<place>-|\d+:\d+)")
MESSAGE = re.compile(r"(?P<start>.*?)error: (?P<text>.*)")
PLACE = re.compile(r".*?:(\d+:\d+): $")


def header(text):
    """(expected messages, overrides) from the comments at the top of a file."""
    lines = [line for line in text.splitlines() if line.startswith("# ")]
    expected = [EXPECT.fullmatch(line) for line in lines if line.startswith("# expect:")]
    assert expected and all(expected), "the file must begin with '# expect: <text> @<line>:<column>'"
    overrides = [line.removeprefix("# set: ") for line in lines if line.startswith("# set: ")]
    return [(match["text"], match["place"]) for match in expected], overrides


def messages(stderr):
    """[(text, "line:column" or "-")] of the errors."""
    found = []
    for line in stderr.splitlines():
        match = MESSAGE.fullmatch(line)
        assert match, f"a line that is no message: {line!r}"
        place = PLACE.fullmatch(match["start"])
        found.append((match["text"], place[1] if place else "-"))
    return found


def refused(result):
    """The errors of a command that refused its input properly."""
    assert result.returncode == 2, f"exit code {result.returncode}\n{result.stderr}"
    assert result.stdout == ""
    assert result.stderr.endswith("\n")
    return messages(result.stderr)


def test_there_are_files():
    assert len(FILES) > 50


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.stem)
def test_file(squeezebar, path):
    expected, overrides = header(path.read_text())
    options = [word for override in overrides for word in ("--set", override)]
    result = squeezebar("check", path.name, *options, cwd=FOLDER)
    assert refused(result) == expected


@pytest.mark.parametrize("path", FILES[:3], ids=lambda path: path.stem)
def test_nothing_is_written_for_a_bad_config(squeezebar, path, tmp_path):
    refused(squeezebar("run", path, cwd=tmp_path))
    assert list(tmp_path.iterdir()) == []


def nested(depth):
    return "version: 1\nadc: " + "[" * depth + "]" * depth + "\n"


def alias_bomb():
    """Each line holds the one before it ten times: a thousand million nodes once expanded."""
    lines = ["version: 1", "a: &a0 [x]"]
    lines += [f"b{i}: &a{i} [{', '.join([f'*a{i - 1}'] * 10)}]" for i in range(1, 10)]
    return "\n".join(lines) + "\n"


GENERATED = {
    "empty": (b"", "the file is empty; it must be a map of sections", "1:1"),
    "only a comment": (b"# nothing\n", "the file is empty; it must be a map of sections", "1:1"),
    "tab": (b"version: 1\nadc:\n\tbits: 6\n", "a tab cannot be used for indentation", "3:1"),
    "binary": (b"\x93NUMPY\x01\x00v\x00", "byte 0x93 is not UTF-8 text", "1:1"),
    "zero byte": (b"version: 1\nadc: \x00\n", None, None),
    "utf-16": ("version: 1\n".encode("utf-16"), None, None),
    "control character": (b"version: 1\nadc: {bits: \x07}\n", None, None),
    "too deep": (nested(100).encode(), None, None),
    "much too deep": (nested(200_000).encode(), None, None),
    "alias bomb": (alias_bomb().encode(), None, None),
    "too large": (b"version: 1\n# " + b"x" * (17 << 20) + b"\n", None, None),
    "long key": (b"version: 1\n" + b"k" * 100_000 + b": 1\n", None, None),
    "many keys": (b"version: 1\n" + b"".join(b"k%d: 1\n" % i for i in range(20_000)), None, None),
    "no key": (b"version: 1\n? [a, b]\n: 1\n", None, None),
    "percent": (b"%YAML 9.9\n---\n%s%n%d\n", None, None),
}


@pytest.mark.parametrize("name", GENERATED)
def test_generated_file(squeezebar, tmp_path, name):
    content, text, place = GENERATED[name]
    (tmp_path / "bad.yaml").write_bytes(content)
    found = refused(squeezebar("check", "bad.yaml", cwd=tmp_path))
    assert found
    if text is not None:
        assert (text, place) in found


def test_two_files_that_include_each_other(squeezebar, tmp_path):
    (tmp_path / "a.yaml").write_text("version: 1\ninclude: [b.yaml]\n")
    (tmp_path / "b.yaml").write_text("include: [a.yaml]\n")
    [(text, place)] = [one for one in refused(squeezebar("check", "a.yaml", cwd=tmp_path)) if "cycle" in one[0]]
    assert "a.yaml -> b.yaml -> a.yaml" in text
    assert place == "1:11"


def test_an_error_in_an_included_file_names_that_file(squeezebar, tmp_path, repository):
    (tmp_path / "part.yaml").write_text("adc:\n  bits: 0\n")
    base = repository / "configs" / "examples" / "digits_sme.yaml"
    (tmp_path / "top.yaml").write_text(f"version: 1\ninclude: [{base}, part.yaml]\n")
    result = squeezebar("check", "top.yaml", cwd=tmp_path)
    refused(result)
    assert "part.yaml:2:9: error: adc.bits: value 0 is outside [1, 16]" in result.stderr


def test_the_config_is_no_regular_file(squeezebar, tmp_path):
    with socket.socket(socket.AF_UNIX) as listener:
        listener.bind(str(tmp_path / "socket.yaml"))
    os.mkfifo(tmp_path / "pipe.yaml")
    (tmp_path / "top.yaml").write_text("version: 1\ninclude: [pipe.yaml]\n")
    for name in ("socket.yaml", "top.yaml", ".", "/dev/null", "/dev/zero", "absent.yaml", ""):
        assert refused(squeezebar("check", name, cwd=tmp_path)), name


def test_every_error_is_told_at_once(squeezebar, tmp_path, repository):
    base = repository / "configs" / "examples" / "digits_sme.yaml"
    (tmp_path / "bad.yaml").write_text(
        f"version: 1\ninclude: [{base}]\nadc: {{bits: 99, scan: no}}\ncell: {{bits: 1.5}}\nfoo: 1\n")
    result = squeezebar("check", "bad.yaml", "--set", "mux.area=3", cwd=tmp_path)
    assert [place for _, place in refused(result)] == ["3:13", "3:23", "4:14", "5:1", "-"]
