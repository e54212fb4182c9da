/** The report's style: calm type, two weights, one accent for danger; numbers right-aligned; prints as it stands. */
export const style = `
:root { color-scheme: light dark; --ink: #1c2024; --soft: #5b6570; --line: #d9dee3; --paper: #ffffff; --wash: #f5f7f9; --danger: #b3261e; --ok: #3a7d44; --amber: #9a6700; --grey: #b3bcc5; --bar: #7fae88; --link: #1f5fa8; }
@media screen and (prefers-color-scheme: dark) { :root { --ink: #e6e9ec; --soft: #9aa4ae; --line: #353c43; --paper: #15181b; --wash: #1d2226; --danger: #ff8a80; --ok: #7fc98b; --amber: #e0b354; --grey: #59636d; --bar: #3f7a4b; --link: #8ab8ee; } }
* { box-sizing: border-box; }
body { margin: 0; background: var(--paper); color: var(--ink); font: 15px/1.5 system-ui, "Segoe UI", Roboto, "Helvetica Neue", Arial, sans-serif; }
main { max-width: 1120px; margin: 0 auto; padding: 22px 24px 60px; }
header.top { display: flex; justify-content: space-between; gap: 16px; color: var(--soft); font-size: 13px; border-bottom: 1px solid var(--line); padding-bottom: 8px; }
header.top .tlp { color: var(--ink); white-space: nowrap; }
nav { display: flex; flex-wrap: wrap; gap: 2px 16px; margin: 8px 0 0; font-size: 13px; }
a { color: var(--link); text-decoration: none; }
a:hover { text-decoration: underline; }
h1 { font-size: 27px; line-height: 1.2; margin: 2px 0 10px; font-weight: 600; }
h2 { font-size: 19px; margin: 40px 0 10px; padding-top: 12px; border-top: 1px solid var(--line); font-weight: 600; }
h3 { font-size: 15px; margin: 18px 0 6px; font-weight: 600; }
p { margin: 6px 0; max-width: 84ch; }
.soft { color: var(--soft); }
.danger, strong.bad { color: var(--danger); }
strong.unsure { color: var(--amber); }
strong.calm { color: var(--link); }
.verdict { margin: 18px 0 4px; padding: 16px 22px; border-left: 6px solid var(--grey); background: var(--wash); }
.verdict.bad { border-color: var(--danger); }
.verdict.unsure { border-color: var(--amber); }
.verdict.calm { border-color: var(--link); }
.verdict .server, .verdict .step { color: var(--soft); margin: 0; max-width: none; }
.verdict .step { margin-top: 10px; font-size: 14px; }
.verdict.bad h1, .verdict.bad .step strong { color: var(--danger); }
.verdict.unsure .step strong { color: var(--amber); }
.verdict.calm .step strong { color: var(--link); }
dl { display: grid; grid-template-columns: max-content 1fr; gap: 3px 16px; margin: 0; }
dt { color: var(--soft); }
dd { margin: 0; }
.glance { display: grid; grid-template-columns: minmax(0, 3fr) minmax(0, 2fr); gap: 0 36px; }
.glance ol, .glance ul { margin: 4px 0; padding-left: 22px; }
.glance li { margin: 0 0 5px; }
ol.why a, .glance ol a { color: inherit; text-decoration: underline; text-decoration-color: var(--line); text-underline-offset: 3px; }
ol.why .at { color: var(--soft); font-variant-numeric: tabular-nums; }
table { border-collapse: collapse; width: 100%; font-size: 14px; margin: 8px 0 4px; }
th, td { text-align: left; vertical-align: top; padding: 6px 14px 6px 0; border-bottom: 1px solid var(--line); }
th { font-weight: 600; color: var(--soft); font-size: 12.5px; }
td.n, th.n { text-align: right; font-variant-numeric: tabular-nums; white-space: nowrap; }
td.t { white-space: nowrap; font-variant-numeric: tabular-nums; }
th.at, td.at, th.lane, td.lane { width: 1%; white-space: nowrap; font-variant-numeric: tabular-nums; }
th.wide { width: 34%; }
th.mid { width: 16%; }
td:last-child, th:last-child { padding-right: 0; }
code, pre { font: 12.5px/1.5 ui-monospace, "Cascadia Mono", Consolas, "DejaVu Sans Mono", monospace; }
code, td { overflow-wrap: anywhere; }
pre { background: var(--wash); border: 1px solid var(--line); padding: 8px 10px; margin: 6px 0; white-space: pre-wrap; overflow-wrap: anywhere; }
ol.do { padding-left: 26px; }
ol.do > li { margin: 0 0 18px; }
ul.steps { list-style: none; padding: 0; margin: 4px 0; }
ul.steps > li { display: flex; gap: 10px; margin: 6px 0; }
ul.steps > li > div { flex: 1; min-width: 0; }
.box { flex: none; width: 15px; height: 15px; border: 1.5px solid var(--soft); margin-top: 4px; }
ul.plain { margin: 4px 0; padding-left: 20px; }
.tag { display: inline-block; border: 1px solid var(--line); border-radius: 3px; padding: 0 6px; font-size: 12px; color: var(--soft); white-space: nowrap; }
.tag.direct, .tag.shared { border-color: var(--danger); color: var(--danger); }
details { border-bottom: 1px solid var(--line); padding: 7px 0; }
summary { cursor: pointer; }
summary .when { color: var(--soft); font-variant-numeric: tabular-nums; margin-right: 8px; }
table.bars td { vertical-align: middle; padding-top: 4px; padding-bottom: 4px; }
table.bars td:nth-child(2) { width: 46%; }
details > p { max-width: none; }
.scroll { overflow-x: auto; }
.paper { display: none; }
.glance details { border: 0; padding: 0; }
.bar, .axis { position: relative; height: 13px; min-width: 240px; }
.bar { background: var(--wash); }
.bar span { position: absolute; top: 0; bottom: 0; }
.axis { font-size: 12px; color: var(--soft); height: 16px; }
.axis span { position: absolute; top: 0; white-space: nowrap; border-left: 1px solid var(--grey); padding-left: 3px; line-height: 16px; }
.covered { background: var(--bar); }
.removed { background: var(--danger); }
.gap { background: repeating-linear-gradient(135deg, var(--grey) 0 3px, transparent 3px 7px); }
.quiet { background: var(--line); }
.legend { font-size: 13px; color: var(--soft); max-width: none; }
.legend .key { display: inline-block; width: 22px; height: 11px; margin: 0 6px 0 14px; vertical-align: -1px; }
.legend .key:first-child { margin-left: 0; }
svg { width: 100%; height: auto; display: block; margin: 10px 0; }
svg text { font-size: 12px; fill: var(--ink); }
svg .tick { fill: var(--soft); font-size: 11px; }
svg .grid { stroke: var(--line); stroke-width: 1; }
svg .phase { fill: var(--wash); stroke: var(--line); }
svg .open { fill: var(--danger); fill-opacity: 0.28; }
svg .fixed { fill: var(--ok); fill-opacity: 0.28; }
svg .operator { fill: var(--danger); fill-opacity: 0.28; stroke: var(--danger); stroke-width: 0.7; }
svg .used { fill: var(--danger); fill-opacity: 0.65; }
svg .placed { fill: var(--danger); stroke: var(--paper); }
svg .event { fill: var(--ok); }
svg .statement { fill: none; stroke: var(--soft); stroke-width: 1.4; }
.bar, .bar span, .key, .verdict, .tag { print-color-adjust: exact; -webkit-print-color-adjust: exact; }
footer { display: none; }
@media screen and (max-width: 760px) {
  main { padding: 16px 14px 40px; }
  .glance { grid-template-columns: 1fr; }
  .verdict { padding: 14px 16px; }
  td.t, td.at, td.lane { white-space: normal; overflow-wrap: normal; }
  td.at { min-width: 6.5em; }
  table.many { min-width: 760px; }
  .scroll > svg { min-width: 760px; }
  .bar, .axis { min-width: 150px; }
}
@page { margin: 14mm 12mm 16mm; @bottom-left { content: counter(page) " / " counter(pages); font: 9px sans-serif; color: #5b6570; } }
@media print {
  body { font-size: 11px; }
  main { max-width: none; padding: 0 0 24px; }
  nav { display: none; }
  table, pre, code { font-size: 10px; }
  .axis, .tag, .legend, th { font-size: 8.5px; }
  h1 { font-size: 20px; }
  h2 { font-size: 14px; margin-top: 22px; }
  h3, .verdict .step { font-size: 11.5px; }
  tr, .verdict, ul.steps > li, svg { break-inside: avoid; }
  thead { display: table-header-group; }
  h2, h3, summary { break-after: avoid; }
  ol.do > li > strong { break-after: avoid; }
  details:not(.screen)::details-content { content-visibility: visible; block-size: auto; }
  details:not(.screen) > summary { list-style: none; }
  .screen details:not([open])::details-content { content-visibility: hidden; block-size: 0; }
  .rest { display: none; }
  .paper { display: block; }
  .scroll { overflow: visible; }
  footer { display: block; position: fixed; bottom: 0; right: 0; font-size: 10px; background: var(--paper); }
}
`;
