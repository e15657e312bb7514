# SPDX-License-Identifier: Apache-2.0
"""Links of pages to files, pictures and headings of the repository; nothing is fetched."""
import re
from pathlib import Path

FENCED = re.compile(r"^ *```.*?^ *```\s*?$|<!--.*?-->", re.M | re.S)
CODE = re.compile(r"`[^`\n]*`")
LINK = re.compile(r"\]\(([^()\s]*(?:\([^()\s]*\))?)(?: \"[^\"]*\")?\)|<(?:img|a)\s[^>]*?(?:src|href)=\"([^\"]*)\"", re.S)
HEADING = re.compile(r"^#{1,6} +(.*?)#* *$", re.M)
ELSEWHERE = re.compile(r"^[a-z][a-z0-9+.-]*:")


def blanked(match):
    return "\n" * match.group().count("\n")


def anchors(text):
    """The names by which headings are linked, as GitHub makes them."""
    found = set()
    for heading in HEADING.findall(FENCED.sub(blanked, text)):
        plain = re.sub(r"\[([^\]]*)\]\([^)]*\)", r"\1", heading)
        name = re.sub(r"[^\w\- ]", "", plain.strip().lower()).replace(" ", "-")
        number = 0
        while (name if not number else f"{name}-{number}") in found:
            number += 1
        found.add(name if not number else f"{name}-{number}")
    return found


def links(text):
    """[(line, target)] of a page; what stands in code links nothing."""
    text = FENCED.sub(blanked, text)
    text = CODE.sub(lambda match: "`" * len(match.group()), text)
    return [(text.count("\n", 0, match.start()) + 1, match.group(1) or match.group(2) or "") for match in LINK.finditer(text)]


def problems(root, name):
    """[(line, text)] of the links of a page that lead nowhere."""
    page = root / name
    for line, target in links(page.read_text(encoding="utf-8")):
        if ELSEWHERE.match(target):
            continue
        path, _, anchor = target.partition("#")
        file = Path(page.parent, path) if path else page
        if not target or not file.exists():
            yield line, f"'{target}' leads nowhere"
        elif not file.resolve().is_relative_to(root.resolve()):
            yield line, f"'{target}' leads out of the repository"
        elif anchor and file.suffix == ".md" and anchor not in anchors(file.read_text(encoding="utf-8")):
            yield line, f"{file.relative_to(root) if file.is_relative_to(root) else path} has no heading '#{anchor}'"
