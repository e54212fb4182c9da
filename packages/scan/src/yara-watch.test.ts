import { describe, expect, it } from 'vitest';
import { WatchedYara, type YaraPatience } from './yara-watch.ts';

const names = { filename: 'a.aspx', filepath: 'c:\\a.aspx', extension: '.aspx', filetype: '' };
const bytesOf = (text: string): Uint8Array => new TextEncoder().encode(text);
const loop = `rule Loop { strings: $a = "slow" condition: $a and
  for all i in (0..2000000000) : (for all j in (0..2000000000) : (i + j != -1)) }`;
const word = 'rule Word { strings: $a = "word" condition: $a }';
const named = 'rule Named { condition: filename == "b.aspx" and extension == ".aspx" }';

function engine(text: string, patience?: YaraPatience): WatchedYara {
  return new WatchedYara([{ path: 'r.yar', text }], undefined, patience);
}

describe('the engine in a thread of its own', () => {
  it('answers, and each content once', async () => {
    const yara = engine(word);
    const first = await yara.scan('1', bytesOf('a word'), names);
    expect(first.rules).toEqual(['Word']);
    // The hash says that it is the same: the bytes are not looked at again.
    expect(await yara.scan('1', bytesOf('nothing'), names)).toBe(first);
    expect((await yara.scan('2', bytesOf('nothing'), names)).rules).toEqual([]);
    yara.close();
  });

  it('lets the asker go on, but not with too much that waits', async () => {
    const yara = engine(word);
    const isThere = (scan: unknown): Promise<unknown> =>
      Promise.race([Promise.resolve(scan), Promise.resolve('not yet')]);
    const little = yara.scan('1', bytesOf('a word'), names);
    await yara.room();
    expect(await isThere(little)).toBe('not yet');
    const large = yara.scan('2', bytesOf('word'.padEnd(20_000_000)), names);
    await yara.room();
    expect(await isThere(little)).toMatchObject({ rules: ['Word'] });
    expect(await isThere(large)).toMatchObject({ rules: ['Word'] });
    yara.close();
  });

  it('asks no more once the run is stopped, however many wait', async () => {
    let isStopped = false;
    const yara = new WatchedYara([{ path: 'r.yar', text: word }], () => isStopped);
    const asked = yara.scan('1', bytesOf('a word'), names);
    const waiting = ['2', '3'].map((sha256) => yara.scan(sha256, bytesOf('a word'), names));
    expect((await asked).rules).toEqual(['Word']);
    isStopped = true;
    for (const scan of waiting)
      expect(await scan).toMatchObject({ rules: [], issues: [{ code: 'POSTERN_SCAN_YARA_STOPPED' }] });
    yara.close();
  });

  it('asks again about the same content under another name, where rules ask for names', async () => {
    const yara = engine(named);
    expect((await yara.scan('1', bytesOf('x'), names)).rules).toEqual([]);
    expect((await yara.scan('1', bytesOf('x'), { ...names, filename: 'b.aspx' })).rules).toEqual(['Named']);
    yara.close();
  });

  it('is ended on a file that takes too long, said, and started again for the next', async () => {
    const yara = engine(`${loop}\n${word}`, { start: 20_000, file: 2000, ends: 1, rest: 1000 });
    expect((await yara.scan('1', bytesOf('a word'), names)).rules).toEqual(['Word']);
    const slow = await yara.scan('2', bytesOf('slow word'), names);
    expect(slow).toMatchObject({ rules: [], issues: [{ code: 'POSTERN_SCAN_YARA_ENDED' }] });
    expect((await yara.scan('3', bytesOf('word'), names)).issues).toMatchObject([
      { code: 'POSTERN_SCAN_YARA_GIVEN_UP' },
    ]);
    yara.close();
  });

  it('gives the first file no more time than others, however long the rules may compile', async () => {
    const yara = engine(`${loop}\n${word}`, { start: 600_000, file: 2000, ends: 3, rest: 1000 });
    expect((await yara.scan('1', bytesOf('slow'), names)).issues).toMatchObject([
      { code: 'POSTERN_SCAN_YARA_ENDED' },
    ]);
    // The thread that is started again compiles anew: its first file is slow as well.
    expect((await yara.scan('2', bytesOf('slow word'), names)).issues).toHaveLength(1);
    expect((await yara.scan('3', bytesOf('word'), names)).rules).toEqual(['Word']);
    yara.close();
  });

  it('goes on after an end, as long as there are not too many', async () => {
    const yara = engine(`${loop}\n${word}`, { start: 20_000, file: 2000, ends: 2, rest: 1000 });
    expect((await yara.scan('1', bytesOf('slow'), names)).issues).toHaveLength(1);
    expect((await yara.scan('2', bytesOf('word'), names)).rules).toEqual(['Word']);
    yara.close();
  });

  it('is let go when it is asked nothing for a while, and comes again when it is', async () => {
    const yara = engine(word, { start: 20_000, file: 2000, ends: 1, rest: 5 });
    expect((await yara.scan('1', bytesOf('a word'), names)).rules).toEqual(['Word']);
    await new Promise((resolve) => setTimeout(resolve, 20));
    yara.rest();
    expect(yara.isStarted).toBe(false);
    expect((await yara.scan('2', bytesOf('another word'), names)).rules).toEqual(['Word']);
    expect(yara.isStarted).toBe(true);
    yara.close();
  });
});
