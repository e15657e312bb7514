# SPDX-License-Identifier: Apache-2.0
"""The replay of pages finds what is wrong: each case is a page with one fault, and the same page without it."""
import json
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[3]
sys.path.insert(0, str(ROOT / "scripts" / "docs"))
from replaying import links  # noqa: E402
from replaying.match import mismatch  # noqa: E402
from replaying.numbers import figures_in  # noqa: E402
from replaying.page import PageError, steps_of  # noqa: E402
from replaying.replayer import Replayer  # noqa: E402
from replaying.scratch import Scratch, files_of  # noqa: E402
from replaying.values import Names  # noqa: E402


@pytest.fixture
def replay(tmp_path):
    """Replays a text in a copy of a small repository; gives the report."""
    repository = tmp_path / "repository"
    (repository / "configs").mkdir(parents=True)
    (repository / "configs" / "spec.yaml").write_text("# a comment\nversion: 1\naxes: [1, 2]\n")
    made = []

    def run(text, quick=False):
        made.append(Scratch(repository, "/bin/true"))
        return Replayer("page.md", text, made[-1], quick).replay()

    yield run
    for scratch in made:
        scratch.remove()


def lines(report):
    return [line for line, _ in report.problems]


def block(commands, output=None):
    return f"```sh\n{commands}\n```\n" + (f"\n```\n{output}\n```\n" if output is not None else "")


@pytest.mark.parametrize("right, wrong, line", [
    (block("true"), block("false"), 1),
    (block("true"), block("false\ntrue"), 1),
    (block("echo 1.5", "1.5"), block("echo 1.6", "1.5"), 6),
    (block("echo 1; echo 2", "1\n2"), block("echo 1; echo 2", "1"), 6),
    (block("seq 9", "1\n...\n9"), block("seq 9", "1\n...\n10"), 8),
    ("<!-- replay: exit 3 -->\n" + block("exit 3"), "<!-- replay: exit 3 -->\n" + block("true"), 2),
    ("<!-- replay: output; varies about 29 s -->\n".join(["```sh\necho about 31 s, 5\n```\n\n", "```\nabout 29 s, 5\n```\n"]),
     "<!-- replay: output; varies about 29 s -->\n".join(["```sh\necho about 31 s, 6\n```\n\n", "```\nabout 29 s, 5\n```\n"]), 7),
    ("<!-- replay: output; some lines -->\n".join([block("seq 9"), "```\n3\n7\n```\n"]),
     "<!-- replay: output; some lines -->\n".join([block("seq 9"), "```\n7\n3\n```\n"]), 7),
    ("<!-- replay: excerpt configs/spec.yaml -->\n```yaml\nversion: 1\n```\n",
     "<!-- replay: excerpt configs/spec.yaml -->\n```yaml\nversion: 2\n```\n", 3),
    ("<!-- replay: excerpt configs/spec.yaml -->\n```yaml\nversion: 1\n```\n",
     "<!-- replay: excerpt configs/none.yaml -->\n```yaml\nversion: 1\n```\n", 1),
    ("<!-- replay: file runs/a\n$ test $(cat runs/a) = 5\n-->\n```yaml\n5\n```\n",
     "<!-- replay: file runs/a\n$ test $(cat runs/a) = 5\n-->\n```yaml\n6\n```\n", 1),
    ("<!-- replay: run\n$ true\n-->\n", "<!-- replay: run\n$ false\n-->\n", 1),
], ids=["exit", "first of two", "output", "more output", "left out", "expected exit", "varies", "some lines", "excerpt", "no file", "file", "hidden"])
def test_blocks(replay, right, wrong, line):
    assert not replay(right).problems
    assert lines(replay(wrong)) == [line]


def figures(text, check):
    return (f"# A\n\n{text}\n<!-- replay: figures of run.json\n$ echo '{json.dumps({'energy_j': 3.4579e-6, 'images': 2, 'right': True})}' "
            f">run.json\n{check}\n-->\n")


@pytest.mark.parametrize("text, check, right", [
    ("takes 3.458 uJ", "3.458 uJ: energy_j", True),
    ("takes 3.457 uJ", "3.457 uJ: energy_j", False),
    ("takes\n3.5 uJ for 2 images", "3.5 uJ for 2 images: energy_j; images", True),
    ("takes\n3.5 uJ for 3 images", "3.5 uJ for 3 images: energy_j; images", False),
    ("3.5 uJ for 2 images", "3.5 uJ for 2 images: energy_j", False),
    ("about 3 uJ", "about 3 uJ within 20 %: energy_j", True),
    ("about 3 uJ", "about 3 uJ within 10 %: energy_j", False),
    ("3 uJ", "3 uJ within 20 %: energy_j", False),
    ("all are right", "all are right: right", True),
    ("all are right", "all are right: not right", False),
    ("all are right", "all are wrong: right", False),
    ("takes 3.458 uJ", "3.458 uJ: no_such_figure", False),
    ("```sh\necho energy 3.458 uJ\n```\nIt is 3.458 uJ", "It is 3.458 uJ: 1", False),
])
def test_figures(replay, text, check, right):
    assert bool(replay(figures(text, check)).problems) != right


def test_a_figure_is_told_at_its_line(replay):
    report = replay(figures("one\ntwo 4 uJ\nthree", "4 uJ: energy_j"))
    assert report.problems == [(4, "the page says '4 uJ', the command gives '3.4579e-06'")]


TABLE = """| `bits` | half | twice |
|--:|--:|--:|
| 2 | 1 (50 %) | 4 |
| `4` (more) | {half} | 8 |
| | 2 | |

<!-- replay: table of run-{{bits}}.json
$ echo '{{{{"half": '$(({{bits}} / 2))'}}}}' >run-{{bits}}.json
half: half; .5
3: {{1}} * 2
-->
"""


def table(half):
    return TABLE.format(half=half).replace("{{", "{").replace("}}", "}")


def test_tables(replay):
    assert not replay(table("2")).problems
    assert replay(table("3")).problems == [(4, "the page says '3', the command gives '2'")]
    assert "no column 'thrice'" in replay(table("2").replace("3: ", "thrice: ")).problems[0][1]


def test_a_block_finds_what_the_one_before_it_left(replay):
    assert not replay(block("export A=5; mkdir b; cd b; false || true") + block("echo $A ${PWD##*/}", "5 b")).problems


def test_what_does_not_run_has_a_reason(replay):
    text = "<!-- replay: skip takes hours -->\n" + block("false", "1") + "<!-- replay: slow 40 s -->\n" + block("false") \
        + "<!-- replay: needs NO_SUCH_VARIABLE -->\n" + block("false")
    report = replay(text, quick=True)
    assert not report.problems and not report.ran
    assert [reason for _, _, reason in report.left_out] == ["takes hours", "takes hours", "slow 40 s", "needs NO_SUCH_VARIABLE"]
    assert lines(replay(text)) == [10]


def test_a_copy_without_git_has_what_no_run_made(tmp_path):
    for name in ("a/b.txt", "runs/c", "build/d", ".git/e"):
        (tmp_path / name).parent.mkdir(parents=True)
        (tmp_path / name).write_text("")
    assert files_of(tmp_path) == ["a/b.txt"]


def test_a_whole_page_may_be_slow_or_left_out(replay):
    page = "<!-- replay: page slow trains -->\n" + block("false") + figures("takes 1 J", "1 J: energy_j")
    assert not replay(page, quick=True).problems
    assert len(replay(page).problems) == 2
    assert not replay(page.replace("slow trains", "skip no figures")).problems


@pytest.mark.parametrize("text, line", [
    ("<!-- replay: skipped -->\n```sh\n```\n", 1),
    ("<!-- replay: skip -->\n```sh\n```\n", 1),
    ("<!-- replay: slow -->\ntext\n```sh\n```\n", 1),
    ("\n<!-- replay: slow -->\n", 2),
    ("<!-- replay: slow -->\n<!-- replay: skip takes hours -->\n```sh\n```\n", 1),
    ("<!-- replay: output -->\n```sh\n```\n", 1),
    ("<!-- replay: slow -->\n```yaml\n```\n", 1),
    ("<!-- replay: figures of a -->\n", 1),
    ("<!-- replay: run\ntrue\n-->\n", 1),
    ("<!-- replay: table\na: b\n-->\n", 1),
    ("<!-- replay: run\n", 1),
    ("```sh\n", 1),
])
def test_a_mark_that_says_nothing_is_an_error(text, line):
    with pytest.raises(PageError) as error:
        steps_of(text)
    assert error.value.line == line


@pytest.mark.parametrize("text, values", [
    ("3.458 uJ", [3.458e-6]), ("2,078,117,888 conversions", [2078117888]), ("18.3 thousand images/s", [18300]), ("99.50 %", [0.995]),
    ("none", [0]), ("from 73.20 us to 23.44 us", [73.2e-6, 23.44e-6]), ("9 to 11.5 %", [0.09, 0.115]), ("1.5 and 2 uJ", [1.5e-6, 2e-6]),
    ("8.68 % (52 %)", [0.0868, 0.52]), ("169.3 M", [169.3e6]), ("12 MB", [12e6]), ("0.71x", [0.71]), ("2.04 x", [2.04]), ("1e-7", [1e-7]),
    ("32 x 32", [32, 32]), ("`conv1` has 3", [3]), ("28.0 dB", [28]), ("2.92 mm2", [2.92]), ("-0.5 points", [-0.005]), ("5 months", [5]),
])
def test_figures_as_people_write_them(text, values):
    assert [figure.value for figure in figures_in(text)] == pytest.approx(values, rel=1e-12)


@pytest.mark.parametrize("text, least, most", [("2.5", 2.45, 2.55), ("2.50", 2.495, 2.505), ("150,214,824", 150214823.5, 150214824.5),
                                               ("2.3 billion", 2.25e9, 2.35e9), ("10 %", 0.095, 0.105), ("7e-9", 6.5e-9, 7.5e-9)])
def test_a_figure_holds_what_rounds_to_it(text, least, most):
    figure, = figures_in(text)
    width = most - least
    assert all(figure.holds(value) for value in (least + 1e-3 * width, most - 1e-3 * width))
    assert not any(figure.holds(value) for value in (least - 1e-3 * width, most + 1e-3 * width))


def test_an_output_that_ends_early_differs():
    assert mismatch("a\nb", "a") == (1, "the end of the output")
    assert mismatch("", "a") is not None
    assert mismatch("a\n\nb", "\na  \n\nb\n\n") is None


def test_names_of_tables(tmp_path):
    (tmp_path / "table.csv").write_text("bits,name,energy\n3,a,1.5e-6\n4,a,2\n4,b,3\n")
    names = Names(tmp_path, "first image  73.2 us\n")
    assert names.evaluate('row("table.csv", "bits=4", "name=b").energy; printed("first image")', None) == [3, pytest.approx(73.2e-6)]
    with pytest.raises(LookupError, match="2 rows"):
        names.row("table.csv", "bits=4")


PAGE = """# A `heading`, and more
[right](#a-heading-and-more) [wrong](#a-heading) [file](other.md) [part](other.md#part-1) [none](none.md)
<img src="none.png"> [out](../out.md) [web](https://example.org/none) `[code](none.md)` [a
long one](other.md#part-2)

```
[code](none.md)
```
<!-- [comment](none.md) -->
"""


def test_links(tmp_path):
    (tmp_path / "out.md").write_text("")
    root = tmp_path / "repository"
    root.mkdir()
    (root / "page.md").write_text(PAGE)
    (root / "other.md").write_text("# Part\n## Part\n")
    assert [(line, text.split("'")[1]) for line, text in links.problems(root, "page.md")] == [
        (2, "#a-heading"), (2, "none.md"), (3, "none.png"), (3, "../out.md"), (4, "#part-2")]
