import fc from 'fast-check';
import { expect, test } from 'vitest';
import { propertyRuns } from '../../../testing/properties.ts';
import { urlPath } from './url-path.ts';

test.each([
  ['https://EX01.example.test/OWA/Auth/X.aspx?a=b#c', '/owa/auth/x.aspx'],
  ['owa/x.aspx', '/owa/x.aspx'],
  ['/owa/%61uth/%c3%a4.aspx', '/owa/auth/ä.aspx'],
  ['/owa/%ff.aspx', '/owa/%ff.aspx'],
  ['/owa/%2561.aspx', '/owa/%61.aspx'],
  ['/owa//./a/../x.aspx', '/owa/x.aspx'],
  ['/../../x.aspx', '/x.aspx'],
  ['\\owa\\x.aspx', '/owa/x.aspx'],
  ['/x.aspx::$DATA', '/x.aspx'],
  ['/x.aspx. .', '/x.aspx'],
  ['/owa/auth/', '/owa/auth/'],
  ['/', '/'],
  ['', '/'],
  [':444/ecp/x.aspx', ':444/ecp/x.aspx'],
])('%s is %s', (url, path) => {
  expect(urlPath(url)).toBe(path);
});

test('whatever the text, a path without percent signs, dots and blanks is taken once and for all', () => {
  fc.assert(
    fc.property(fc.string({ maxLength: 60 }), (text) => {
      const once = urlPath(text.replaceAll(/[%?#:]/g, ''));
      expect(urlPath(once)).toBe(once);
    }),
    propertyRuns(),
  );
});
