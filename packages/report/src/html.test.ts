import type { Assessment } from '@postern/core';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { propertyRuns } from '../../../testing/properties.ts';
import { renderHtml } from './html.ts';
import { hostile, hostileTexts } from './testing/hostile.ts';
import { anyAssessment, poisoned } from './testing/json-schema.ts';
import { plainText, readMarkup, type Tag } from './testing/markup.ts';
import { compromised } from './testing/compromised.ts';
import { assessment, finding, withVerdict } from './testing/parts.ts';
import { samples } from './testing/samples.ts';
import { renderTerminal } from './terminal.ts';
import { words } from './words.ts';

function render(given: Assessment): string {
  return [...renderHtml(given)].join('');
}

const tagsAllowed = new Set(
  'html head meta title style body main header span strong nav a p section h1 h2 h3 div dl dt dd ol ul li br wbr table thead tbody tr th td code pre details summary time footer svg g line rect circle text'.split(
    ' ',
  ),
);
const attributesAllowed = new Set(
  'lang charset name content http-equiv class id href style title datetime viewBox role aria-label x y x1 x2 y1 y2 cx cy r width height transform text-anchor value'.split(
    ' ',
  ),
);

/** What is wrong with a page: a tag, attribute or value that we never write. */
function objections(html: string): readonly string[] {
  const { tags, text } = readMarkup(html);
  // oxlint-disable-next-line no-control-regex -- these are the characters that must not be there
  const control = /[\u0000-\u0008\u000b-\u001f\u007f-\u009f\u202a-\u202e\u2066-\u2069]/.exec(html);
  const loose = /&(?!(?:amp|lt|gt|quot|#39);)/.exec(text);
  return [
    ...tags.filter(({ name }) => !tagsAllowed.has(name)).map(({ name }) => `tag ${name}`),
    ...tags.flatMap(attributeObjections),
    ...unbalanced(tags),
    ...(control === null ? [] : ['control character']),
    ...(loose === null ? [] : [`loose & at ${text.slice(loose.index, loose.index + 20)}`]),
  ];
}

function attributeObjections({ name, attributes }: Tag): readonly string[] {
  return [...attributes].flatMap(([attribute, value]) => {
    if (!attributesAllowed.has(attribute)) return [`attribute ${attribute}`];
    if (attribute === 'href' && !/^#[A-Za-z0-9-]*$/.test(value)) return [`href ${value}`];
    if (attribute === 'style' && !/^left:[\d.]+%(?:;width:[\d.]+%)?$/.test(value)) return [`style ${value}`];
    if (attribute === 'id' && !/^[A-Za-z0-9-]*$/.test(value)) return [`id ${value}`];
    const isName = attribute === 'name' || attribute === 'http-equiv' || attribute === 'content';
    return isName && name !== 'meta' ? [`${attribute} on ${name}`] : [];
  });
}

function unbalanced(tags: readonly Tag[]): readonly string[] {
  const open: string[] = [];
  for (const { name, kind } of tags) {
    if (kind === 'open') open.push(name);
    if (kind === 'close' && open.pop() !== name) return [`</${name}> closes another`];
  }
  return open.map((name) => `<${name}> stays open`);
}

describe('renderHtml', () => {
  it.each(Object.entries(samples))('writes %s as plain, balanced markup', (_, given) => {
    expect(objections(render(given))).toEqual([]);
  });

  it.each(hostileTexts)('escapes %j in every string of an assessment', (text) => {
    for (const given of Object.values(samples)) {
      expect(objections(render(poisoned(given, text, true)))).toEqual([]);
      expect(objections(render(poisoned(given, text, false)))).toEqual([]);
    }
  });

  it('escapes any assessment', () => {
    fc.assert(
      fc.property(anyAssessment(hostile), (given) => {
        expect(objections(render(given))).toEqual([]);
      }),
      propertyRuns(0.5),
    );
  });

  it('loads, runs and sends nothing', () => {
    const html = render(compromised);
    expect(html).toContain(
      `<meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'; base-uri 'none'; form-action 'none'">`,
    );
    expect(html).not.toMatch(
      /<(?:script|img|link|iframe|form|object|embed)|@import|url\(|https?:\/\/(?!schemas)/i,
    );
  });

  it('is the same for the same assessment', () => {
    expect(render(structuredClone(compromised))).toBe(render(compromised));
  });

  it('has its sections in order', () => {
    const ids = [...render(compromised).matchAll(/<section id="([a-z]+)">/g)].map(([, id]) => id);
    expect(ids).toEqual([
      'advice',
      'time',
      'implants',
      'operators',
      'coverage',
      'impact',
      'findings',
      'claims',
      'custody',
    ]);
  });

  it('says verdict, door, TLP, why and what to do first before anything else', () => {
    const html = render(compromised);
    const first = plainText(readMarkup(html.slice(0, html.indexOf('<section id="advice">'))).text);
    for (const text of [
      'TLP:AMBER+STRICT',
      'COMPROMISED',
      'Intruders got in.',
      'open until 9 Mar 2021',
      'confidence high',
      'Do first',
      'Preserve memory',
      'owa\\auth\\Kw3pQz8a.aspx',
    ])
      expect(first).toContain(text);
  });

  it('has each reason of the terminal under the same number', () => {
    const html = plainText(readMarkup(render(compromised).replaceAll(/<li value="(\d+)">/g, '#$1 ')).text);
    const lines = renderTerminal(compromised, { columns: 110, color: false }).split('\n');
    const numbered = lines
      .flatMap((line) => /^ {2}(\d) {2}(\d+ \w{3} [\d:]+) /.exec(line) ?? [])
      .filter((_, i) => i % 3 > 0);
    expect(numbered.length).toBeGreaterThan(6);
    for (let i = 0; i < numbered.length; i += 2) expect(html).toContain(`#${numbered[i]} ${numbered[i + 1]}`);
  });

  it('links only to what is there', () => {
    for (const given of Object.values(samples)) {
      const { tags } = readMarkup(render(given));
      const ids = new Set(tags.flatMap(({ attributes }) => attributes.get('id') ?? []));
      const links = tags.flatMap(({ attributes }) => attributes.get('href')?.slice(1) ?? []);
      expect(links.filter((link) => !ids.has(link))).toEqual([]);
    }
  });

  it('defangs addresses, keeps masks and splits what virus scanners look for', () => {
    const word = ['ev', 'al'].join('');
    const given = assessment({
      findings: [
        finding('finding-1', 'session', 'A title', {
          evidence: [
            {
              source: 'source-1',
              offset: 0,
              line: 1,
              excerpt: `http://evil.example/ ${word}( canary=‹secret:67661d39›`,
            },
          ],
        }),
      ],
    });
    const html = render(given);
    expect(html).toContain('hxxp://evil[.]example/');
    expect(html).toContain('canary=‹secret:67661d39›');
    expect(html).not.toContain(`${word}(`);
    expect(html).toContain('198.51.100[.]81');
    expect(html).not.toContain('198.51.100.81');
  });

  it('says that a run was stopped, and that no server was seen', () => {
    expect(render(samples['incomplete'] ?? assessment())).toContain(words.incomplete);
    expect(render(samples['no-server'] ?? assessment())).toContain(words.noServer);
  });

  it('keeps its size in hand: a thousand files and leads do not make a page of megabytes', () => {
    const [source] = compromised.coverage.sources;
    const many = {
      ...compromised,
      coverage: {
        ...compromised.coverage,
        sources: Array.from({ length: 5000 }, (_, i) => ({
          ...source!,
          id: `source-${i}`,
          path: `a/${i}.log`,
        })),
        skipped: Array.from({ length: 5000 }, (_, i) => ({
          path: `b/${i}`,
          reason: 'no-reader' as const,
          bytes: 1,
        })),
      },
      findings: Array.from({ length: 2000 }, (_, i) =>
        finding(`finding-${i}`, 'file-named', 'A lead', { witness: 'lead', stage: 'probe' }),
      ),
    };
    expect(render(many).length).toBeLessThan(700_000);
  });

  it('lays leads open where they are all there is, with what to do about pages that came without their folders', () => {
    const lead = finding('finding-lead', 'page-elsewhere', 'A page', { witness: 'lead', stage: 'probe' });
    const loose = render(assessment({ findings: [lead], servers: [] }));
    const judged = render(
      assessment({
        findings: [lead],
        servers: [withVerdict('server-a', { verdict: 'nothing-found' })],
      }),
    );
    expect(loose).toContain('<h3>Leads');
    expect(loose).toContain(words.elsewhereHint.slice(0, 40));
    expect(judged).not.toContain('<h3>Leads');
    expect(judged).not.toContain(words.elsewhereHint.slice(0, 40));
  });

  it('never says "clean"', () => {
    for (const verdict of ['nothing-found', 'exposed', 'attacked'] as const)
      expect(render(assessment({ servers: [withVerdict('server-a', { verdict })] }))).not.toMatch(
        /\bclean\b/i,
      );
  });
});
