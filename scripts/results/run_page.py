# SPDX-License-Identifier: Apache-2.0
"""The interactive report of one run, as one HTML text."""
import dataclasses
import json

from plotly.utils import PlotlyJSONEncoder

from results import citations, run_facts
from results.pages import embedded, page
from results.sections import sections_of


def run_page(run):
    """HTML of the report of `run` (Run); the same run gives the same text."""
    sections, charts = _numbered(sections_of(run))
    links = [(section.key, section.title.split(" and ")[0]) for section in sections]
    return page(
        "run.html.j2",
        ("run.js",),
        title=f"{run.summary['workload']} on a simulated ReRAM chip",
        version=run.summary["tool_version"],
        links=[*links, ("config", "Config"), ("citations", "Citations")],
        verdict=run_facts.verdict(run),
        cards=run_facts.cards(run),
        notes=run_facts.notes(run),
        sections=sections,
        config=_groups(run.config),
        citations=citations.cited(run.config),
        charts=embedded(charts),
        seed=run.summary["seed"],
        hashes=sorted(run.summary.get("config_hash", {}).items()),
        workload_hash=run.summary.get("workload_hash", ""),
    )


def _numbered(sections):
    """The sections with (element id, chart) for each chart, and what the page's script needs of all charts."""
    charts, found = [], []
    for section in sections:
        named = [(f"chart-{section.key}-{number}", chart) for number, chart in enumerate(section.charts)]
        charts += [{"id": name, "height": chart.height, "figure": _plain(chart.figure)} for name, chart in named]
        found.append(dataclasses.replace(section, charts=tuple(named)))
    return found, charts


def _plain(figure):
    """A figure as JSON types, without Plotly's default template: the page has its own."""
    figure.layout.template = None
    return json.loads(json.dumps(figure.to_plotly_json(), cls=PlotlyJSONEncoder))


@dataclasses.dataclass(frozen=True)
class _Group:
    name: str
    source: str
    rows: list


def _groups(config):
    """The settings by section, in the order of the file."""
    groups = {}
    for key, setting in config.items():
        name = key.split(".")[0]
        groups.setdefault(name, _Group(name, setting.source, [])).rows.append((key, setting))
    return list(groups.values())
