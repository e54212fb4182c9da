import { parseTime } from '@postern/core';
import type { AskedTime, Door, Pack, Ticks } from '@postern/core';
import type { FamilyView } from './coverage.ts';
import type { ExposureSpan } from './exposure.ts';
import type { FindingDraft } from './findings.ts';
import type { ImplantDraft } from './implants.ts';
import type { Interval } from './intervals.ts';
import type { AskedQuestion } from './questions.ts';
import { endOfDay } from './questions.ts';

/** All that the verdict on one server and one pack rests on. */
export interface CampaignMatter {
  readonly pack: Pack;
  readonly server: string;
  readonly drafts: readonly FindingDraft[];
  readonly implants: readonly ImplantDraft[];
  readonly questions: readonly AskedQuestion[];
  readonly views: readonly FamilyView[];
  readonly exposure: readonly ExposureSpan[];
  readonly door: Door;
  /** The campaign's window, cut to the evidence's end and to the day the door was closed. */
  readonly window: Interval;
  /** The time that was asked for holds nothing of that. */
  readonly isCutAway: boolean;
  readonly asked?: AskedTime;
  /** The window before that cut it. */
  readonly whole: Interval;
  /** Records outside of the time that was asked for that speak of an intrusion. */
  readonly outside: number;
  /** What the logs of the server span. */
  readonly evidence: Interval | undefined;
  readonly complete: boolean;
}

/** The window that a verdict is asked for; empty where the door was closed before the campaign began. */
export function windowOf(pack: Pack, evidence: Interval | undefined, closed: Ticks | undefined): Interval {
  const from = parseTime(pack.campaign.from) ?? 0n;
  let to = endOfDay(pack.campaign.to) ?? from;
  if (evidence !== undefined && evidence.to < to) ({ to } = evidence);
  if (closed !== undefined && closed < to) to = closed;
  return { from, to: to < from ? from : to };
}
