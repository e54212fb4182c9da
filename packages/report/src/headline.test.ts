import type { CampaignVerdict } from '@postern/core';
import { describe, expect, it } from 'vitest';
import { byUrgency, doorText, sentenceOf } from './headline.ts';
import { compromised } from './testing/compromised.ts';
import { absent, implant, lateDoor, server, withVerdict } from './testing/parts.ts';
import { twoServers } from './testing/samples.ts';
import { presumptionOf, unseenOf } from './unseen.ts';

function campaign(given: Partial<CampaignVerdict>): CampaignVerdict {
  return withVerdict('server-ex01', given).campaigns[0]!;
}

const shell = implant('implant-1', 'C:\\inetpub\\wwwroot\\a.aspx');
const { lastUsedAt: _, ...unused } = shell;

describe('doorText', () => {
  it.each([
    [
      'used after the door was closed',
      campaign({ verdict: 'compromised', door: lateDoor }),
      [shell],
      'closed now, intruders stayed',
    ],
    [
      'left behind',
      campaign({ verdict: 'compromised', door: lateDoor }),
      [unused],
      'closed now, back doors still there',
    ],
    [
      'gone',
      campaign({ verdict: 'compromised', door: lateDoor }),
      [{ ...unused, state: 'removed' as const }],
      'closed now, intruders may have stayed',
    ],
    [
      'nobody came in',
      campaign({ verdict: 'attacked', door: lateDoor }),
      [],
      'open until 9 Mar 2021 · the fix existed since 2 Mar · closed now',
    ],
  ])('says what is known of a late fix: %s', (_name, given, implants, expected) => {
    expect(doorText(given, implants)).toContain(expected);
  });

  it.each([
    [
      { state: 'open-now', duringCampaign: 'open', basis: 'b', fixExistedSince: '2021-03-02' },
      'open now · the fix existed since 2 Mar 2021',
    ],
    [
      { state: 'not-known', duringCampaign: 'not-known', basis: 'no build was seen' },
      'not known, now or during the campaign · no build was seen',
    ],
    [
      { state: 'not-known', duringCampaign: 'partly-open', basis: 'proved on 2021-03-14' },
      'open during part of the campaign · not known now · proved on 14 Mar 2021',
    ],
    [
      { state: 'closed', duringCampaign: 'not-known', basis: 'b' },
      'closed now · not known whether open during the campaign',
    ],
    [
      { state: 'closed', duringCampaign: 'closed', closedAt: '2020-12-30T10:00:00Z', basis: 'b' },
      'closed on 30 Dec 2020 · closed during the campaign',
    ],
  ] as const)('%j', (door, expected) => {
    expect(doorText(campaign({ door }), [])).toBe(expected);
  });
});

describe('sentenceOf', () => {
  it('says from when to when for the verdicts that need it', () => {
    const window = { from: '2021-02-01T00:00:00Z', to: '2021-03-17T00:00:00Z' };
    expect(sentenceOf(campaign({ verdict: 'nothing-found', window }))).toBe(
      'No sign in what we could see, from 1 Feb 2021 to 17 Mar 2021.',
    );
    expect(sentenceOf(campaign({ verdict: 'exposed', window }))).toBe(
      'The door was open from 1 Feb 2021 to 17 Mar 2021; we found no one who used it.',
    );
    expect(sentenceOf(campaign({ verdict: 'undetermined', window }))).toBe('We cannot tell.');
  });
});

describe('byUrgency', () => {
  it('puts the worst first and hosts without the product last', () => {
    expect(byUrgency([server({ id: 'server-dc' }), ...twoServers.servers]).map(({ id }) => id)).toEqual([
      'server-ex01',
      'server-ex02',
      'server-dc',
      'server-dc01',
    ]);
  });
});

describe('unseenOf', () => {
  const [only] = compromised.servers;
  const [given] = only!.campaigns;

  it('says gaps in days, families together, and what each leaves open', () => {
    expect(unseenOf(compromised, only!, given!, '2021')).toEqual([
      {
        what: 'HttpProxy 14–20 Feb: removed or cleared (other logs run on)',
        weakens: "an earlier entry can't be excluded",
      },
      {
        what: 'HttpProxy, IIS 3–31 Jan: trimmed or rolled over',
        weakens: "an earlier entry can't be excluded",
      },
      { what: 'event logs: none in this collection', weakens: 'what was run stays unknown' },
      { what: 'EWS: none in this collection', weakens: 'some of what was done stays unknown' },
    ]);
  });

  it('names the part that is missing of what is there in part', () => {
    const { families, ...coverage } = compromised.coverage;
    const given2 = {
      ...compromised,
      coverage: { ...coverage, families: [...families, absent('iis-back', 'IIS back end')] },
    };
    const limits = [{ text: 'IIS back end: none in this collection', coverageRef: 'iis-back' }];
    expect(unseenOf(given2, only!, { ...given!, limits }, '2021').map(({ what }) => what)).toEqual([
      'IIS back end: none in this collection',
    ]);
  });

  it('leaves limits of questions and the presumption to others, unless there is nothing else', () => {
    const question = {
      text: 'use of CVE-2021-26855: 36 of 66 days cannot be judged',
      coverageRef: 'use:CVE-2021-26855',
    };
    const presumed = { text: 'Act as if.', coverageRef: 'presumption' };
    const alone = { ...given!, limits: [presumed, question] };
    expect(unseenOf(compromised, only!, alone, '2021')).toEqual([{ what: question.text, weakens: '' }]);
    expect(presumptionOf(alone)).toBe('Act as if.');
  });

  it('keeps the words of a limit that coverage does not explain', () => {
    const limits = [{ text: 'HttpProxy of 2021-05-01 was cut', coverageRef: 'httpproxy-ecp' }];
    expect(unseenOf(compromised, only!, { ...given!, limits }, '2021')).toEqual([
      { what: 'HttpProxy of 1 May was cut', weakens: '' },
    ]);
  });
});
