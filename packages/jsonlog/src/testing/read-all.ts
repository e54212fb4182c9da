import {
  inputOf,
  keepRecord,
  type Issue,
  type KeptRecord,
  type ReadOptions,
  type Reader,
  type ReadSummary,
  type SourceInput,
} from '@postern/core';

export interface AllRead {
  readonly records: readonly KeptRecord[];
  readonly issues: readonly Issue[];
  readonly summary: ReadSummary;
}

export function bytesOf(text: string): Uint8Array {
  return new TextEncoder().encode(text);
}

/** UTF-16 with its byte order mark. */
export function utf16Of(text: string, littleEndian = true): Uint8Array {
  const bytes = new Uint8Array(2 + 2 * text.length);
  const view = new DataView(bytes.buffer);
  view.setUint16(0, 0xfeff, littleEndian);
  for (let i = 0; i < text.length; i++) view.setUint16(2 + 2 * i, text.charCodeAt(i), littleEndian);
  return bytes;
}

export type Content = Uint8Array | string | SourceInput;

/** Everything a reader makes of some bytes, copied out of its batches. */
export function readAll(reader: Reader, content: Content, options: Partial<ReadOptions> = {}): AllRead {
  const bytes = typeof content === 'string' ? bytesOf(content) : content;
  const input = bytes instanceof Uint8Array ? inputOf(bytes) : bytes;
  const records: KeptRecord[] = [];
  const issues: Issue[] = [];
  const kind = reader.kinds[0] ?? 'unknown';
  const summary = reader.read(
    input,
    { kind, name: 'C:\\x', ...options },
    {
      onBatch: (batch) => {
        for (let record = 0; record < batch.count; record++) records.push(keepRecord(batch, record));
      },
      onIssue: (issue) => issues.push(issue),
    },
  );
  return { records, issues, summary };
}

/** Issue codes without their prefix, with counts. */
export function counted(issues: readonly Issue[]): Record<string, number> {
  return Object.fromEntries(
    issues.map(({ code, count }) => [code.replace('POSTERN_JSONLOG_', ''), count ?? 0]),
  );
}

/** The fields of a record as an object, for comparing. */
export function fieldsOf(record: KeptRecord | undefined): Record<string, string> {
  return Object.fromEntries(record?.fields ?? []);
}
