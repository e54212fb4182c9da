import { crc32 } from 'node:zlib';
import type { Random } from './random.ts';

const LOCAL = 0x04_03_4b_50;
const CENTRAL = 0x02_01_4b_50;
const FINISH = 0x06_05_4b_50;
const VERSION = 20;
/** 1 March 2021 in the format of MS-DOS. */
const DOS_DATE = ((2021 - 1980) << 9) | (3 << 5) | 1;

/** Fields that the local and the central header share, from "version needed" to the length of the name. */
function common(header: Buffer, offset: number, file: { crc: number; size: number; name: Buffer }): void {
  header.writeUInt16LE(VERSION, offset);
  header.writeUInt16LE(DOS_DATE, offset + 8);
  header.writeUInt32LE(file.crc, offset + 10);
  header.writeUInt32LE(file.size, offset + 14);
  header.writeUInt32LE(file.size, offset + 18);
  header.writeUInt16LE(file.name.length, offset + 22);
}

/** A zip of one stored file of noise, `size` bytes before packing (APPNOTE 4.3). */
export function storedZip(random: Random, name: string, size: number): Uint8Array {
  const bytes = Buffer.alloc(size);
  for (let offset = 0; offset + 4 <= size; offset += 4) bytes.writeUInt32LE(random.next(), offset);
  const file = { crc: crc32(bytes), size, name: Buffer.from(name) };
  const local = Buffer.alloc(30);
  local.writeUInt32LE(LOCAL, 0);
  common(local, 4, file);
  const central = Buffer.alloc(46);
  central.writeUInt32LE(CENTRAL, 0);
  central.writeUInt16LE(VERSION, 4);
  common(central, 6, file);
  const finish = Buffer.alloc(22);
  finish.writeUInt32LE(FINISH, 0);
  finish.writeUInt16LE(1, 8);
  finish.writeUInt16LE(1, 10);
  finish.writeUInt32LE(central.length + file.name.length, 12);
  finish.writeUInt32LE(local.length + file.name.length + size, 16);
  return Buffer.concat([local, file.name, bytes, central, file.name, finish]);
}
