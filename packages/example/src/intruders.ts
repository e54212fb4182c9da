import { agentOf, SCRIPTS, type Agent } from './agents.ts';
import { WEB_FOLDERS, type WebFolder, type WebPlace } from './places.ts';
import { ALPHANUMERIC, LOWER, type Random } from './random.ts';
import { LOOK_ALIKES, PLAIN_PAGE_NAMES } from './words.ts';
import { INTRUDERS, type World } from './world.ts';

/** One person or group with own addresses and tools. */
export interface Intruder {
  readonly name: string;
  readonly addresses: readonly string[];
  readonly agentTexts: readonly string[];
  readonly agents: readonly Agent[];
}

/** A page's name as intruders choose it: random, a word, or close to a page of the product. */
export function pageName(random: Random): string {
  const forms = [
    () => random.text(ALPHANUMERIC, random.between(6, 12)),
    () => `${random.pick(PLAIN_PAGE_NAMES)}_${random.text(LOWER, 4)}`,
    () => `${random.pick(LOOK_ALIKES)}${random.text(LOWER, 3).toUpperCase()}${random.below(100)}`,
    () => random.text('0123456789', 7),
  ];
  return `${random.pick(forms)()}.aspx`;
}

/** A new page somewhere that the web server serves, but not in `notIn`. */
export function placePage(random: Random, notIn?: WebFolder): WebPlace {
  const folders = WEB_FOLDERS.filter((folder) => folder !== notIn);
  return { folder: random.pick(folders), name: pageName(random) };
}

/** Intruders with different addresses and agents, named A, B, C. */
export function inventIntruders(random: Random, world: World, count: number): Intruder[] {
  const addresses = random.sample(world.strangers.slice(0, INTRUDERS), count * 2);
  const texts = random.sample(SCRIPTS, count * 2);
  return Array.from({ length: count }, (_, index) => {
    const agentTexts = texts.slice(index * 2, index * 2 + random.between(1, 2));
    return {
      name: String.fromCharCode(65 + index),
      addresses: addresses.slice(index * 2, index * 2 + random.between(1, 2)),
      agentTexts,
      agents: agentTexts.map(agentOf),
    };
  });
}
