/**
 * How the fields of Windows events are called, whoever wrote the JSON. Rules see the names of Sigma: event data under
 * their own names, system values as `Element_Attribute`, and `Channel`, `EventID`, `Provider_Name`, `Computer`,
 * `Message`. The forms: winlogbeat 6 and 7+ (`event_data`, `winlog.event_data`), NXLog and other flat ones
 * (`Hostname`, `SourceName`, `EventTime`), evtx_dump and Chainsaw (`Event.System`, `#attributes` or `X_attributes`),
 * XML turned into JSON (`@Name`), Velociraptor (`System.EventID.Value`).
 */

/** Fields whose value belongs to the shape: rules are chosen by them. */
export type ConstantName = 'Channel' | 'EventID' | 'Provider_Name';

export interface RankedName {
  readonly name: string;
  /** The lower rank gets the name where two values of one record want it. */
  readonly rank: number;
}

/** What a leaf of the JSON tree means. */
export interface Role {
  readonly names: readonly RankedName[];
  readonly constant: ConstantName | undefined;
  /** Undefined: no time of the record; the lowest is taken. */
  readonly time: number | undefined;
  /** A list here may be one of `{"@Name": …, "#text": …}`. */
  readonly holdsNamedData: boolean;
}

const dataRank = 0;
const systemRank = 1;
const rawRank = 9;

const aliases: ReadonlyMap<string, RankedName> = new Map(
  Object.entries({
    Channel: ['Channel', 'winlog.channel', 'log_name', 'LogName', 'channel'],
    EventID: ['EventID', 'winlog.event_id', 'event_id', 'EventId', 'event.code'],
    Provider_Name: [
      'Provider_Name',
      'winlog.provider_name',
      'SourceName',
      'source_name',
      'ProviderName',
      'Provider',
      'event.provider',
    ],
    Computer: [
      'Computer',
      'winlog.computer_name',
      'computer_name',
      'Hostname',
      'MachineName',
      'host.name',
      'hostname',
    ],
    Message: ['Message', 'message', 'RenderingInfo.Message'],
    EventRecordID: ['EventRecordID', 'winlog.record_id', 'RecordNumber', 'record_number'],
    Provider_Guid: ['winlog.provider_guid', 'ProviderGuid', 'provider_guid'],
    Execution_ProcessID: ['winlog.process.pid', 'ExecutionProcessID', 'process_id'],
    Execution_ThreadID: ['winlog.process.thread.id', 'ExecutionThreadID', 'thread_id'],
    Security_UserID: ['winlog.user.identifier', 'UserID', 'user.identifier'],
    Correlation_ActivityID: ['winlog.activity_id', 'ActivityID', 'activity_id'],
  }).flatMap(([name, paths]) =>
    paths.map((path, index) => [path, { name, rank: systemRank + index }] as const),
  ),
);

/** Names of times, best first. The name of the slot that {@link Shape.time} points at tells which one was used. */
const times: ReadonlyMap<string, number> = new Map(
  [
    'TimeCreated_SystemTime',
    'TimeCreated',
    'SystemTime',
    'winlog.time_created',
    '@timestamp',
    'EventTime',
    'timestamp',
    'Timestamp',
    'UtcTime',
    'EventReceivedTime',
  ].map((name, rank) => [name, rank]),
);

/** NXLog's EventTime is local time and mostly without a zone (its manual, module im_msvistalog). */
export const usuallyLocal: ReadonlySet<string> = new Set(['EventTime', 'EventReceivedTime']);

const constants: ReadonlyMap<string, ConstantName> = new Map([
  ['Channel', 'Channel'],
  ['EventID', 'EventID'],
  ['Provider_Name', 'Provider_Name'],
]);

const attributeHolders = new Set(['#attributes', '_attributes', '@attributes', '$']);
const contentNames = new Set(['#text', '_text', '$t']);
const dataHolders = new Set(['EventData', 'UserData', 'event_data', 'user_data']);
const dottedData = /^(?:Event\.)?(?:winlog\.)?(?:event_data|user_data|EventData|UserData)\.(.+)$/;

/** The meaning of the leaf at `path` (names of the enclosing objects and its own). */
export function roleOf(path: readonly string[]): Role {
  const words = elementWords(path);
  const data = dataName(words, path);
  if (data !== undefined) return dataRole(data, words);
  return words[0] === 'System' && words.length > 1 ? systemRole(words.slice(1).join('_')) : otherRole(words);
}

function dataRole(name: string, words: readonly string[]): Role {
  const names = [{ name, rank: dataRank }];
  const time = name === 'UtcTime' ? times.get(name) : undefined;
  return { names, constant: undefined, time, holdsNamedData: words.at(-1) === 'Data' };
}

function systemRole(joined: string): Role {
  const name = joined === 'EventID_Value' ? 'EventID' : joined;
  const names = [{ name, rank: systemRank }];
  return { names, constant: constants.get(name), time: times.get(name), holdsNamedData: false };
}

function otherRole(words: readonly string[]): Role {
  const path = words.join('.');
  const alias = aliases.get(path);
  const own = { name: path, rank: rawRank };
  const names = alias === undefined ? [own] : alias.name === path ? [alias] : [alias, own];
  const constant = alias === undefined ? undefined : constants.get(alias.name);
  return { names, constant, time: times.get(path), holdsNamedData: false };
}

/** The name of a value of the event's own data; undefined for all others. */
function dataName(words: readonly string[], path: readonly string[]): string | undefined {
  const holder = words[0] === 'winlog' ? 1 : 0;
  if (words.length > holder && dataHolders.has(words[holder] ?? '')) return words.at(-1);
  return path.length === 1 ? dottedData.exec(path[0] ?? '')?.[1] : undefined;
}

/**
 * The path as XML would have it: wrappers left out, attributes joined to their element with `_`, the name that only
 * holds an element's text left out.
 */
function elementWords(path: readonly string[]): string[] {
  const words: string[] = [];
  let glue = false;
  for (const [index, part] of path.entries()) {
    const isLast = index === path.length - 1;
    if (!isLast && words.length === 0 && (part === 'Event' || part === '_source')) continue;
    if (words.length > 0 && attributeHolders.has(part) && !isLast) glue = true;
    else if (words.length > 0 && contentNames.has(part) && isLast) continue;
    else if (glue || (words.length > 0 && part.length > 1 && part.startsWith('@'))) {
      words.push(`${words.pop() ?? ''}_${part.replace(/^@/, '')}`);
      glue = false;
    } else {
      glue = !isLast && part.length > 11 && part.endsWith('_attributes');
      words.push(glue ? part.slice(0, -11) : part);
    }
  }
  return words;
}
