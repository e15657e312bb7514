# SPDX-License-Identifier: Apache-2.0
"""A file that holds nothing is told at its first character."""
import pytest

from prune.bundle import yaml_text
from prune.checkpoint import MARKER, load
from prune.errors import UserError


@pytest.mark.parametrize("content", [b"", b" \n\n", b"null\n", b"\xef\xbb\xbf", b"# nothing\n", b"---\n", b"~\n"])
@pytest.mark.parametrize("name", [MARKER, "network.yaml"])
def test_an_empty_file_is_told_at_its_first_character(tmp_path, name, content):
    file = tmp_path / name
    file.write_bytes(content)
    with pytest.raises(UserError) as told:
        load(tmp_path) if name == MARKER else yaml_text.load(file)
    assert told.value.message().startswith(f"{file}:1:1: error: ")
