/**
 * Sizes and offsets of the format: MS-EVEN6, and libyal's "Windows XML Event Log (EVTX)" for what it leaves out. All
 * numbers are little-endian and not aligned.
 */

export const fileHeaderBytes = 4096;
export const chunkBytes = 65_536;
/** Header, string table, template table. */
export const chunkHeaderBytes = 512;
/** Magic, size, id, time, and the copy of the size behind the data. */
export const recordHeaderBytes = 24;
export const smallestRecord = 28;

export const recordMagic = 0x2a2a;
/** `ElfFile` and a zero, as two numbers. */
export const fileMagic: readonly [number, number] = [0x46_66_6c_45, 0x00_65_6c_69];
/** `ElfChnk` and a zero. */
export const chunkMagic: readonly [number, number] = [0x43_66_6c_45, 0x00_6b_6e_68];

export const fileFlags = { dirty: 1, full: 2, noChecksum: 4 } as const;
export const chunkFlags = { dirty: 1, noChecksum: 4 } as const;

/** Tokens of BinXML; 0x40 is added where attributes or more of the same follow. */
export const tokens = {
  end: 0x00,
  open: 0x01,
  closeStart: 0x02,
  closeEmpty: 0x03,
  closeElement: 0x04,
  text: 0x05,
  attribute: 0x06,
  cdata: 0x07,
  character: 0x08,
  entity: 0x09,
  instruction: 0x0a,
  instructionData: 0x0b,
  template: 0x0c,
  value: 0x0d,
  optionalValue: 0x0e,
  fragment: 0x0f,
} as const;

/** What is added to a token if more follows. */
export const moreFollows = 0x40;

/** Types of values in descriptors; 0x80 is added for arrays. */
export const valueTypes = { null: 0x00, utf16: 0x01, sizeT: 0x10, filetime: 0x11, binXml: 0x21 } as const;

/** Of a definition: next in its bucket, GUID, size of the data. */
export const definitionHeaderBytes = 24;
/** Of a name: next in its bucket, hash, number of characters; the characters and a zero follow. */
export const nameHeaderBytes = 8;
