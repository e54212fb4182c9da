import type { FileFacts, Hit } from '@postern/core';
import { describe, expect, test } from 'vitest';
import { mergeFirst, withOwnIds } from './merge.ts';
import { firstPassOf } from './testing/results.ts';

function hit(source: string, recorder = 'iis-front'): Hit {
  return { rule: 'r', source, at: { offset: 0 }, time: undefined, recorder, captures: new Map(), text: '' };
}

describe('content that comes twice', () => {
  test('a log is judged once; its copy is listed and witnesses nothing', () => {
    const { sources, hits } = mergeFirst([
      firstPassOf({ id: 's1' }, { hits: [hit('s1')] }),
      firstPassOf({ id: 's2', originalPath: 'D:\\a.log' }, { hits: [hit('s2')] }),
    ]);
    expect(
      sources.map(({ id, duplicateOf, records, families, probes }) => [
        id,
        duplicateOf,
        records,
        families.length,
        probes,
      ]),
    ).toEqual([
      ['s1', undefined, 1, 1, 1],
      ['s2', 's1', 1, 0, 0],
    ]);
    expect(hits.map(({ source }) => source)).toEqual(['s1']);
  });

  test('what rules say of the content of a page holds at each of its places', () => {
    const page = { kind: 'web-page', sha256: 'bb' } as const;
    const { hits, files } = mergeFirst([
      firstPassOf({ ...page, id: 's1', originalPath: 'C:\\x.aspx' }, { hits: [hit('s1', 'file')] }),
      firstPassOf({ ...page, id: 's2', originalPath: 'C:\\y.aspx' }, { hits: [hit('s2', 'file')] }),
    ]);
    expect(hits.map(({ source }) => source)).toEqual(['s1', 's2']);
    expect(files.map(({ path }) => path)).toEqual(['C:\\x.aspx', 'C:\\y.aspx']);
  });

  test('the same content of another kind is no copy', () => {
    const { sources } = mergeFirst([firstPassOf({ id: 's1' }), firstPassOf({ id: 's2', kind: 'text' })]);
    expect(sources.map(({ duplicateOf }) => duplicateOf)).toEqual([undefined, undefined]);
  });

  test('empty files are no copies of each other, and are listed as empty', () => {
    const { sources, skipped } = mergeFirst([
      firstPassOf({ id: 's1', path: 'a', bytes: 0 }),
      firstPassOf({ id: 's2', path: 'b', bytes: 0 }),
    ]);
    expect(sources.map(({ duplicateOf }) => duplicateOf)).toEqual([undefined, undefined]);
    expect(skipped.map(({ path, reason }) => [path, reason])).toEqual([
      ['a', 'empty'],
      ['b', 'empty'],
    ]);
  });

  test('the same file at the same place of two collections is named, not passed over', () => {
    const { sources, skipped, files } = mergeFirst([
      firstPassOf({ id: 's1', path: 'ex01/a.log', collection: 'ex01' }),
      firstPassOf({ id: 's1', path: 'ex02/a.log', collection: 'ex02' }),
    ]);
    expect(sources).toHaveLength(1);
    expect(skipped).toEqual([
      {
        path: 'ex02/a.log',
        reason: 'duplicate',
        bytes: 10,
        detail: 'the same file as ex01/a.log, and judged as it',
      },
    ]);
    expect(files.map(({ collection }) => collection)).toEqual(['ex01', 'ex02']);
  });
});

describe('the same page at the same place of two servers', () => {
  const page = { kind: 'web-page', id: 's1', sha256: 'bb', originalPath: 'C:\\x.aspx' } as const;
  const results = withOwnIds([
    firstPassOf({ ...page, collection: 'ex01' }, { hits: [hit('s1', 'file')] }),
    firstPassOf({ ...page, collection: 'ex02' }, { hits: [hit('s1', 'file')] }),
  ]);

  test('is a source of each, with its hits and its file', () => {
    const { sources, hits, files, skipped } = mergeFirst(results);
    const [first, second] = sources.map(({ id }) => id);
    expect(first).toBe('s1');
    expect(second).not.toBe('s1');
    expect(hits.map(({ source }) => source)).toEqual([first, second]);
    expect(files.map(({ collection, source }) => [collection, source])).toEqual([
      ['ex01', first],
      ['ex02', second],
    ]);
    expect(skipped).toEqual([]);
  });

  test('of one server, and logs, keep their id', () => {
    const same = [firstPassOf({ ...page }), firstPassOf({ ...page, path: 'again/x.aspx' })];
    expect(withOwnIds(same)).toEqual(same);
    const logs = [firstPassOf({ collection: 'ex01' }), firstPassOf({ collection: 'ex02' })];
    expect(withOwnIds(logs)).toEqual(logs);
  });
});

describe('files and listings', () => {
  const listed = (more: Partial<NonNullable<FileFacts['listed']>>): FileFacts => ({
    path: 'c:\\INETPUB\\x.aspx',
    collection: 'evidence',
    listed: { basis: 'mft', source: 'l', line: 2, ...more },
  });

  test.each([[false], [true]])('the collected file and its row are one, in either order', (isReversed) => {
    const results = [
      firstPassOf({ id: 's1', originalPath: 'C:\\inetpub\\x.aspx', kind: 'web-page' }),
      firstPassOf(
        { id: 's2', sha256: 'cc', originalPath: 'C:\\$MFT.csv', kind: 'file-listing' },
        { files: [listed({ created: 5n })] },
      ),
    ];
    const { files } = mergeFirst(isReversed ? results.toReversed() : results);
    expect(files).toEqual([
      expect.objectContaining({
        path: 'C:\\inetpub\\x.aspx',
        source: 's1',
        listed: { basis: 'mft', source: 'l', line: 2, created: 5n },
      }),
    ]);
  });

  test('an archive that was opened is the file that the listing names', () => {
    const archive = { path: 'C:\\inetpub\\x.zip', collection: 'evidence', bytes: 9, sha256: 'ee' };
    const rows = [{ ...listed({ created: 5n }), path: 'C:\\INETPUB\\x.zip' }];
    const { files } = mergeFirst([firstPassOf({ kind: 'file-listing' }, { files: rows })], [archive]);
    expect(files).toHaveLength(1);
    expect(files[0]).toMatchObject({ bytes: 9, sha256: 'ee', listed: { created: 5n } });
  });

  test('times come from $MFT, the deletion from the journal', () => {
    const rows = [listed({ basis: 'usn', created: 9n, deleted: 10n, line: 7 }), listed({ created: 5n })];
    const { files } = mergeFirst([firstPassOf({ kind: 'file-listing' }, { files: rows })]);
    expect(files[0]?.listed).toEqual({ basis: 'mft', source: 'l', line: 2, created: 5n, deleted: 10n });
  });
});

describe('what no reader reads', () => {
  test.each([
    ['unknown', 'no-reader'],
    ['text', 'no-reader'],
    ['executable', 'no-reader'],
  ] as const)('%s is listed', (kind, reason) => {
    expect(mergeFirst([firstPassOf({ kind })]).skipped.map((each) => each.reason)).toEqual([reason]);
  });

  test.each(['iis', 'evtx', 'web-page', 'file-listing', 'web-config'] as const)('%s is not', (kind) => {
    expect(mergeFirst([firstPassOf({ kind })]).skipped).toEqual([]);
  });

  test('a file that only has the name of an event log is damaged', () => {
    const { skipped } = mergeFirst([firstPassOf({ kind: 'unknown', originalPath: 'C:\\Security.EVTX' })]);
    expect(skipped[0]?.reason).toBe('damaged');
  });
});
