# SPDX-License-Identifier: Apache-2.0
"""Counts tests from JUnit files (ctest's and pytest's).

Usage: count_tests.py --folder RESULTS        sum over RESULTS/*.xml; exit status 1 when a test failed or none ran
       count_tests.py --status STATUS FILE    one suite, whose command ended with STATUS

A suite that ended with a bad status though no test in its file failed counts as one failed test: it crashed or never
began. In a folder, RESULTS/NAME.status holds the bad status of the suite NAME.
"""

import argparse
import collections
import pathlib
import sys
import xml.etree.ElementTree as ElementTree


def outcomes(file):
    """Counter of passed, failed and skipped test cases in a JUnit file; empty when it is absent or cut short."""
    counts = collections.Counter()
    try:
        cases = ElementTree.parse(file).iter("testcase")
    except (OSError, ElementTree.ParseError):
        return counts
    for case in cases:
        if case.find("failure") is not None or case.find("error") is not None:
            counts["failed"] += 1
        elif case.find("skipped") is not None or case.get("status") in ("notrun", "disabled"):
            counts["skipped"] += 1
        else:
            counts["passed"] += 1
    return counts


def suite(file, bad_status):
    counts = outcomes(file)
    if bad_status and not counts["failed"]:
        counts["failed"] = 1
    return counts


def sentence(counts):
    return f"{counts['passed']} passed, {counts['failed']} failed"


def folder_total(folder):
    names = {path.stem for path in folder.iterdir() if path.suffix in (".xml", ".status")}
    total = collections.Counter()
    for name in sorted(names):
        total += suite(folder / f"{name}.xml", (folder / f"{name}.status").exists())
    return total


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--folder", type=pathlib.Path)
    parser.add_argument("--status", type=int, default=0)
    parser.add_argument("file", nargs="?", type=pathlib.Path)
    options = parser.parse_args()
    counts = folder_total(options.folder) if options.folder else suite(options.file, options.status != 0)
    if options.folder and counts["skipped"]:
        print(f"{counts['skipped']} skipped")
    print(sentence(counts))
    return 1 if options.folder and (counts["failed"] or not counts["passed"]) else 0


if __name__ == "__main__":
    sys.exit(main())
