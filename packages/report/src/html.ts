import type { Assessment } from '@postern/core';
import { byUrgency, nameOf } from './headline.ts';
import { adviceSection } from './html/advice.ts';
import { claimsSection } from './html/claims.ts';
import { coverageSection } from './html/coverage.ts';
import { custodySection } from './html/custody.ts';
import { findingsSection } from './html/findings.ts';
import { impactSection } from './html/impact.ts';
import { implantsSection, operatorsSection } from './html/implants.ts';
import { t } from './html/parts.ts';
import { style } from './html/style.ts';
import { timeSection } from './html/time.ts';
import { hostsPart, overviewTable, serverSection } from './html/verdict.ts';
import { page } from './html/words.ts';
import { words } from './words.ts';

/** Nothing may be loaded, run or sent: the report is a document. */
const policy = "default-src 'none'; style-src 'unsafe-inline'; base-uri 'none'; form-action 'none'";

/**
 * `report.html` in pieces: one self-contained page without scripts; deterministic. The first screen says what happened
 * and what to do next; below stands what that rests on. Everything of the evidence is escaped and made harmless.
 */
export function* renderHtml(assessment: Assessment): Generator<string> {
  const servers = byUrgency(assessment.servers);
  const [worst] = servers;
  const title = worst === undefined ? 'Postern' : `Postern · ${nameOf(worst)}`;
  yield `<!doctype html>
<html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1">
<meta http-equiv="Content-Security-Policy" content="${policy}">
<title>${t(title)}</title><style>${style}</style></head><body><main>
`;
  const texts = sections.map((section) => section(assessment));
  yield top(assessment, texts);
  yield overviewTable(servers);
  for (const server of servers) yield serverSection(assessment, server, server === worst);
  yield hostsPart(assessment);
  for (const text of texts) yield `\n${text}`;
  yield `</main><footer>TLP:${t(assessment.tlp)}</footer></body></html>\n`;
}

const sections = [
  adviceSection,
  timeSection,
  implantsSection,
  operatorsSection,
  coverageSection,
  impactSection,
  findingsSection,
  claimsSection,
  custodySection,
] as const;

/** Product, TLP and links to those sections that there are. */
function top(assessment: Assessment, texts: readonly string[]): string {
  const packs = assessment.packs.map((pack) => `${pack.id} ${pack.version}`).join(', ');
  const links = page.nav
    .filter(([anchor]) => texts.some((text) => text.startsWith(`<section id="${anchor}">`)))
    .map(([anchor, title]) => `<a href="#${anchor}">${t(title)}</a>`)
    .join('');
  const stopped = assessment.complete ? '' : `<p class="danger"><strong>${t(words.incomplete)}</strong></p>`;
  return `<header class="top"><span>postern ${t(assessment.generator.version)} · ${t(packs)} · ${t(words.utc)}</span><strong class="tlp">TLP:${t(assessment.tlp)}</strong></header><nav>${links}</nav>${stopped}`;
}
