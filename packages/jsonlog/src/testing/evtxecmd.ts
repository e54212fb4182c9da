// Rows as EvtxECmd writes them, of made-up events.

export const evtxecmdHeader: string =
  'RecordNumber,EventRecordId,TimeCreated,EventId,Level,Provider,Channel,ProcessId,ThreadId,Computer,ChunkNumber,' +
  'UserId,MapDescription,UserName,RemoteHost,PayloadData1,PayloadData2,PayloadData3,PayloadData4,PayloadData5,' +
  'PayloadData6,ExecutableInfo,HiddenRecord,SourceFile,Keywords,ExtraDataOffset,Payload';

/** Cells by their column; those that are left out are empty. */
export type Cells = Readonly<Record<string, string>>;

export const plainCells: Cells = {
  RecordNumber: '17',
  EventRecordId: '17',
  TimeCreated: '2031-05-06 07:08:09.1234567',
  EventId: '4688',
  Level: 'LogAlways',
  Provider: 'P',
  Channel: 'Security',
  ProcessId: '4',
  ThreadId: '8',
  Computer: 'mail.example',
  ChunkNumber: '0',
  MapDescription: 'A new process',
  UserName: 'from\\a map',
  PayloadData1: 'of a map, "quoted"',
  HiddenRecord: 'False',
  SourceFile: 'C:\\logs\\Security.evtx',
  Keywords: 'Audit success',
  ExtraDataOffset: '0',
};

/** One row without its line break. */
export function evtxecmdRow(cells: Cells, header: string = evtxecmdHeader): string {
  return header
    .split(',')
    .map((name) => csvCell(cells[name] ?? ''))
    .join(',');
}

/** The file of some rows, with its byte order mark. */
export function evtxecmdFile(rows: readonly string[], header: string = evtxecmdHeader): string {
  return [`\uFEFF${header}`, ...rows].map((row) => `${row}\r\n`).join('');
}

/** The column Payload of named values, one layer of XML left in their texts. */
export function payloadOf(data: readonly (readonly [name: string, value: string])[]): string {
  const elements = data.map(([name, value]) => ({
    '@Name': name,
    ...(value === '' ? {} : { '#text': xmlText(value) }),
  }));
  return JSON.stringify({ EventData: { Data: elements.length === 1 ? elements[0] : elements } });
}

export function xmlText(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;');
}

function csvCell(text: string): string {
  return /[",\r\n]|^ | $/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}
