// What removing and making an Offline Address Book directory does beside its cmdlets, as a lab's capture has it:
// the panel's work without waiting, the pool that fails to start ahead, the application that goes and comes.

import type { Machine } from './machine.ts';
import { createRandom } from '../random.ts';
import type { PanelCommand } from './cmdlets.ts';
import {
  PANEL_BEGAN,
  PANEL_FINISHED,
  PRELOAD_FAILED,
  PROXY_STARTING,
  PROXY_STOPPING,
} from './other-kinds.ts';
import type { WindowsEvent } from './windows-event.ts';

/** Events around each directory that was really removed. */
export function resetTraces(machine: Machine, commands: readonly PanelCommand[]): WindowsEvent[] {
  const random = createRandom(`${machine.world.seed}/reset/${machine.server.host}`);
  const sid = `${machine.world.domainSid}-500`;
  return commands
    .filter(({ row }) => /^Remove-OabVirtualDirectory\b/.test(row.command) && row.exception === '')
    .flatMap(({ time }) => {
      const thread = random.between(20, 300);
      const began = `Current User: '${sid}'\r\nExchange Control Panel started an Async web request in the thread ${thread}.\r\nCommand: 'SetObject'`;
      const failures = Array.from({ length: random.between(3, 17) }, (_, index): WindowsEvent => ({
        kind: PRELOAD_FAILED,
        time: time + 60 + index * random.between(20, 90),
        values: ['MSExchangeOABAppPool'],
      }));
      return [
        { kind: PANEL_BEGAN, time: time - 400, values: [[sid, String(thread), 'SetObject', began]] },
        ...failures,
        { kind: PROXY_STOPPING, time: time + 90, values: [['[Oab] Application shutting down.']] },
        {
          kind: PANEL_FINISHED,
          time: time + 4200,
          values: [[sid, String(thread), 'SetObject', began.replace('started', 'finished')]],
        },
        { kind: PROXY_STARTING, time: time + 9000, values: [['[Oab] Application starting.']] },
      ];
    });
}
