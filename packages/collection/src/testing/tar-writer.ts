/** One entry for {@link writeTar}. */
export interface TarPart {
  readonly name: string;
  readonly data?: Uint8Array | string;
  /** The type flag; `0` is a file. */
  readonly type?: string;
  readonly target?: string;
  /** Puts a long name into an entry of its own before this one, as GNU tar or pax do. */
  readonly longName?: 'gnu' | 'pax';
  /** Further records of a pax header. */
  readonly pax?: ReadonlyMap<string, string>;
  /** `v7`: no magic number. */
  readonly format?: 'ustar' | 'v7';
}

const blockBytes = 512;

/** Writes a tar archive with its two empty blocks at the end. Only for tests. */
export function writeTar(parts: readonly TarPart[]): Buffer {
  return Buffer.concat([...parts.flatMap(writePart), Buffer.alloc(2 * blockBytes)]);
}

function writePart(part: TarPart): readonly Uint8Array[] {
  const data = Buffer.from(part.data ?? '');
  const records = new Map([
    ...(part.pax ?? []),
    ...(part.longName === 'pax' ? [['path', part.name] as const] : []),
  ]);
  const gnu = part.longName === 'gnu' ? entry('././@LongLink', 'L', Buffer.from(`${part.name}\0`), part) : [];
  const pax = records.size > 0 ? entry('PaxHeader', 'x', Buffer.from(paxRecords(records)), part) : [];
  return [...gnu, ...pax, ...entry(part.name.slice(0, 100), part.type ?? '0', data, part)];
}

function paxRecords(records: ReadonlyMap<string, string>): string {
  return [...records].map(([key, value]) => paxRecord(` ${key}=${value}\n`)).join('');
}

function paxRecord(rest: string): string {
  const bytes = Buffer.byteLength(rest);
  const digits = String(bytes + String(bytes).length).length;
  return `${bytes + digits}${rest}`;
}

function entry(name: string, type: string, data: Buffer, part: TarPart): readonly Uint8Array[] {
  const header = Buffer.alloc(blockBytes);
  header.write(name, 0, 100);
  header.write('0000644\0', 100);
  header.write(`${data.length.toString(8).padStart(11, '0')}\0`, 124);
  header.write('00000000000\0', 136);
  header.write(type, 156);
  header.write(part.target ?? '', 157, 100);
  if (part.format !== 'v7') header.write('ustar\u000000', 257);
  header.write('        ', 148);
  const sum = header.reduce((total, byte) => total + byte, 0);
  header.write(`${sum.toString(8).padStart(6, '0')}\0 `, 148);
  return [header, data, Buffer.alloc((blockBytes - (data.length % blockBytes)) % blockBytes)];
}
