/** The report's style: calm type, two weights, one accent for danger; numbers right-aligned; prints as it stands. */
export const style = `
:root { color-scheme: light dark; --ink: #1c2024; --soft: #5b6570; --line: #d9dee3; --paper: #ffffff; --wash: #f5f7f9; --danger: #b3261e; --ok: #3a7d44; --amber: #9a6700; --grey: #9aa4ae; }
@media (prefers-color-scheme: dark) { :root { --ink: #e6e9ec; --soft: #9aa4ae; --line: #353c43; --paper: #15181b; --wash: #1d2226; --danger: #ff8a80; --ok: #7fc98b; --amber: #e0b354; --grey: #69737d; } }
* { box-sizing: border-box; }
body { margin: 0; background: var(--paper); color: var(--ink); font: 15px/1.55 system-ui, "Segoe UI", Roboto, "Helvetica Neue", Arial, sans-serif; }
main { max-width: 1080px; margin: 0 auto; padding: 28px 24px 80px; }
header.top { display: flex; justify-content: space-between; gap: 16px; color: var(--soft); font-size: 13px; border-bottom: 1px solid var(--line); padding-bottom: 10px; }
h1 { font-size: 30px; line-height: 1.2; margin: 8px 0 4px; font-weight: 600; }
h2 { font-size: 19px; margin: 44px 0 12px; padding-top: 12px; border-top: 1px solid var(--line); font-weight: 600; }
h3 { font-size: 15px; margin: 20px 0 6px; font-weight: 600; }
p { margin: 6px 0; max-width: 78ch; }
.soft { color: var(--soft); }
.danger { color: var(--danger); }
.verdict { margin: 26px 0 8px; padding: 20px 22px; border-left: 5px solid var(--grey); background: var(--wash); }
.verdict.bad { border-color: var(--danger); }
.verdict.unsure { border-color: var(--amber); }
.verdict.fine { border-color: var(--ok); }
.verdict .server { color: var(--soft); }
.verdict.bad h1 { color: var(--danger); }
table { border-collapse: collapse; width: 100%; font-size: 14px; margin: 8px 0 4px; }
th, td { text-align: left; vertical-align: top; padding: 6px 12px 6px 0; border-bottom: 1px solid var(--line); }
th { font-weight: 600; color: var(--soft); font-size: 12.5px; }
td.n, th.n { text-align: right; font-variant-numeric: tabular-nums; white-space: nowrap; }
td.t { white-space: nowrap; font-variant-numeric: tabular-nums; }
code, pre { font: 12.5px/1.5 ui-monospace, "Cascadia Mono", Consolas, "DejaVu Sans Mono", monospace; }
code { overflow-wrap: anywhere; }
pre { background: var(--wash); border: 1px solid var(--line); padding: 8px 10px; margin: 6px 0; white-space: pre-wrap; overflow-wrap: anywhere; }
ol.do > li { margin: 0 0 18px; }
ul.plain { margin: 4px 0; padding-left: 20px; }
.tag { display: inline-block; border: 1px solid var(--line); border-radius: 3px; padding: 0 6px; font-size: 12px; color: var(--soft); white-space: nowrap; }
.tag.direct { border-color: var(--danger); color: var(--danger); }
details { border-bottom: 1px solid var(--line); padding: 8px 0; }
summary { cursor: pointer; }
summary .when { color: var(--soft); font-variant-numeric: tabular-nums; margin-right: 10px; }
.bar { position: relative; height: 14px; background: var(--wash); border: 1px solid var(--line); min-width: 260px; }
.bar span { position: absolute; top: 0; bottom: 0; background: var(--ok); }
.bar span.gap { background: var(--grey); }
.bar span.removed { background: var(--danger); }
.axis { display: flex; justify-content: space-between; color: var(--soft); font-size: 12px; min-width: 260px; }
.box { width: 15px; height: 15px; border: 1px solid var(--soft); display: inline-block; margin-right: 8px; vertical-align: -2px; }
nav a { color: inherit; margin-right: 14px; font-size: 13px; }
@media print { body { font-size: 11.5px; } main { max-width: none; padding: 0; } nav { display: none; } details { break-inside: avoid; } h2 { break-after: avoid; } }
`;
