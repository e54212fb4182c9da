import { describe, expect, it } from 'vitest';
import { excerptOf, maskSecrets, showControls } from './mask.ts';

describe('maskSecrets', () => {
  it.each([
    ['GET /ecp/x?msExchEcpCanary=Ab12Cd34Ef56.&a=1', 'Ab12Cd34Ef56'],
    ['Cookie: cadata=AAAABBBBCCCC; other=1', 'AAAABBBBCCCC'],
    ['X-Rps-CAT=VgEAVAdXaW5kb3dz&Email=x', 'VgEAVAdXaW5kb3dz'],
    ['Authorization: Basic dXNlcjpwYXNzd29yZA==', 'dXNlcjpwYXNzd29yZA=='],
    ['net user helper Passw0rd! /add', 'Passw0rd!'],
    ['password=hunter2&x=1', 'hunter2'],
  ])('hides the secret of %s', (text, secret) => {
    expect(maskSecrets(text)).not.toContain(secret);
    expect(maskSecrets(text)).toMatch(/‹secret:[0-9a-f]{8}›/);
  });

  it('gives one secret one tag, and masks once', () => {
    const once = maskSecrets('canary=abcdefgh');
    expect(maskSecrets('x canary=abcdefgh y')).toContain(once);
    expect(maskSecrets(once)).toBe(once);
    expect(maskSecrets('canary=abcdefgi')).not.toBe(once);
  });

  it('leaves ordinary text alone', () => {
    const line =
      '2021-03-03 06:40:12 10.0.0.1 GET /owa/auth/logon.aspx replaceCurrent=1 443 - 198.51.100.7 - 200 0 0 15';
    expect(maskSecrets(line)).toBe(line);
  });
});

it('makes controls and direction marks visible', () => {
  expect(showControls('a\r\nb\u202Ec\u0000')).toBe('a\\u000d\\u000ab\\u202ec\\u0000');
});

it('cuts an excerpt around its witness', () => {
  const text = `${'x'.repeat(500)}ServerInfo~a]@EX01${'y'.repeat(500)}`;
  const excerpt = excerptOf(text, 240, 'serverinfo~');
  expect(excerpt).toContain('ServerInfo~a]@EX01');
  expect(excerpt.length).toBeLessThanOrEqual(240);
  expect(excerptOf(text, 240).length).toBe(240);
});
