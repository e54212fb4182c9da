import { join } from 'node:path';
import { checkPack, loadPack } from '@postern/pack';
import { readFolder } from '@postern/scan';
import { seeHelp, usage } from './options.ts';
import { packFolders, packIds, packsFolder } from './packs-folder.ts';
import type { Console } from './scan-command.ts';

/** `postern pack list | check DIR`; 1 if a check found errors. */
export function packCommand(argv: readonly string[], console: Console): number {
  const [action, name] = argv;
  if (action === 'list') return list(console);
  if (action === 'check' && name !== undefined) return check(name, console);
  throw usage('pack wants `list` or `check DIR`', seeHelp);
}

function list(console: Console): number {
  for (const id of packIds()) {
    const { pack } = loadPack(readFolder(join(packsFolder(), id)));
    console.out.write(
      `${pack.id} ${pack.version}  ${pack.title}\n  ${pack.rules.length} rules · ${pack.campaign.cves.join(', ')}\n`,
    );
  }
  return 0;
}

function check(name: string, console: Console): number {
  const [folder = name] = packFolders([name], name);
  const loaded = loadPack(readFolder(folder));
  const diagnostics = [...loaded.diagnostics, ...checkPack(loaded)];
  for (const each of diagnostics) {
    const place = each.line === undefined ? each.file : `${each.file}:${each.line}:${each.column ?? 1}`;
    console.out.write(
      `${each.severity} ${each.code}  ${place}\n      ${each.message}${each.hint === undefined ? '' : `\n      ${each.hint}`}\n`,
    );
  }
  const errors = diagnostics.filter((each) => each.severity === 'error').length;
  console.out.write(
    `${loaded.pack.id} ${loaded.pack.version}: ${counted(loaded.pack.rules.length, 'rule')}, ${counted(errors, 'error')}, ${counted(diagnostics.length - errors, 'remark')}\n`,
  );
  return errors === 0 ? 0 : 1;
}

function counted(count: number, word: string): string {
  return `${count} ${word}${count === 1 ? '' : 's'}`;
}
