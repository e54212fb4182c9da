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
  /** The campaign's window, cut to the time the server is in service, the evidence's end and the day the door was closed. */
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

/** What the window of a campaign is cut to. */
export interface Bounds {
  /** What the logs of the server span. */
  readonly evidence?: Interval | undefined;
  /** When the door was closed. */
  readonly closed?: Ticks | undefined;
  /** Since when the server is in service. */
  readonly since?: Ticks | undefined;
}

/**
 * The window that a verdict is asked for; empty where the door was closed before the campaign began, or the server is
 * in service only since it ended.
 */
export function windowOf(pack: Pack, { evidence, closed, since }: Bounds = {}): Interval {
  const start = parseTime(pack.campaign.from) ?? 0n;
  const from = since !== undefined && since > start ? since : start;
  let to = endOfDay(pack.campaign.to) ?? from;
  if (evidence !== undefined && evidence.to < to) ({ to } = evidence);
  if (closed !== undefined && closed < to) to = closed;
  return { from, to: to < from ? from : to };
}
