import { basename } from 'node:path';
import type { Argument } from './arguments.ts';

/** How a path below an argument is written in everything that leaves this package. */
export type Naming = (argument: Argument, path: string) => string;

/** One argument needs no name; of several each path says below which it was found, or none could be told apart. */
export function namingOf(count: number): Naming {
  return count > 1 ? pathBelow : (_argument, path) => path;
}

function pathBelow({ name, isFolder, real }: Argument, path: string): string {
  // A file or archive that was named stands for its argument.
  const isItself = !isFolder && path === basename(real);
  if (!isItself) return `${name}/${path}`;
  return name.slice(0, name.lastIndexOf('/') + 1) + path;
}
