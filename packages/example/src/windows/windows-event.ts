import type { EventKind, EvtxValue } from '@postern/evtx';

/** One event of one server, before it gets its number. */
export interface WindowsEvent {
  readonly kind: EventKind;
  /** Milliseconds, UTC. */
  readonly time: number;
  /** In the order of the kind's fields. */
  readonly values: readonly EvtxValue[];
  /** Process that logged it; the kernel if not said. */
  readonly process?: number;
  readonly thread?: number;
  /** SID of who caused it, where the provider says so. */
  readonly user?: string;
}

/** `2021-03-03 01:02:03.456`, as Sysmon writes a time. */
export function sysmonTime(time: number): string {
  return new Date(time).toISOString().replace('T', ' ').slice(0, 23);
}
