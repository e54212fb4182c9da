import { fieldText, recordTime, shapeOfRecord, type Batch, type PowerEvent, type Shape } from '@postern/core';

/** Events of the System log that tell of shutdown and start, by id and the end of their provider's name. */
const known: ReadonlyMap<string, { readonly provider: RegExp; readonly event: PowerEvent['event'] }> =
  new Map([
    ['1074', { provider: /user32$/i, event: 'stopping' }],
    ['6006', { provider: /eventlog$/i, event: 'stopped' }],
    ['6005', { provider: /eventlog$/i, event: 'started' }],
    ['6008', { provider: /eventlog$/i, event: 'started-after-crash' }],
    ['41', { provider: /kernel-power$/i, event: 'started-after-crash' }],
  ]);
/** Whether records of this layout may tell of a shutdown or start. */
export function tellsOfPower({ recorder, constants }: Shape): boolean {
  const id = constants.get('EventID');
  return recorder === 'windows:System' && (id === undefined || known.has(id));
}

/** A server starts some dozens of times a year; more says that the log is made up. */
const eventsKept = 10_000;

/** Gathers when the machine went down and came up, as its System log tells. */
export class PowerEvents {
  private readonly list: PowerEvent[] = [];

  see(batch: Batch, record: number): void {
    if (!tellsOfPower(shapeOfRecord(batch, record)) || this.list.length >= eventsKept) return;
    const found = known.get(fieldText(batch, record, 'EventID') ?? '');
    if (found === undefined || !found.provider.test(fieldText(batch, record, 'Provider_Name') ?? '')) return;
    const time = recordTime(batch, record);
    const host = fieldText(batch, record, 'Computer')?.toLowerCase();
    if (time !== undefined)
      this.list.push({ time, event: found.event, ...(host === undefined ? {} : { host }) });
  }

  facts(): readonly PowerEvent[] {
    return this.list.toSorted((a, b) => (a.time < b.time ? -1 : a.time > b.time ? 1 : 0));
  }
}
