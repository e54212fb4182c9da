import { describe, expect, test } from 'vitest';
import { foldAgent, percentDecode, requestUrl, withoutInsertions } from './fold-request.ts';
import { batchOf, hitsOf, matcherOf, ruleText, rulesOf, shapeOf, type MadeValue } from './testing/records.ts';

const iisFields = [
  'cs-method',
  'cs-uri-stem',
  'cs-uri-query',
  'c-ip',
  'cs(User-Agent)',
  'cs(Referer)',
  'sc-status',
];
const iis = shapeOf('iis', iisFields, { '#Version': '1.0' });
const block = 'postern: { stage: probe, witness: lead, act: look, meaning: Someone looked. }\n';

interface Request {
  readonly method?: string;
  readonly stem?: string | null;
  readonly query?: string | null;
  readonly agent?: string;
  readonly status?: string;
}

function record({
  method = 'GET',
  stem = '/',
  query = null,
  agent = 'x',
  status = '200',
}: Request): MadeValue[] {
  return [method, stem, query, '192.0.2.1', { raw: agent, type: 'plusText' }, null, status];
}

/** Whether a webserver rule of one selection holds, as a stranger's and as our own. */
function fires(items: string, request: Request): { readonly foreign: boolean; readonly own: boolean } {
  const text = ruleText(`a: ${items}\ncondition: a`, 'category: webserver');
  const batch = batchOf(iis, record(request));
  return {
    foreign: hitsOf(matcherOf(rulesOf(text), iis), batch).length > 0,
    own: hitsOf(matcherOf(rulesOf(text + block), iis), batch).length > 0,
  };
}

const inserted = '&CorrelationID=<empty>;&cafeReqId=6a1f2c3d-0000-4000-8000-000000000001;';

describe('a request of IIS', () => {
  test('public rules mean the whole request by cs-uri-query', () => {
    const request = { stem: '/autodiscover/autodiscover.json', query: '@evil.example/mapi/nspi' };
    expect(fires("{ cs-uri-query|contains: 'autodiscover.json?@' }", request)).toEqual({
      foreign: true,
      own: false,
    });
    expect(fires("{ cs-uri-query|contains|all: ['/autodiscover.json', '/mapi/nspi'] }", request)).toEqual({
      foreign: true,
      own: false,
    });
    expect(fires("{ cs-uri-query|startswith: '@' }", request)).toEqual({ foreign: true, own: true });
    expect(fires("{ url|contains: 'autodiscover.json?@' }", request)).toEqual({ foreign: true, own: true });
  });

  test('a request without a query is its path', () => {
    const request = { stem: '/ecp/y.js' };
    expect(fires("{ cs-uri-query|endswith: '/y.js' }", request)).toEqual({ foreign: true, own: false });
    expect(fires('{ cs-uri-query: null }', request)).toEqual({ foreign: true, own: true });
    expect(fires("{ url: '/ecp/y.js' }", request)).toEqual({ foreign: true, own: true });
  });

  test('path and query are compared as they stand and percent-decoded', () => {
    const request = { stem: '/%6fwa/%61uth', query: 'x=%3Cscript%3e' };
    for (const items of [
      '{ cs-uri-stem: /owa/auth }',
      '{ cs-uri-stem: /%6Fwa/%61uth }',
      "{ cs-uri-query|contains: '<script>' }",
      '{ cs-uri-query|contains: 3cscript }',
      '{ url|contains: auth?x=< }',
    ]) {
      expect(fires(items, request)).toEqual({ foreign: true, own: true });
    }
  });

  test('it is decoded once', () => {
    expect(fires('{ cs-uri-stem: /a/b }', { stem: '/a%252fb' })).toEqual({ foreign: false, own: false });
    expect(fires('{ cs-uri-stem: /a%2fb }', { stem: '/a%252fb' })).toEqual({ foreign: true, own: true });
  });

  test('what Exchange adds to a query does not stand in the way of its end', () => {
    for (const query of [`a=1${inserted}`, `a=1&CorrelationID=<empty>;&cafeReqId=x`, `a=1`]) {
      expect(fires('{ cs-uri-query: a=1 }', { query })).toEqual({ foreign: true, own: true });
      expect(fires('{ cs-uri-query|endswith: a=1 }', { query })).toEqual({ foreign: true, own: true });
      expect(fires('{ url: /p?a=1 }', { stem: '/p', query })).toEqual({ foreign: true, own: true });
    }
    expect(fires("{ cs-uri-query: '' }", { query: inserted })).toEqual({ foreign: true, own: true });
    expect(fires('{ cs-uri-query|contains: cafeReqId }', { query: inserted })).toEqual({
      foreign: true,
      own: true,
    });
    expect(fires('{ url: /p }', { stem: '/p', query: inserted })).toEqual({ foreign: true, own: true });
    expect(fires('{ cs-uri-query: a=1&LogoffReason=2 }', { query: `a=1${inserted}&LogoffReason=2` })).toEqual(
      { foreign: true, own: true },
    );
  });

  test('agents are compared without minding how a log or a rule writes their spaces', () => {
    const logged = 'Mozilla/5.0+(KHTML,+like+Gecko)';
    for (const written of [
      "'Mozilla/5.0 (KHTML, like Gecko)'",
      "'Mozilla/5.0+(KHTML,+like+Gecko)'",
      "'Mozilla/5.0 (KHTML  like Gecko)'",
    ]) {
      expect(fires(`{ cs-user-agent: ${written} }`, { agent: logged }).foreign).toBe(true);
      expect(fires(`{ cs(User-Agent): ${written} }`, { agent: logged }).foreign).toBe(true);
      expect(fires(`{ c-useragent: ${written} }`, { agent: logged }).foreign).toBe(true);
    }
    expect(fires("{ cs-user-agent|contains: 'KHTML*Gecko' }", { agent: logged }).foreign).toBe(true);
    expect(fires("{ cs-user-agent|contains: 'KHTMLlike' }", { agent: logged }).foreign).toBe(false);
    expect(fires("{ cs-user-agent|re: 'KHTML, like' }", { agent: logged }).foreign).toBe(true);
  });

  test('numbers, absent values and keywords', () => {
    expect(fires('{ sc-status: 200 }', {}).foreign).toBe(true);
    expect(fires('{ cs-referer: null }', {}).foreign).toBe(true);
    expect(fires("{ cs-referer: '*' }", {}).foreign).toBe(false);
    expect(fires("['=cmd /c']", { query: 'x=cmd%20/c%20dir' })).toEqual({ foreign: true, own: true });
    expect(fires("['page.aspx?cmd']", { stem: '/page.aspx', query: 'cmd=1' })).toEqual({
      foreign: true,
      own: true,
    });
    expect(fires("['1.0']", {})).toEqual({ foreign: false, own: false });
  });

  test('a header without the query still has the path', () => {
    const short = shapeOf('iis', ['cs-method', 'cs-uri-stem']);
    const rules = rulesOf(
      ruleText('a: { cs-uri-query|contains: /owa/ }\ncondition: a', 'category: webserver'),
    );
    expect(hitsOf(matcherOf(rules, short), batchOf(short, ['GET', '/owa/x']))).toEqual([0]);
  });

  test('a line that fits no header is searched for keywords', () => {
    const torn = shapeOf('iis', ['text'], { malformed: 'true' });
    const rules = rulesOf(
      [
        ruleText('a: [y.js]\ncondition: a', 'category: webserver'),
        ruleText('a: { cs-uri-stem: x }\ncondition: a', 'category: webserver'),
      ].join('---\n'),
    );
    expect(hitsOf(matcherOf(rules, torn), batchOf(torn, ['2021-03-03 POST /ecp/y.js torn']))).toEqual([0]);
  });
});

describe('a request of HttpProxy', () => {
  const shape = shapeOf('httpproxy', ['UrlStem', 'UrlQuery', 'UserAgent', 'AnchorMailbox']);
  const logsource = 'product: exchange\nservice: httpproxy';
  const fire = (items: string, values: readonly MadeValue[]): boolean =>
    hitsOf(
      matcherOf(rulesOf(ruleText(`a: ${items}\ncondition: a`, logsource)), shape),
      batchOf(shape, values),
    ).length > 0;

  test('has its url from stem and query, with the question mark of either kind', () => {
    for (const query of ['?a=%62', 'a=%62']) {
      expect(fire('{ url: /ecp/y.js?a=b }', ['/ecp/y.js', query, 'x', null])).toBe(true);
    }
    expect(fire('{ url: /ecp/y.js }', ['/ecp/y.js', null, 'x', null])).toBe(true);
  });

  test('has the agent that IIS has', () => {
    expect(
      fire("{ UserAgent|contains: 'KHTML, like Gecko' }", ['/', null, 'Mozilla (KHTML  like Gecko)', null]),
    ).toBe(true);
  });

  test('doubled quotes are one', () => {
    const anchor: MadeValue = { raw: 'ServerInfo~a""b', type: 'csvQuoted' };
    expect(fire(`{ AnchorMailbox|contains: '~a"b' }`, ['/', null, 'x', anchor])).toBe(true);
  });
});

describe('what is captured', () => {
  const capture = (fields: string, request: Request): Record<string, string> => {
    const text = `${ruleText('a: { cs-method: GET }\ncondition: a', 'category: webserver')}fields: ${fields}\n`;
    const matcher = matcherOf(rulesOf(text), iis);
    return Object.fromEntries(matcher?.captures(batchOf(iis, record(request)), 0, 0) ?? []);
  };

  test('stands under the names of the rule, as it is written in the log', () => {
    expect(
      capture('[url, cs-user-agent, cs-uri-query, cs-referer, c-ip, nothing]', {
        stem: '/a',
        query: 'b=%20',
        agent: 'x+y',
      }),
    ).toEqual({
      url: '/a?b=%20',
      'cs-user-agent': 'x y',
      'cs-uri-query': 'b=%20',
      'c-ip': '192.0.2.1',
    });
  });

  test('is bounded', () => {
    expect(capture('[cs-uri-query]', { query: 'q'.repeat(10_000) })['cs-uri-query']?.length).toBe(4096);
  });

  test('constants and lists too', () => {
    const shape = shapeOf('windows-event', ['Data'], { EventID: '1', Channel: 'Application' });
    const matcher = matcherOf(
      rulesOf(`${ruleText('a: { Data: x }\ncondition: a')}fields: [EventID, data]\n`),
      shape,
    );
    const batch = batchOf(shape, [{ raw: '["x","y"]', type: 'jsonValue' }]);
    expect(matcher?.captures(batch, 0, 0)).toEqual(
      new Map([
        ['EventID', '1'],
        ['data', 'x, y'],
      ]),
    );
  });
});

describe('the pieces', () => {
  test.each([
    ['a%41b', 'aAb'],
    ['%e2%82%ac%C3%9f', '€ß'],
    ['%', '%'],
    ['%4', '%4'],
    ['%zz%41', '%zzA'],
    ['%ff%41', '\ufffdA'],
    ['%2541', '%41'],
  ])('percentDecode(%j) is %j', (text, decoded) => {
    expect(percentDecode(text)).toBe(decoded);
  });

  test.each([
    [inserted, ''],
    [`CorrelationID=<empty>;&cafeReqId=x;`, ''],
    ['a=1&cafeReqId=x;b=2', 'a=1&cafeReqId=x;b=2'],
    ['xcafeReqId=1', 'xcafeReqId=1'],
    ['a&cafereqid=1&b', 'a&b'],
  ])('withoutInsertions(%j) is %j', (query, bare) => {
    expect(withoutInsertions(query)).toBe(bare);
  });

  test('foldAgent and requestUrl', () => {
    expect(foldAgent('a,+ b++c')).toBe('a b c');
    expect([
      requestUrl('/a', undefined),
      requestUrl('/a', ''),
      requestUrl('/a', 'b'),
      requestUrl('/a', '?b'),
    ]).toEqual(['/a', '/a', '/a?b', '/a?b']);
  });
});
