import type { Advice, Assessment } from '@postern/core';
import { nameOf } from './headline.ts';
import { fill, words } from './words.ts';

const namesShown = 4;

/** `on ex01, ex02`, where the evidence is of several servers and the advice not for all of them; else empty. */
export function advisedOn({ servers: ids }: Advice, { servers }: Assessment): string {
  const judged = servers.filter(({ headline }) => headline !== undefined);
  const own = judged.filter(({ id }) => ids.includes(id)).map((server) => nameOf(server));
  if (judged.length < 2 || own.length === 0 || own.length === judged.length) return '';
  const rest = own.length - namesShown;
  const names = own.slice(0, namesShown).join(', ');
  return fill(words.on, { name: rest > 0 ? `${names} +${rest}` : names });
}
