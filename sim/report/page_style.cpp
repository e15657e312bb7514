// SPDX-License-Identifier: Apache-2.0
#include "sim/report/html_page.h"

namespace squeezebar {

// The palette is that of Okabe and Ito (2008), told apart with every common colour blindness; yellow comes
// last because it is faint on white.
const char* const kPageStyle = R"css(
:root {
  color-scheme: light dark;
  --page: #f6f7f9; --card: #ffffff; --text: #1b2430; --soft: #5b6675; --line: #d9dee5;
  --note: #fff6df; --note-line: #d9a400;
  --c0: #0072b2; --c1: #e69f00; --c2: #009e73; --c3: #d55e00; --c4: #56b4e9; --c5: #cc79a7;
  --c6: #7a5195; --c7: #e3d22e; --c8: #9aa3ad;
}
@media (prefers-color-scheme: dark) {
  :root {
    --page: #12161c; --card: #1b212a; --text: #e6eaf0; --soft: #9eabbb; --line: #323b48;
    --note: #2f2915; --note-line: #d9a400;
    --c0: #3a9bdc; --c1: #f0ae2e; --c2: #1fb88c; --c3: #ee7733; --c4: #8cd0f5; --c5: #dd93bd;
    --c6: #a986c9; --c7: #f0e442; --c8: #6d7784;
  }
}
* { box-sizing: border-box; }
body { margin: 0; background: var(--page); color: var(--text); font: 15px/1.5 system-ui, sans-serif; }
body { overflow-wrap: break-word; }
main { max-width: 1080px; margin: 0 auto; padding: 24px 20px 48px; }
h1 { font-size: 26px; line-height: 1.2; margin: 0 0 8px; }
h2 { font-size: 18px; margin: 0 0 4px; }
p { margin: 0 0 12px; }
.soft, caption, .hint { color: var(--soft); }
.hint { font-size: 13px; margin-bottom: 10px; }
.verdict { font-size: 16px; max-width: 75ch; }
section, .card { background: var(--card); border: 1px solid var(--line); border-radius: 8px; }
section { padding: 16px 18px; margin: 16px 0; }
.cards { display: grid; gap: 12px; grid-template-columns: repeat(auto-fit, minmax(225px, 1fr)); }
.cards { margin: 18px 0; }
.card { padding: 12px 14px; }
.card h3 { font-size: 13px; font-weight: 600; color: var(--soft); margin: 0; }
.card .figure { font-size: 23px; font-weight: 650; line-height: 1.35; font-variant-numeric: tabular-nums; }
.card ul { list-style: none; margin: 2px 0 0; padding: 0; font-size: 13px; color: var(--soft); }
.notes { background: var(--note); border-left: 4px solid var(--note-line); }
.notes ul { margin: 4px 0 0; padding-left: 20px; }
.pair { display: grid; grid-template-columns: repeat(auto-fit, minmax(min(420px, 100%), 1fr)); gap: 0 16px; }
.pair > *, .cards > * { min-width: 0; }
.scroll { overflow-x: auto; }
svg[role=img] { display: block; width: 100%; min-width: 620px; height: auto; overflow: visible; }
svg text { fill: var(--text); font: 13px system-ui, sans-serif; }
svg .label { text-anchor: end; }
svg rect { stroke: var(--card); stroke-width: 0.6; }
.c0 { fill: var(--c0); } .c1 { fill: var(--c1); } .c2 { fill: var(--c2); }
.c3 { fill: var(--c3); } .c4 { fill: var(--c4); } .c5 { fill: var(--c5); }
.c6 { fill: var(--c6); } .c7 { fill: var(--c7); } .c8 { fill: var(--c8); }
.legend { list-style: none; display: flex; flex-wrap: wrap; gap: 4px 16px; padding: 0; margin: 6px 0 8px; }
.legend { font-size: 13px; }
.legend svg { width: 12px; height: 12px; margin-right: 6px; vertical-align: -1px; }
table { border-collapse: collapse; width: 100%; font-size: 13px; font-variant-numeric: tabular-nums; }
th, td { padding: 4px 10px 4px 0; text-align: left; vertical-align: top; }
th, td { border-bottom: 1px solid var(--line); }
thead th { color: var(--soft); font-weight: 600; vertical-align: bottom; }
.n { text-align: right; white-space: nowrap; }
thead .n { white-space: normal; }
.facts th { font-weight: 500; color: var(--soft); white-space: nowrap; width: 1%; padding-right: 24px; }
.facts td { overflow-wrap: anywhere; min-width: 14ch; }
code { font: 12.5px ui-monospace, monospace; overflow-wrap: anywhere; }
footer { color: var(--soft); font-size: 13px; margin-top: 24px; }
@media (max-width: 600px) {
  main { padding: 16px 12px 32px; }
  section { padding: 13px 12px; }
  .scroll { padding-bottom: 8px; }
  .facts th { white-space: normal; padding-right: 12px; }
}
@media print {
  :root { --page: #ffffff; --card: #ffffff; --text: #000000; --soft: #444444; --line: #bbbbbb;
    --note: #ffffff; }
  body { font-size: 11px; }
  main { max-width: none; padding: 0; }
  section { break-inside: auto; border: 0; padding: 0; }
  svg[role=img] { min-width: 0; }
  svg, .card, tr { break-inside: avoid; }
  * { print-color-adjust: exact; -webkit-print-color-adjust: exact; }
}
)css";

}  // namespace squeezebar
