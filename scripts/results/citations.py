# SPDX-License-Identifier: Apache-2.0
"""The papers to cite for a run: those that its sources and the models it uses name.

citations.bib holds the entries. A paper is named by a sentence (`source:` of a section) or by the choice of a model.
"""
import dataclasses
import re
from pathlib import Path

_ENTRIES = Path(__file__).with_name("citations.bib")
_NAMED = (
    (r"\bISAAC\b", "shafiee2016isaac"),
    (r"\bSME\b|2103\.01705", "liu2021sme"),
    (r"\bSoBS", "liu2023sobsx"),
    (r"\bSRE\b", "yang2019sre"),
    (r"\bAndrulis\b|2404\.06553", "andrulis2024adc"),
    (r"\bMurmann\b", "murmann_adc_survey"),
    (r"\bKull\b", "kull2013adc"),
    (r"\bSaberi\b", "saberi2011dac"),
    (r"\bAladdin\b", "shao2014aladdin"),
)
_CHOSEN = {
    ("adc.model", "isaac"): ("shafiee2016isaac", "kull2013adc", "saberi2011dac"),
    ("adc.model", "survey"): ("andrulis2024adc", "murmann_adc_survey"),
    ("mapping.model", "bit_sliced"): ("liu2021sme",),
    ("mapping.model", "conventional"): ("shafiee2016isaac",),
    ("mapping.model", "operation_units"): ("yang2019sre",),
}


@dataclasses.dataclass(frozen=True)
class Citation:
    """`bibtex` is a whole entry, `reasons` the sections and models of the run that name the paper, sorted."""

    key: str
    bibtex: str
    reasons: tuple


def entries():
    """Key -> BibTeX entry, in the order of citations.bib."""
    text = _ENTRIES.read_text(encoding="utf-8")
    return {re.match(r"@\w+\{([^,]+),", entry).group(1): entry.strip() for entry in re.split(r"\n\n(?=@)", text)}


def cited(config):
    """[Citation] for a run's config (key -> Setting), in the order of citations.bib."""
    reasons = {}
    for key, setting in config.items():
        section = key.split(".")[0]
        for pattern, name in _NAMED:
            if re.search(pattern, setting.source):
                reasons.setdefault(name, set()).add(section)
        for name in _CHOSEN.get((key, setting.value), ()):
            reasons.setdefault(name, set()).add(f"{key}: {setting.value}")
    return [Citation(key, text, tuple(sorted(reasons[key]))) for key, text in entries().items() if key in reasons]
