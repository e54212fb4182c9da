// People at work, in the proportions of a server of this kind.

import { activeSync, autodiscover, outlook, webServices } from './benign-clients.ts';
import type { Context, Maker } from './benign-context.ts';
import { mishap, owaLogon, owaNotifications, owaPage, owaService, userOptions } from './benign-owa.ts';
import type { WebRequest } from './request.ts';

const MIX: readonly (readonly [weight: number, maker: Maker])[] = [
  [22, owaService],
  [3, owaNotifications],
  [9, owaPage],
  [3, owaLogon],
  [24, activeSync],
  [13, webServices],
  [20, outlook],
  [4, autodiscover],
  [1, userOptions],
  [1, mishap],
];

/** One maker per hundredth, so that choosing is one look-up. */
const BY_SHARE: readonly Maker[] = MIX.flatMap(([weight, maker]) =>
  Array.from({ length: weight }, () => maker),
);

/** One request of someone at work that ends at `end`. */
export function workRequest(context: Context, end: number): WebRequest {
  const { random, world } = context;
  return random.pick(BY_SHARE)(context, random.pick(world.users), end);
}
