/** Columns in which the logs of Exchange keep the time of a record, in lower case. */
const timeColumns = new Set(['datetime', 'timestamp', 'date-time']);

/** Fields that only logs of web servers in the W3C form have. `#Fields` of a firewall has others. */
const webFields = new Set([
  'c-ip',
  's-ip',
  's-port',
  'cs-method',
  'cs-uri',
  'cs-uri-stem',
  'cs-uri-query',
  'cs-username',
  'sc-status',
  'cs(user-agent)',
]);

/** Columns by which a row is known as the header of an Exchange log, in lower case (facts/exchange.md section 1.4). */
const exchangeColumns = new Set([
  ...timeColumns,
  'requestid',
  'clientrequestid',
  'protocol',
  'urlhost',
  'urlstem',
  'protocolaction',
  'authenticateduser',
  'anchormailbox',
  'useragent',
  'clientipaddress',
  'serverhostname',
  'httpstatus',
  'backendstatus',
  'routinghint',
  'backendcookie',
  'targetserver',
  'genericinfo',
  'genericerrors',
  'soapaction',
  'actasuser',
  'commandname',
  'cmdlet',
  'parameters',
  'servername',
  'eventid',
  'eventdata',
  'recordtype',
  'workload',
  'operation',
]);

const known = (names: ReadonlySet<string>, fields: readonly string[]): number =>
  fields.filter((field) => names.has(field.toLowerCase())).length;

export function isTimeColumn(name: string): boolean {
  return timeColumns.has(name.toLowerCase());
}

/** True for the `#Fields` of a web server's log, or of HTTP.sys, told by at least two of its fields. */
export function hasWebFields(fields: readonly string[]): boolean {
  return known(webFields, fields) >= 2;
}

/** HTTP.sys gives its reason for refusing a request; no other log of this form does. */
export function hasHttpErrorFields(fields: readonly string[]): boolean {
  return fields.includes('s-reason') || fields.includes('s-queuename');
}

/** True for the header row of an Exchange log: it begins with the time, or an export kept some known columns. */
export function isExchangeHeader(fields: readonly string[]): boolean {
  if (fields.length < 2 || !fields.every((field) => /^[A-Za-z][\w().# -]{0,79}$/.test(field))) return false;
  return isTimeColumn(fields[0] ?? '') || known(exchangeColumns, fields) >= 2;
}
