import { describe, expect, it } from 'vitest';
import { intrudersOf } from '../deeds.ts';
import { compromised } from '../testing/compromised.ts';
import { implant, operator } from '../testing/parts.ts';
import { cellsOf } from './cells.ts';

describe('cellsOf', () => {
  it('gives each operator its uses of each back door, as far as they can be told apart', () => {
    const cells = cellsOf(compromised, compromised.implants, intrudersOf(compromised));
    expect(cells).toEqual([
      [
        { placed: true, used: true, count: 29, first: '2021-02-28T05:34:31Z', last: '2021-03-02T10:22:43Z' },
        { placed: false, used: true, count: 74, first: '2021-03-04T08:00:00Z', last: '2021-03-09T09:00:00Z' },
        { placed: false, used: true, count: 54 },
      ],
      [
        undefined,
        undefined,
        { placed: true, used: true, count: 7, first: '2021-03-07T11:02:00Z', last: '2021-03-07T11:30:00Z' },
      ],
    ]);
  });

  it('guesses nothing where two shared back doors stand against two operators', () => {
    const both = ['operator-a', 'operator-b'];
    const implants = [
      implant('implant-1', 'a.aspx', { operators: both }),
      implant('implant-2', 'b.aspx', { operators: both }),
    ];
    const list = both.map((id, i) =>
      operator(id, 'AB'[i] ?? '', {
        implants: ['implant-1', 'implant-2'],
        actions: [{ stage: 'use', what: 'A back door was used', count: 80 }],
      }),
    );
    const given = { ...compromised, implants, operators: { ...compromised.operators, list } };
    for (const cell of cellsOf(given, implants, list).flat())
      expect(cell).toEqual({ placed: false, used: true });
  });

  it('knows who placed a back door and never used it', () => {
    const implants = [
      implant('implant-1', 'a.aspx', { placedBy: 'operator-a', operators: ['operator-a'], uses: 0 }),
    ];
    const [row] = cellsOf({ ...compromised, implants }, implants, [
      operator('operator-a', 'A', { implants: ['implant-1'] }),
    ]);
    expect(row?.[0]).toMatchObject({ placed: true, used: false });
  });

  it('shows no count that was worked out where the sums do not fit', () => {
    const [first, ...others] = compromised.implants;
    const implants = [{ ...first!, uses: 170 }, ...others];
    const [row] = cellsOf({ ...compromised, implants }, implants, intrudersOf(compromised));
    expect(row?.map((cell) => cell?.count)).toEqual([29, 74, undefined]);
  });
});
