// The files themselves: read back with the simplest means and held against the truth.

import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, dirname, join } from 'node:path';
import { beforeAll, describe, expect, test } from 'vitest';
import { generateExample } from './generate.ts';
import {
  hashOf,
  logsOf,
  make,
  pathsWith,
  readLog,
  rowsOf,
  sha256Of,
  SMALL,
  textOf,
  type Made,
  type Row,
} from './testing/collection.ts';
import { VARIANTS } from './truth.ts';

/** Time for making a few collections on a busy machine. */
const SLOW = 120_000;

const at = (row: Row | undefined, name: string): string => row?.get(name) ?? '';
const idOf = (row: Row): string => /cafeReqId=([0-9a-f-]{36})/.exec(at(row, 'cs-uri-query'))?.[1] ?? '';
const second = (row: Row): string => `${at(row, 'date')}T${at(row, 'time')}`;

function inSpan(time: string, span: { readonly from: string; readonly to: string }): boolean {
  return time >= span.from && time < span.to;
}

describe('the files of an attack', () => {
  let made: Made;
  let front: Row[];
  let back: Row[];
  let proxy: Row[];

  beforeAll(() => {
    made = make({ seed: '7' });
    front = rowsOf(made, 'W3SVC1');
    back = rowsOf(made, 'W3SVC2');
    proxy = rowsOf(made, 'Logging/HttpProxy');
  }, SLOW);

  test('every line of every log fits its header, and none is empty', () => {
    const logs = logsOf(made);
    const read = logs.map((path) => readLog(made, path));
    expect(read.flatMap(({ unfit }) => unfit)).toEqual([]);
    expect(read.filter(({ rows }) => rows.length === 0)).toEqual([]);
    expect(
      front.every((row) => /^\d{3}$/.test(at(row, 'sc-status')) && /^\d+$/.test(at(row, 'time-taken'))),
    ).toBe(true);
    expect(proxy.every((row) => at(row, 'MajorVersion') === '15' && at(row, 'TotalRequestTime') !== '')).toBe(
      true,
    );
    expect(proxy.every((row) => ['', 'CafeV1'].includes(at(row, 'RoutingStatus')))).toBe(true);
  });

  test('HttpProxy files open with the bare header row and hold their hour, in order', () => {
    const logs = pathsWith(made, '/HttpProxy_');
    expect(logs.length).toBeGreaterThan(5000);
    for (const file of logs) {
      const { headers, rows } = readLog(made, file);
      expect(headers[0]).toMatch(/^DateTime,RequestId,/);
      expect(headers[5]).toBe(`#Fields: ${headers[0]}`);
      expect(headers[3]).toBe('#Log-type: HttpProxy Logs');
      const times = rows.map((row) => at(row, 'DateTime'));
      expect(times).toEqual(times.toSorted());
      const hour = times[0]?.slice(0, 13).replaceAll(/[-T]/g, '');
      expect(basename(file)).toMatch(new RegExp(`^HttpProxy_${hour}-\\d\\.LOG$`));
      expect(basename(dirname(file))).toBe(at(rows[0], 'Protocol'));
    }
  });

  test('IIS logs hold their day, and say again after a restart what their fields are', () => {
    const logs = pathsWith(made, 'W3SVC1');
    expect(logs).toHaveLength(45);
    const blocks = logs.map((file) => {
      const { headers, rows } = readLog(made, file);
      expect(
        rows.every((row) => file.endsWith(`u_ex${at(row, 'date').slice(2).replaceAll('-', '')}.log`)),
      ).toBe(true);
      return headers.length / 4;
    });
    expect(Math.max(...blocks)).toBeGreaterThan(1);
    expect(Math.min(...blocks)).toBe(1);
  });

  test('a request is the same in all three logs', () => {
    const [lost] = made.truth.missing;
    const byId = new Map(proxy.map((row) => [at(row, 'RequestId'), row]));
    const behind = new Map(back.map((row) => [idOf(row), row]));
    const proxied = front.filter((row) => idOf(row) !== '' && !inSpan(second(row), lost!));
    expect(proxied.length).toBeGreaterThan(5000);
    for (const row of proxied) {
      const same = byId.get(idOf(row));
      expect(at(same, 'DateTime').slice(0, 19)).toBe(second(row));
      expect(at(same, 'HttpStatus')).toBe(at(row, 'sc-status'));
      expect(at(same, 'ClientIpAddress')).toBe(at(row, 'c-ip'));
      expect(at(same, 'UrlStem')).toBe(at(row, 'cs-uri-stem'));
    }
    const answered = proxied.filter((row) => at(byId.get(idOf(row)), 'BackEndStatus') === '200');
    expect(answered.filter((row) => !behind.has(idOf(row)))).toEqual([]);
    // Administrators at the console bear their own name; everything else the front end passes on bears its.
    const others = back.filter((row) => !at(row, 'cs-uri-stem').startsWith('/ecp/DDI/'));
    expect(others.filter((row) => !at(row, 'cs-username').endsWith('$'))).toEqual([]);
    expect(back.filter((row) => at(row, 's-port') !== '444')).toEqual([]);
  });

  test('the lost week is lost for HttpProxy alone, and nothing else is', () => {
    const [lost] = made.truth.missing;
    expect(proxy.filter((row) => inSpan(at(row, 'DateTime'), lost!))).toEqual([]);
    expect(front.filter((row) => inSpan(second(row), lost!)).length).toBeGreaterThan(500);
    const days = new Set(proxy.map((row) => at(row, 'DateTime').slice(0, 10)));
    expect(days.size).toBe(45 - 7);
  });

  test('the build changes when the fix is in, after a time without any row', () => {
    const { builds, fixInstalledAt } = made.truth.servers[0]!;
    const [before, after] = builds;
    const buildOf = (row: Row): string =>
      `${at(row, 'MajorVersion')}.${at(row, 'MinorVersion')}.${at(row, 'BuildVersion')}.${at(row, 'RevisionVersion')}`;
    expect(
      proxy.every((row) => buildOf(row) === (at(row, 'DateTime') >= fixInstalledAt! ? after : before)?.build),
    ).toBe(true);
    const down = { from: before!.to, to: after!.from };
    expect(proxy.filter((row) => inSpan(at(row, 'DateTime'), down))).toEqual([]);
    expect(
      front.filter((row) => inSpan(second(row), { from: down.from.slice(0, 19), to: down.to.slice(0, 19) }))
        .length,
    ).toBeLessThan(2);
  });

  test.each([0, 1])(
    'what the truth says about page %i is in the tree, in the listing and in the logs',
    (index) => {
      const implant = made.truth.implants[index]!;
      const name = implant.path.slice(implant.path.lastIndexOf('\\') + 1);
      const listed = textOf(made, pathsWith(made, '_MFTECmd_$MFT_Output.csv')[0]).split('\r\n');
      const row = listed.find((line) => line.includes(`,${name},.aspx,`));
      const isPresent = implant.state === 'present';
      expect(row?.split(',')[2]).toBe(isPresent ? 'True' : 'False');
      expect(row).toContain(implant.placedAt.replace('T', ' ').slice(0, 23));
      const files = pathsWith(made, `/${name}`);
      expect([implant.file !== undefined, files.filter((path) => path.endsWith(name)).length]).toEqual([
        isPresent,
        isPresent ? 1 : 0,
      ]);
      // The compiled page stays, whatever becomes of the page.
      const compiled = pathsWith(made, `/${name.toLowerCase()}.`);
      expect(compiled.map((path) => path.endsWith('.compiled'))).toEqual([true]);
      expect(isPresent ? sha256Of(textOf(made, implant.file)) : undefined).toBe(implant.sha256);
      const posts = front.filter(
        (one) => at(one, 'cs-uri-stem') === implant.url && at(one, 'cs-method') === 'POST',
      );
      expect(posts.every((one) => at(one, 'sc-status') === '200')).toBe(true);
      expect(second(posts[0]!)).toBe(implant.firstUsedAt.slice(0, 19));
      expect(second(posts.at(-1)!)).toBe(implant.lastUsedAt.slice(0, 19));
      const users = made.truth.operators.filter(({ name: who }) => implant.usedBy.includes(who));
      const addresses = users.flatMap((one) => one.addresses);
      expect(posts.every((one) => addresses.includes(at(one, 'c-ip')))).toBe(true);
    },
  );

  test('the archive is fetched by GET, and lies there or is gone as the truth says', () => {
    const archive = made.truth.archive!;
    const row = front.find((one) => at(one, 'cs-uri-stem') === archive.url);
    expect([at(row, 'cs-method'), at(row, 'sc-status'), second(row!)]).toEqual([
      'GET',
      '200',
      archive.fetchedAt.slice(0, 19),
    ]);
    const left = pathsWith(made, '.zip');
    expect(left).toEqual(archive.state === 'present' ? [archive.file] : []);
    expect(left.map((path) => textOf(made, path).length)).toEqual(left.map(() => archive.bytes));
  });

  test('the panel logged the script, quoted twice, and the page holds it', () => {
    const day = made.truth.attempts[1]!.at.slice(0, 10).replaceAll('-', '');
    const data = rowsOf(made, `ECPServer${day}-`).map((row) => at(row, 'EventData'));
    const wrapped = data.map((text) => /'S:CMD=((?:[^']|'')*)'/.exec(text)?.[1]?.replaceAll("''", "'") ?? '');
    const set = wrapped.filter(
      (text) => text.startsWith('Set-OabVirtualDirectory') && text.includes('runat="server"'),
    );
    expect(set.length).toBeGreaterThan(0);
    const url = /ExternalUrl='([^']*)'/.exec(set.at(-1) ?? '')?.[1];
    expect(textOf(made, made.truth.implants[0]!.file)).toContain(`: ${url}\r\n`);
  });
});

test.each(VARIANTS)('%s: the same seed gives the same bytes', { timeout: SLOW }, (variant) => {
  const [one, same] = [make({ seed: '5', variant }), make({ seed: '5', variant })];
  expect(hashOf(same)).toBe(hashOf(one));
  expect(same.truth).toEqual(one.truth);
});

test('another seed gives other bytes', () => {
  const [one, other] = ['5', '6'].map((seed) => make({ seed, variant: 'front-only' }));
  expect(hashOf(other!)).not.toBe(hashOf(one!));
});

describe('variants', () => {
  test("front-only: the front end's logs and nothing else", () => {
    const made = make({ seed: '3', variant: 'front-only' });
    expect(pathsWith(made, '')).toEqual(pathsWith(made, 'C/inetpub/logs/LogFiles/W3SVC1/'));
    expect(made.files.size).toBe(45);
    expect(made.truth.implants.map(({ state }) => state)).toEqual(['not-collected', 'not-collected']);
  });

  test('logs-gone: the days are gone for some families and go on for others', { timeout: SLOW }, () => {
    const made = make({ seed: '3', variant: 'logs-gone' });
    const gone = made.truth.missing[0]!;
    const daysOf = (part: string): number =>
      new Set(rowsOf(made, part).map((row) => at(row, 'date') || at(row, 'DateTime').slice(0, 10))).size;
    const days = (Date.parse(gone.to) - Date.parse(gone.from)) / 86_400_000;
    expect([daysOf('W3SVC1'), daysOf('HttpProxy/Ecp'), daysOf('HttpProxy/Ews')]).toEqual([
      45 - days,
      45 - days,
      45,
    ]);
    expect(pathsWith(made, 'MFTECmd')).toEqual([]);
    expect(rowsOf(made, 'HttpProxy/Ecp').filter((row) => at(row, 'AnchorMailbox').includes(']'))).toEqual([]);
    const names = made.truth.implants.map(({ path }) => path.slice(path.lastIndexOf('\\') + 1));
    expect(names.flatMap((name) => pathsWith(made, name))).toEqual([]);
  });

  test(
    'tools-lying-around: a script, its output, rules and a quarantine, none of it served',
    { timeout: SLOW },
    () => {
      const made = make({ seed: '3', variant: 'tools-lying-around' });
      const found = ['.ps1', '.yar', '.quarantined', '-anchors.csv'].map((ending) =>
        pathsWith(made, '').filter((path) => path.endsWith(ending)),
      );
      expect(found.map((paths) => paths.length)).toEqual([1, 1, 1, 1]);
      expect(found.flat().filter((path) => /inetpub|FrontEnd/.test(path))).toEqual([]);
      expect(
        rowsOf(made, 'HttpProxy/Ecp').filter((row) => at(row, 'AnchorMailbox').startsWith('ServerInfo~')),
      ).toEqual([]);
    },
  );

  test('two-servers: a folder for each, the page on the second', { timeout: SLOW }, () => {
    const made = make({ seed: '3', variant: 'two-servers' });
    const [first, second_] = made.truth.servers.map(({ root }) => root);
    const roots = new Set(pathsWith(made, '').map((path) => path.slice(0, path.indexOf('/'))));
    expect(roots).toEqual(new Set([first, second_]));
    const present = made.truth.implants.filter(({ state }) => state === 'present');
    expect(present.map(({ file }) => file?.startsWith(`${second_}/C/`))).toEqual(present.map(() => true));
    const exchange = 'C/Program Files/Microsoft/Exchange Server/V15/Logging';
    const asked = rowsOf(made, `${first}/${exchange}/HttpProxy/Ecp`);
    expect(asked.filter((row) => at(row, 'HttpStatus') === '241')).toHaveLength(2);
    const answered = rowsOf(made, `${second_}/${exchange}/ECP/Server`);
    expect(answered.some((row) => at(row, 'EventData').includes('ResetOAB'))).toBe(true);
    expect(
      rowsOf(made, `${first}/${exchange}/ECP/Server`).some((row) =>
        at(row, 'EventData').includes('ResetOAB'),
      ),
    ).toBe(false);
  });

  test('no other variant has intruders in its logs', { timeout: SLOW }, () => {
    const made = make({ seed: '3', variant: 'quiet' });
    expect([made.truth.implants, made.truth.attempts, made.truth.operators, made.truth.missing]).toEqual([
      [],
      [],
      [],
      [],
    ]);
    expect(
      rowsOf(made, 'HttpProxy/Ecp').filter((row) => at(row, 'AnchorMailbox').startsWith('ServerInfo~')),
    ).toEqual([]);
  });
});

test('on the disk lie the same bytes, the truth beside them; a folder that holds something is refused', () => {
  const folder = mkdtempSync(join(tmpdir(), 'postern-example-'));
  const out = join(folder, 'collection');
  const options = { seed: '1', variant: 'front-only', size: SMALL } as const;
  try {
    const truth = generateExample({ ...options, out });
    const made = make(options);
    const logs = join(out, 'C/inetpub/logs/LogFiles/W3SVC1');
    const onDisk = readdirSync(logs).map((name): readonly [string, string] => [
      `C/inetpub/logs/LogFiles/W3SVC1/${name}`,
      readFileSync(join(logs, name), 'latin1'),
    ]);
    expect(new Map(onDisk)).toEqual(made.files);
    expect(JSON.parse(readFileSync(join(folder, 'truth.json'), 'utf8'))).toEqual(truth);
    expect(readdirSync(out)).toEqual(['C']);
    expect(() => generateExample({ ...options, out })).toThrow('POSTERN_EXAMPLE_NOT_EMPTY');
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
});
