# SPDX-License-Identifier: Apache-2.0
"""Self-contained HTML pages: template, style, scripts and data in one file, which loads nothing from elsewhere."""
import json
from pathlib import Path

import jinja2
from markupsafe import Markup
from plotly.offline import get_plotlyjs

from results.palette import DARK

_FOLDER = Path(__file__).with_name("page")


def page(template, scripts, **values):
    """The HTML text of `template`; `scripts` are the names of the page's own scripts, in their order."""
    environment = jinja2.Environment(
        loader=jinja2.FileSystemLoader(_FOLDER), autoescape=True, trim_blocks=True, undefined=jinja2.StrictUndefined
    )
    return (
        environment.get_template(template).render(
            css=Markup(_text("base.css") + "".join(_text(name) for name in values.pop("styles", ()))),
            script=Markup("\n".join(_text(name) for name in ("base.js", *scripts))),
            plotly=Markup(get_plotlyjs()),
            dark_colours=embedded(DARK),
            **values,
        )
        + "\n"
    )


def embedded(value, **options):
    """`value` as JSON that may stand in a <script> element, whatever its texts hold."""
    text = json.dumps(value, allow_nan=False, ensure_ascii=False, separators=(",", ":"), **options)
    return Markup(text.replace("<", "\\u003c").replace("\u2028", "\\u2028").replace("\u2029", "\\u2029"))


def _text(name):
    return (_FOLDER / name).read_text(encoding="utf-8")
