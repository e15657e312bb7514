// SPDX-License-Identifier: Apache-2.0
#include "sim/report/report_template.h"

namespace squeezebar {

const char* const kReportTemplate = R"html(
<p class="verdict">{{verdict}}</p>
<div class="cards">
{{#cards}}
<div class="card"><h3>{{label}}</h3>
<div class="figure">{{figure}}</div>
<ul>{{#details}}<li>{{.}}</li>{{/details}}</ul></div>
{{/cards}}
</div>
<section class="notes">
<h2>Read this with the figures</h2>
<ul>
{{#notes}}
<li>{{.}}</li>
{{/notes}}
</ul>
</section>
{{>chart_sections}}
<section>
<h2>Layers</h2>
<p class="hint">Counts over all images. Energy is that of counted actions, without leakage.</p>
<div class="scroll">
<table>
<thead><tr>
<th>layer</th>
<th>operator</th>
<th class="n">rows</th>
<th class="n">columns</th>
<th class="n">waves</th>
<th class="n">row groups</th>
<th class="n">crossbars</th>
<th class="n">bit-cycles</th>
<th class="n">conversions</th>
<th class="n">clipped</th>
<th class="n">energy</th>
<th class="n">time</th>
</tr></thead>
<tbody>
{{#layers}}
<tr>
<td>{{name}}</td>
<td>{{op}}</td>
<td class="n">{{rows}}</td>
<td class="n">{{columns}}</td>
<td class="n">{{waves}}</td>
<td class="n">{{row_groups}}</td>
<td class="n">{{crossbars}}</td>
<td class="n">{{bit_cycles}}</td>
<td class="n">{{conversions}}</td>
<td class="n">{{clipped}}</td>
<td class="n">{{energy}}</td>
<td class="n">{{time}}</td></tr>
{{/layers}}
</tbody>
</table>
</div>
</section>
<section>
<h2>Layout of the layers</h2>
<p class="hint">Squeezed: row groups by the bit planes that were squeezed out of them; weight error: squared,
relative to the squared weights. Load: cycles per image for which a tile's row groups compute.</p>
<div class="scroll">
<table>
<thead><tr>
<th>layer</th>
<th class="n">row groups</th>
<th class="n">replicas</th>
<th class="n">crossbars</th>
<th class="n">with replicas</th>
<th class="n">tiles</th>
<th class="n">largest load</th>
<th class="n">mean load</th>
<th class="n">squeezed</th>
<th class="n">weight error</th>
<th class="n">index bits</th>
</tr></thead>
<tbody>
{{#mapping}}
<tr>
<td>{{name}}</td>
<td class="n">{{row_groups}}</td>
<td class="n">{{replicas}}</td>
<td class="n">{{crossbars}}</td>
<td class="n">{{replicated}}</td>
<td class="n">{{tiles}}</td>
<td class="n">{{load_max}}</td>
<td class="n">{{load_mean}}</td>
<td class="n">{{squeezed}}</td>
<td class="n">{{error}}</td>
<td class="n">{{index}}</td></tr>
{{/mapping}}
</tbody>
</table>
</div>
</section>
{{#has_stalls}}
<section>
<h2>Where the time of the row groups went</h2>
<p class="hint">Stalls in chip cycles, by what was waited for, over all row groups and
replicas (or the vector unit). The times of a lane sum to the run, up to its last event.</p>
<div class="scroll">
<table>
<thead><tr>
<th>layer</th>
<th class="n">bit-cycles</th>
<th class="n">skipped</th>
<th class="n">busy</th>
<th class="n">stalled: input</th>
<th class="n">stalled: partial sums</th>
<th class="n">stalled: output</th>
<th class="n">idle</th>
</tr></thead>
<tbody>
{{#stalls}}
<tr>
<td>{{name}}</td>
<td class="n">{{bit_cycles}}</td>
<td class="n">{{skipped}}</td>
<td class="n">{{busy}}</td>
<td class="n">{{input}}</td>
<td class="n">{{partial_sum}}</td>
<td class="n">{{output}}</td>
<td class="n">{{idle}}</td></tr>
{{/stalls}}
</tbody>
</table>
</div>
</section>
{{/has_stalls}}
<div class="pair">
<section>
<h2>Crossbars</h2>
<p class="hint">Physical arrays of the whole network and of its convolutions.</p>
<div class="scroll">
<table>
<thead><tr><th>count</th><th class="n">all layers</th><th class="n">convolutions</th></tr></thead>
<tbody>
{{#crossbars}}
<tr><td>{{name}}</td><td class="n">{{total}}</td><td class="n">{{conv}}</td></tr>
{{/crossbars}}
</tbody>
</table>
</div>
</section>
{{#has_index}}
<section>
<h2>Index storage</h2>
<p class="hint">What the mapping must remember beside the weights, in bits.</p>
<div class="scroll">
<table>
<thead><tr><th>what</th><th class="n">bits</th></tr></thead>
<tbody>
{{#index}}
<tr><td>{{name}}</td><td class="n">{{bits}}</td></tr>
{{/index}}
</tbody>
</table>
</div>
</section>
{{/has_index}}
{{#has_adc_saving}}
<section>
<h2>ADC bits that crossbars need</h2>
<p class="hint">Fewest bits that clip nothing, and as D.U.B. counts them; one replica.</p>
<div class="scroll">
<table>
<thead><tr><th class="n">bits</th><th class="n">crossbars</th><th class="n">D.U.B.</th></tr></thead>
<tbody>
{{#adc_need}}
<tr><td class="n">{{bits}}</td><td class="n">{{exact}}</td><td class="n">{{dub}}</td></tr>
{{/adc_need}}
</tbody>
</table>
</div>
</section>
{{/has_adc_saving}}
<section>
<h2>Peak figures</h2>
<p class="hint">From the configuration alone: every crossbar full and busy.</p>
<div class="scroll">
<table class="facts">
{{#peak}}
<tr><th>{{name}}</th><td>{{value}}</td></tr>
{{/peak}}
</table>
</div>
</section>
</div>
{{#has_adc_saving}}
<section>
<h2>What a resolution for each crossbar saves</h2>
<p class="hint">{{adc_saving_hint}}</p>
<div class="scroll">
<table>
<thead><tr>
<th>ADC model</th>
<th class="n">by crossbars</th>
<th class="n">D.U.B.</th>
<th class="n">by conversions</th>
<th class="n">D.U.B.</th>
</tr></thead>
<tbody>
{{#adc_saving}}
<tr>
<td>{{name}}</td>
<td class="n">{{exact}}</td>
<td class="n">{{dub}}</td>
<td class="n">{{weighted_exact}}</td>
<td class="n">{{weighted_dub}}</td></tr>
{{/adc_saving}}
</tbody>
</table>
</div>
</section>
{{/has_adc_saving}}
<section>
<h2>Run</h2>
<div class="scroll">
<table class="facts">
{{#facts}}
<tr><th>{{name}}</th><td>{{value}}</td></tr>
{{/facts}}
{{#hashes}}
<tr><th>{{name}}</th><td><code>{{value}}</code></td></tr>
{{/hashes}}
</table>
</div>
</section>
{{#has_sources}}
<section>
<h2>Where the numbers come from</h2>
<div class="scroll">
<table class="facts">
{{#sources}}
<tr><th>{{name}}</th><td>{{value}}</td></tr>
{{/sources}}
</table>
</div>
</section>
{{/has_sources}}
{{#has_config}}
<section>
<h2>Configuration</h2>
<p class="hint">Every value of the run and where it was given.</p>
<div class="scroll">
<table>
<thead><tr><th>key</th><th>value</th><th>origin</th></tr></thead>
<tbody>
{{#config}}
<tr><td><code>{{key}}</code></td><td>{{value}}</td><td class="soft">{{origin}}</td></tr>
{{/config}}
</tbody>
</table>
</div>
</section>
{{/has_config}}
)html";

}  // namespace squeezebar
