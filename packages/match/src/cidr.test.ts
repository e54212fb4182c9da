import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { propertyRuns } from '../../../testing/properties.ts';
import { matchCidr, parseAddress, parseCidr } from './cidr.ts';

describe('parseAddress', () => {
  test.each([
    ['192.0.2.1', [192, 0, 2, 1]],
    ['::ffff:192.0.2.1', [192, 0, 2, 1]],
    ['::ffff:c000:201', [192, 0, 2, 1]],
    ['192.0.2.1:443', [192, 0, 2, 1]],
    ['::1', [...Array<number>(15).fill(0), 1]],
    ['[::1]', [...Array<number>(15).fill(0), 1]],
    ['[::1]:443', [...Array<number>(15).fill(0), 1]],
    ['fe80::1%eth0', [0xfe, 0x80, ...Array<number>(13).fill(0), 1]],
    ['fe80::1%3', [0xfe, 0x80, ...Array<number>(13).fill(0), 1]],
    ['[fe80::1%3]:8080', [0xfe, 0x80, ...Array<number>(13).fill(0), 1]],
    ['2001:DB8:0:0:0:0:0:0', [0x20, 1, 0x0d, 0xb8, ...Array<number>(12).fill(0)]],
    ['::', Array<number>(16).fill(0)],
  ])('reads %s', (text, bytes) => {
    expect(parseAddress(text)).toEqual(bytes);
  });

  test.each([
    '',
    '-',
    'host',
    '1.2.3',
    '1.2.3.4.5',
    '256.1.1.1',
    '01.2.3.4',
    '1.2.3.4:',
    '1.2.3.4:x',
    ':::',
    '1::2::3',
    '12345::',
    '1:2:3:4:5:6:7',
    '1:2:3:4:5:6:7:8:9',
    '::1.2.3',
    '1:2:3:4:5:6:7::8',
    '[::1',
    '::1]:80',
    '1.2.3.4 ',
    'fe80::1%',
  ])('takes "%s" for no address', (text) => {
    expect(parseAddress(text)).toBeUndefined();
  });

  test('never throws and gives 4 or 16 bytes', () => {
    const piece = fc.constantFrom(':', '::', '.', '[', ']', '%', '1', 'ff', '255', '0', '/', 'z');
    fc.assert(
      fc.property(fc.array(piece, { maxLength: 24 }), (pieces) => {
        const bytes = parseAddress(pieces.join(''));
        expect([undefined, 4, 16]).toContain(bytes?.length);
        expect(bytes?.every((byte) => byte >= 0 && byte <= 255) ?? true).toBe(true);
      }),
      propertyRuns(10),
    );
  });

  test('reads every IPv6 address as it is written in full', () => {
    fc.assert(
      fc.property(fc.array(fc.nat(0xffff), { minLength: 8, maxLength: 8 }), (groups) => {
        fc.pre(groups.slice(0, 5).some((group) => group !== 0));
        const text = groups.map((group) => group.toString(16)).join(':');
        expect(parseAddress(text)).toEqual(groups.flatMap((group) => [group >> 8, group & 0xff]));
      }),
      propertyRuns(),
    );
  });
});

describe('matchCidr', () => {
  test.each([
    ['10.0.0.0/8', '10.255.0.1', true],
    ['10.0.0.0/8', '11.0.0.1', false],
    ['10.0.0.0/8', '::ffff:10.1.2.3', true],
    ['10.0.0.0/8', '10.1.2.3:8080', true],
    ['10.0.0.0/8', 'ten', false],
    ['0.0.0.0/0', '203.0.113.9', true],
    ['0.0.0.0/0', '2001:db8::1', false],
    ['::/0', '203.0.113.9', false],
    ['192.168.128.0/17', '192.168.127.255', false],
    ['192.168.128.0/17', '192.168.200.1', true],
    ['203.0.113.9', '203.0.113.9', true],
    ['203.0.113.9/32', '203.0.113.8', false],
    ['fe80::/10', 'fe80::1%3', true],
    ['fe80::/10', 'fec0::1', false],
    ['fc00::/7', 'fdff::1', true],
    ['::1/128', '[::1]:443', true],
    ['::ffff:10.0.0.0/104', '10.9.9.9', true],
  ])('%s and %s: %s', (network, address, expected) => {
    expect(matchCidr(parseCidr(network), address)).toBe(expected);
  });

  test.each([
    '10.0.0.1/8',
    'fe80::1/10',
    '10.0.0.0/33',
    '::/129',
    '10.0.0/8',
    'x/8',
    '',
    '10.0.0.0/',
    '::ffff:0:0/95',
  ])('refuses the network "%s" with a code', (text) => {
    expect(() => parseCidr(text)).toThrow(expect.objectContaining({ code: 'POSTERN_MATCH_CIDR' }));
  });

  test('agrees with arithmetic on IPv4', () => {
    fc.assert(
      fc.property(
        fc.nat(0xffff_ffff),
        fc.nat(0xffff_ffff),
        fc.integer({ min: 0, max: 32 }),
        (a, b, prefix) => {
          const size = 2 ** (32 - prefix);
          const base = Math.floor(a / size) * size;
          const inside = Math.floor(b / size) * size === base;
          expect(matchCidr(parseCidr(`${dotted(base)}/${prefix}`), dotted(b))).toBe(inside);
        },
      ),
      propertyRuns(4),
    );
  });
});

function dotted(value: number): string {
  return [24, 16, 8, 0].map((shift) => (value >>> shift) & 0xff).join('.');
}
