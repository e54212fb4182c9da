import { ticksPerSecond } from '@postern/core';
import type { RuleInfo, Ticks } from '@postern/core';

/** A value that joins records of one act. */
export interface Join {
  /**
   * `request`: one request; `session`: many requests of one visitor; `process`: one process, by its GUID (`guid:…`) or
   * its id, which {@link boundJoins} ties to a host and a time.
   */
  readonly kind: 'request' | 'session' | 'process';
  readonly value: string;
}

const guid = /^\{?([0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12})\}?$/i;
/** What the kernel itself does has this process id: it joins nothing. */
const systemProcess = 4n;
const requestIn = /cafeReqId=([0-9a-f-]{36})/gi;
const canaryIn = /msExchEcpCanary=([^&;#\s"']{6,})/gi;

/** Records of one process within this time are of one life of its id: Windows gives ids out again. */
const lifeTicks = 600n * ticksPerSecond;

/** The joining values in the fields that a rule names for it. Empty values and zero GUIDs join nothing. */
export function joinsOf(rule: RuleInfo, captures: ReadonlyMap<string, string>): Join[] {
  const joins: Join[] = [];
  // Beside a new process, the other id is that of the process which made it.
  const isMaker = (captures.get('NewProcessId') ?? '') !== '';
  for (const field of rule.joins) {
    if (isMaker && field === 'ProcessId') continue;
    const text = captures.get(field)?.trim();
    if (text !== undefined && text !== '' && text !== '-') joins.push(...joinsIn(field, text));
  }
  return joins;
}

/**
 * Ties process ids to the host and to the time of the record: the same id on another host or much later is another
 * process. Two records within ten minutes share a value, two that are more than twenty apart do not; what a record
 * shares hangs on nothing but itself, so that one more record never changes what others share. Without a time an id
 * joins nothing; a GUID is the process itself.
 */
export function boundJoins(joins: readonly Join[], host: string, time: Ticks | undefined): Join[] {
  return joins.flatMap((join) => {
    if (join.kind !== 'process' || join.value.startsWith('guid:')) return [join];
    if (time === undefined) return [];
    const life = time / lifeTicks;
    return [life, life + 1n].map((k) => ({ ...join, value: `${host}:${join.value}@${k}` }));
  });
}

function joinsIn(field: string, text: string): Join[] {
  const found: Join[] = [];
  for (const m of text.matchAll(requestIn)) found.push(...requestJoin(m[1] ?? ''));
  for (const m of text.matchAll(canaryIn)) found.push({ kind: 'session', value: decoded(m[1] ?? '') });
  if (found.length > 0) return found;
  if (guid.test(text))
    return /^(?:new|parent)?processguid$/i.test(field) ? guidJoin(text) : requestJoin(text);
  if (/^(?:0x[0-9a-f]+|\d+)$/i.test(text)) return /process/i.test(field) ? processJoin(text) : [];
  // A query or an address of a request is no id; only what it holds may be.
  const isId = /(?:id|canary|session)$/i.test(field) && text.length >= 6 && text.length <= 512;
  return isId ? [{ kind: 'session', value: decoded(text) }] : [];
}

function requestJoin(text: string): Join[] {
  const value = guid.exec(text)?.[1]?.toLowerCase();
  return value === undefined || /^[0-]+$/.test(value) ? [] : [{ kind: 'request', value }];
}

function guidJoin(text: string): Join[] {
  return requestJoin(text).map(({ value }) => ({ kind: 'process', value: `guid:${value}` }));
}

function processJoin(text: string): Join[] {
  const value = BigInt(text);
  return value <= systemProcess ? [] : [{ kind: 'process', value: String(value) }];
}

/** A canary stands escaped in one log and plain in another. */
function decoded(text: string): string {
  return text.replace(/%([0-9a-f]{2})/gi, (_, hex: string) => String.fromCharCode(Number.parseInt(hex, 16)));
}
