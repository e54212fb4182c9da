import { describe, expect, it } from 'vitest';
import type { Limit, Server, Verdict } from '@postern/core';
import { renderTerminal, type RunFigures } from './terminal.ts';
import { compromised } from './testing/compromised.ts';
import { assessment, finding, server, withVerdict } from './testing/parts.ts';
import { samples, twoServers, undetermined } from './testing/samples.ts';
import { words } from './words.ts';

const figures: RunFigures = {
  files: 41_882,
  bytes: 3.2e9,
  seconds: 14,
  outputs: new Map([
    ['report', 'out/report.html'],
    ['timeline', 'out/timeline.csv'],
    ['findings', 'out/findings.jsonl'],
    ['assessment', 'out/assessment.json'],
    ['hashes', 'out/hashes.csv'],
    ['run', 'out/run.json'],
  ]),
};

function linesOf(text: string): readonly string[] {
  return text.replace(/\n$/, '').split('\n');
}

function width(text: string): number {
  return Array.from(text).length;
}

describe('renderTerminal', () => {
  it.each(Object.keys(samples))('says %s as it is written down', async (name) => {
    const text = renderTerminal(samples[name] ?? assessment(), { columns: 100, color: false, figures });
    await expect(text).toMatchFileSnapshot(`testing/golden/${name}.txt`);
  });

  it.each(Object.keys(samples))('keeps %s within the columns, at 100, 80 and 60', (name) => {
    for (const columns of [100, 80, 60]) {
      const text = renderTerminal(samples[name] ?? assessment(), { columns, color: false, figures });
      expect(linesOf(text).filter((line) => width(line) > columns)).toEqual([]);
    }
  });

  it('fits a server with far too much to say into 40 lines of 100 columns', () => {
    const many = Array.from({ length: 30 }, (_, i) =>
      finding(
        `finding-${i}`,
        `act-${i}`,
        `A thing that was done in a rather long-winded way, number ${i}, by somebody who came in`,
      ),
    );
    const [only] = compromised.servers;
    const [campaign] = only?.campaigns ?? [];
    const given = {
      ...compromised,
      findings: many,
      implants: Array.from({ length: 12 }, (_, i) => ({
        ...compromised.implants[0]!,
        id: `implant-${i}`,
        path: `C:\\inetpub\\wwwroot\\a\\b\\c\\page-with-a-long-name-${i}.aspx`,
      })),
      servers: [{ ...only!, campaigns: [{ ...campaign!, because: many.map(({ id }) => id) }] }],
    };
    const text = renderTerminal(given, { columns: 100, color: false, figures });
    expect(linesOf(text).length).toBeLessThanOrEqual(40);
    expect(text).toContain('more in the report');
  });

  it('shows what was seen where nothing could be decided, with where and when', () => {
    const [only] = undetermined.servers;
    const [campaign] = only?.campaigns ?? [];
    const lead = finding('finding-lead', 'transport-agent', 'Transport agent installed', {
      witness: 'lead',
      first: '2021-03-04T08:41:47Z',
      entities: { ...finding('x', 'x', 'x').entities, paths: ['C:\\Temp\\agents\\Helper.dll'] },
    });
    const text = renderTerminal(
      {
        ...undetermined,
        findings: [...undetermined.findings, lead],
        servers: [{ ...only!, campaigns: [{ ...campaign!, against: ['A sentence.', 'finding-lead'] }] }],
      },
      { columns: 100, color: false },
    );
    expect(text).toContain(words.heading.also);
    expect(text).toContain('- Transport agent installed: agents\\Helper.dll, 4 Mar');
    expect(text).not.toContain('A sentence.');
  });

  it('says of a back door of which nobody knows since when, when it was first heard of', () => {
    const [one] = compromised.implants;
    const { placedAt: _, firstUsedAt: __, lastUsedAt: ___, ...rest } = one!;
    const found = finding('finding-av', 'defender-detection', 'Anti-virus found a web shell', {
      first: '2021-03-05T11:00:01Z',
    });
    const text = renderTerminal(
      {
        ...compromised,
        findings: [...compromised.findings, found],
        implants: [{ ...rest, uses: 0, findings: ['finding-av'] }],
      },
      { columns: 100, color: false },
    );
    expect(text).toMatch(/5 Mar 11:00:01 +web shell/);
  });

  it('tells a back door of which only the compiled page is left from one that logs show', () => {
    const [one] = compromised.implants;
    const seen = (recorder: string) =>
      renderTerminal(
        {
          ...compromised,
          findings: [
            finding('finding-c', 'page-compiled', 'Unknown page compiled', { recorders: [recorder] }),
          ],
          implants: [{ ...one!, state: 'unknown', file: 'never-seen', findings: ['finding-c'] }],
        },
        { columns: 100, color: false },
      );
    expect(seen('file')).toContain(words.compiledOnly);
    expect(seen('iis-front')).toContain(words.stateByLog.unknown);
  });

  it('calls no page a web shell of which only the name and requests are known, unless more is sure', () => {
    const [one] = compromised.implants;
    const { family: _, ...nameless } = one!;
    const used = finding('finding-u', 'page-used', 'A back door was used', { witness: 'indirect' });
    const text = (verdict: Verdict, more: Partial<(typeof compromised.implants)[number]> = {}) =>
      renderTerminal(
        assessment({
          findings: [used],
          implants: [{ ...nameless, traits: [], findings: ['finding-u'], ...more }],
          servers: [withVerdict('server-ex01', { verdict, because: ['finding-u'] })],
        }),
        { columns: 100, color: false },
      );
    expect(text('likely-compromised')).toContain('unknown page owa');
    expect(text('compromised')).toContain('web shell owa');
    expect(text('likely-compromised', { traits: ['Evaluates text.'] })).toContain('web shell owa');
  });

  it('says of what lies in a backup that it does', () => {
    const path = 'D:\\Backup\\2021-03-02\\inetpub\\wwwroot\\aspnet_client\\system_web\\x.aspx';
    const lead = finding('finding-lead', 'page-elsewhere', 'Remote-control content outside the web folders', {
      witness: 'lead',
      entities: { ...finding('x', 'x', 'x').entities, paths: [path] },
    });
    const text = renderTerminal(
      assessment({
        findings: [lead],
        servers: [withVerdict('server-ex01', { verdict: 'nothing-found', against: ['finding-lead'] })],
      }),
      { columns: 100, color: false },
    );
    expect(text.replaceAll(/\s+/g, ' ')).toContain('D:\\Backup\\2021-03-02\\…\\system_web\\x.aspx');
  });

  it('names the files that hold a remote control where no server could be judged', () => {
    const pages = ['a', 'b'].map((name) => {
      const found = finding(
        `finding-${name}`,
        'page-elsewhere',
        'Remote-control content outside the web folders',
      );
      const { first: _, last: __, ...undated } = found;
      const entities = { ...undated.entities, paths: [`auth\\${name}.aspx`] };
      return { ...undated, witness: 'lead' as const, entities };
    });
    const text = renderTerminal(assessment({ findings: pages }), { columns: 100, color: false });
    expect(text).toContain('- Remote-control content outside the web folders: auth\\a.aspx (lead)');
    expect(text).toContain(words.elsewhereHint.slice(0, 40));
  });

  it('lists several servers by urgency on top of the worst in full, in 40 lines and one each', () => {
    const lines = linesOf(renderTerminal(twoServers, { columns: 100, color: false, figures }));
    expect(lines.length).toBeLessThanOrEqual(40 + twoServers.servers.length + 1);
    expect(lines[2]).toMatch(/^ex01 {2}COMPROMISED/);
    expect(lines[3]).toMatch(/^ex02 {2}[A-Z]/);
    expect(lines[4]).toMatch(/^1 host not seen to be a server of the product/);
  });

  it('does not take what belongs to no server for a host', () => {
    const nobody = server({ id: 'server-none', names: ['unassigned'], builds: [] });
    const on = (...servers: readonly Server[]) =>
      renderTerminal(
        {
          ...compromised,
          servers: [...compromised.servers, ...servers],
          findings: [
            ...compromised.findings,
            finding('finding-loose', 'x', 'A page', { recordedOn: 'server-none' }),
          ],
        },
        { columns: 100, color: false },
      ).replaceAll(/\s+/g, ' ');
    const loose = '1 finding in files that no server could be told for; say so with --server NAME=PATH';
    expect(on(nobody)).toContain(loose);
    expect(on(nobody)).not.toContain('host not seen');
    expect(on(nobody, server({ id: 'server-dc', names: ['dc'] }))).toContain(
      `1 host not seen to be a server of the product, so without a verdict. ${loose}`,
    );
  });

  it('says hosts without a verdict in one line, with those on which something was found', () => {
    const hosts = Array.from({ length: 40 }, (_, i) => server({ id: `server-h${i}` }));
    const found = ['h3', 'h7'].map((host) =>
      finding(`finding-${host}`, 'act', 'A lead', { recordedOn: `server-${host}`, witness: 'lead' }),
    );
    const given = assessment({
      servers: [withVerdict('server-ex01', { verdict: 'attacked' }), ...hosts],
      findings: found,
    });
    const lines = linesOf(renderTerminal(given, { columns: 100, color: false }));
    expect(lines.slice(3, 5).join(' ').trim()).toMatch(/^40 hosts .*; findings on h3 \(1\), h7 \(1\)$/);
  });

  it('tells servers with long names apart by their hosts, or cuts them visibly', () => {
    const long = (host: string): Server => ({
      ...withVerdict(`server-${host}`, { verdict: 'attacked' }),
      names: [`${host}.${'department-of-long-names.'.repeat(2)}university.example`],
    });
    const text = (servers: readonly Server[]): readonly string[] =>
      linesOf(renderTerminal(assessment({ servers }), { columns: 80, color: false })).slice(3);
    expect(text([long('ex01'), long('ex02')]).slice(0, 2)).toEqual([
      expect.stringMatching(/^ex01 {2}ATTACKED/) as unknown,
      expect.stringMatching(/^ex02 {2}ATTACKED/) as unknown,
    ]);
    const same = { ...long('ex01'), id: 'server-other', names: [`${long('ex01').names[0]}.b`] };
    expect(text([long('ex01'), same])[0]).toMatch(/^ex01\.department.*… {2}ATTACKED/);
  });

  it('has nothing to say against what is not decided', () => {
    const given = assessment({
      servers: [withVerdict('server-ex01', { verdict: 'undetermined', against: ['The door was open.'] })],
    });
    expect(renderTerminal(given, { columns: 100, color: false })).not.toContain(words.heading.against);
  });

  it('says beside the verdict what people ruled, and what it would be without', () => {
    const ruled = finding('finding-1', 'session', 'A session', {
      review: { disposition: 'own-test', author: 'E', date: '2021-03-20', reason: 'ours' },
    });
    const text = (limits: readonly Limit[]): string =>
      renderTerminal(
        assessment({
          findings: [ruled],
          servers: [withVerdict('server-ex01', { verdict: 'attacked', limits })],
        }),
        { columns: 100, color: false },
      );
    const without = 'Without the rulings of people the verdict would be: compromised.';
    expect(text([{ text: without, coverageRef: 'review' }])).toMatch(
      /Rulings +1 finding ruled on by people\. Without the rulings of people/,
    );
    expect(text([])).toContain(words.ruledSame);
  });

  it('without a verdict: the hosts that were seen, and what was not judged by its reason', () => {
    const skipped = ['a', 'b', 'c'].map((path) => ({
      path,
      reason: 'no-reader' as const,
      bytes: 1,
      detail: 'why',
    }));
    const given = assessment({ servers: [server({ id: 'server-dc01' })] });
    const text = renderTerminal(
      { ...given, coverage: { ...given.coverage, skipped } },
      { columns: 100, color: false },
    );
    expect(text).toContain('Hosts seen: dc01');
    expect(text).toContain('3 files (a …): why');
  });

  it('says UTC, the verdict and the TLP once', () => {
    const text = renderTerminal(compromised, { columns: 100, color: false, figures });
    for (const once of ['UTC', 'Intruders got in.', 'TLP:AMBER+STRICT'])
      expect(text.split(once)).toHaveLength(2);
  });

  it('has the words of judgement for every verdict and never "clean"', () => {
    const verdicts: readonly Verdict[] = [
      'compromised',
      'likely-compromised',
      'undetermined',
      'attacked',
      'exposed',
      'nothing-found',
    ];
    for (const verdict of verdicts) {
      const given = assessment({ servers: [withVerdict('server-ex01', { verdict })] });
      const text = renderTerminal(given, { columns: 100, color: false });
      expect(text).toContain(words.verdict[verdict]);
      expect(text).not.toMatch(/clean/i);
    }
  });

  it('carries what is certain and the presumption with an undetermined verdict', () => {
    const text = renderTerminal(undetermined, { columns: 100, color: false });
    expect(text).toContain('attacked; success cannot be excluded');
    expect(text).toContain('act as if it were');
    expect(text).toContain(words.heading.decide);
  });

  it('shows no ISO day, no long path and no exclamation mark to people', () => {
    for (const given of Object.values(samples)) {
      const text = renderTerminal(given, { columns: 100, color: false });
      expect(text).not.toMatch(/\d{4}-\d{2}-\d{2}|Program Files|!/);
    }
  });

  it('cannot be steered by the evidence', () => {
    const escape = '\u001b[2J\u001b]0;x\u0007\r\u202e';
    const given = assessment({
      findings: [finding('finding-1', 'session', `a${escape}b`)],
      servers: [
        withVerdict('server-ex01', {
          verdict: 'compromised',
          because: ['finding-1'],
          limits: [{ text: `l${escape}`, coverageRef: '' }],
        }),
      ],
    });
    const text = renderTerminal(given, { columns: 100, color: false });
    // oxlint-disable-next-line no-control-regex -- these are the characters that must not be there
    expect(text).not.toMatch(/[\u0000-\u0009\u000b-\u001f\u007f-\u009f\u202a-\u202e]/);
    expect(text).toContain('\\u001b[2J');
  });

  it('says the same with and without colour', () => {
    // oxlint-disable-next-line no-control-regex -- colours are escapes
    const plain = (text: string): string => text.replaceAll(/\u001b\[\d+m/g, '');
    for (const given of Object.values(samples)) {
      const color = renderTerminal(given, { columns: 100, color: true, figures });
      expect(plain(color)).toBe(renderTerminal(given, { columns: 100, color: false, figures }));
      expect(color).toContain('\u001b[1m');
    }
  });

  it('names what lies beside the report, and aligns what lies elsewhere', () => {
    const render = (outputs: readonly (readonly [string, string])[]): readonly string[] =>
      linesOf(
        renderTerminal(samples['no-server']!, {
          columns: 100,
          color: false,
          figures: { ...figures, outputs: new Map(outputs) },
        }),
      );
    expect(render([...figures.outputs]).slice(-2)).toEqual([
      'report     out/report.html',
      'beside it  timeline.csv · findings.jsonl · assessment.json · hashes.csv · run.json',
    ]);
    expect(
      render([
        ['report', 'D:\\out\\report.html'],
        ['assessment', 'E:\\a.json'],
      ]).slice(-2),
    ).toEqual(['report      D:\\out\\report.html', 'assessment  E:\\a.json']);
  });
});
