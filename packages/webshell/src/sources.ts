import type { Outline } from './outline.ts';
import type { Control, Engine } from './split-page.ts';
import type { Token } from './tokens.ts';
import { words } from './words.ts';

/**
 * What a value may carry. `data`: anything a request says. `name`: only the name of an uploaded file. `page`: a path
 * with the ending of a page. `here`: the folder of this page. `script`: server code in quotes.
 * `quoted`: text that reads the request once it is evaluated.
 */
export const labels = { data: 1, name: 2, page: 4, here: 8, script: 16, quoted: 32 } as const;

/** A place where code takes a value from the request. `next` is the first token after the whole chain of members. */
export interface RequestRead {
  readonly label: number;
  readonly next: number;
  /** The key it asks for, where that is a literal. */
  readonly parameter?: string;
}

const members = words(`
  item form querystring params headers cookies inputstream files binaryread unvalidated
  getbufferedinputstream getbufferlessinputstream rawurl useragent urlreferrer pathinfo body query
  saveas get readformasync content requesturi
`);
/** Of the address asked for, what a visitor writes freely. */
const addressParts = words('query pathandquery absoluteuri originalstring segments fragment');
const javaMembers = words(`
  getparameter getparametervalues getparametermap getheader getheaders getinputstream getreader
  getcookies getquerystring getpart getparts getattribute getparameternames
`);
const phpArrays = words(`
  $_get $_post $_request $_cookie $_files $http_raw_post_data $http_post_vars
`);
const fileNames = words('filename getoriginalfilename getsubmittedfilename');
const harmless = words(`
  length count contentlength hasfile hasfiles contenttype haskeys size isempty equals contains
  startswith endswith indexof isnullorempty equalsignorecase gethashcode
`);
const controlValues = words('text value selectedvalue selecteditem innertext innerhtml');
/** Types of controls that a visitor fills in. */
export const filled: ReadonlySet<string> = words(
  'textbox htmlinputtext htmltextarea htmlinputhidden htmlinputfile fileupload hiddenfield htmlinputpassword',
);
/** Controls that only show something. */
const shown =
  /^(?:label|literal|button|linkbutton|hyperlink|image|panel|placeholder|table|repeater|localize)\b/;
const uploadValues = new Set([
  'postedfile',
  'postedfiles',
  'filebytes',
  'filecontent',
  'saveas',
  ...fileNames,
]);
const eventValues = new Set(['commandargument', 'commandname']);

/** Reads the request at token `i`, or undefined. Knows the server's request objects and what web forms make of them. */
export function requestReadAt(
  outline: Outline,
  i: number,
  engine: Engine,
  controls: ReadonlyMap<string, Control>,
): RequestRead | undefined {
  const { tokens } = outline;
  const token = tokens[i];
  if (token?.kind !== 'word') return undefined;
  if (engine === 'php') return phpRead(outline, i, token.text);
  if (engine === 'jsp')
    return token.text.endsWith('request') ? memberRead(outline, i, javaMembers) : undefined;
  if (token.text === 'request') return requestObject(outline, i);
  const control = controls.get(token.text);
  if (control !== undefined && isDot(tokens[i + 1])) return controlRead(outline, i, control);
  // `((TextBox)FindControl("c")).Text`: what a visitor filled in, by the control's name.
  if (token.text === 'findcontrol' && [1, 2, 3, 4, 5, 6].some((n) => filled.has(tokens[i - n]?.text ?? '')))
    return chain(outline, i, labels.data);
  if (eventValues.has(token.text) && isDot(tokens[i - 1]) && tokens[i - 2]?.text === 'e')
    return chain(outline, i, labels.data);
  return undefined;
}

function isDot(token: Token | undefined): boolean {
  return token?.kind === 'sign' && token.text === '.';
}

function requestObject(outline: Outline, i: number): RequestRead | undefined {
  const { tokens } = outline;
  const next = tokens[i + 1];
  if (next?.kind !== 'sign') return undefined;
  if (next.text === '[' || next.text === '(') return chain(outline, i, labels.data);
  if (next.text === '.') return memberRead(outline, i, members);
  // The object itself is handed on: `Run(context.Request)`, `var r = Request;`. An argument list that declares a
  // parameter of that name has a type before it and is none.
  const handed = next.text === ')' || next.text === ',' || next.text === ';';
  return handed && tokens[i - 1]?.kind === 'sign' ? { label: labels.data, next: i + 1 } : undefined;
}

function memberRead(outline: Outline, i: number, known: ReadonlySet<string>): RequestRead | undefined {
  const { tokens } = outline;
  if (!isDot(tokens[i + 1])) return undefined;
  const member = tokens[i + 2]?.text ?? '';
  if (known.has(member)) return chain(outline, i, labels.data);
  if (member === 'url' && addressParts.has(tokens[i + 4]?.text ?? '')) return chain(outline, i, labels.data);
  const header = tokens[i + 4];
  const sentHeader =
    member === 'servervariables' && header?.kind === 'text' && /^(?:http_|query_string)/i.test(header.text);
  return sentHeader ? chain(outline, i, labels.data) : undefined;
}

function controlRead(outline: Outline, i: number, control: Control): RequestRead | undefined {
  const member = outline.tokens[i + 2]?.text ?? '';
  if (shown.test(control.type)) return undefined;
  const upload = control.type.includes('file');
  const known = upload ? uploadValues : controlValues;
  return known.has(member) ? chain(outline, i, labels.data) : undefined;
}

function phpRead(outline: Outline, i: number, text: string): RequestRead | undefined {
  const { tokens } = outline;
  if (phpArrays.has(text)) return chain(outline, i, labels.data);
  if (text === '$_server') {
    const key = tokens[i + 2];
    return key?.kind === 'text' && /^(?:http_|query_string|request_uri|php_auth)/i.test(key.text)
      ? chain(outline, i, labels.data)
      : undefined;
  }
  if (text === 'getenv') {
    const key = tokens[i + 2];
    return key?.kind === 'text' && /^(?:http_|query_string|request_uri)/i.test(key.text)
      ? chain(outline, i, labels.data)
      : undefined;
  }
  if (text === 'getallheaders' || text === 'filter_input' || text === 'apache_request_headers')
    return chain(outline, i, labels.data);
  const input = tokens[i + 2];
  const opens = text === 'file_get_contents' || text === 'fopen' || text === 'file';
  return opens && input?.kind === 'text' && /^php:\/\/input/i.test(input.text)
    ? chain(outline, i, labels.data)
    : undefined;
}

/** Longer chains of members are cut: nobody writes them. */
const chainSteps = 16;

/** Follows `.a[b].c(d)` from a source on and says what comes out at its end. */
function chain(outline: Outline, i: number, label: number): RequestRead | undefined {
  const { tokens, close } = outline;
  let at = i + 1;
  let last = '';
  let parameter: string | undefined;
  for (let step = 0; step < chainSteps; step++) {
    const token = tokens[at];
    if (isDot(token) && tokens[at + 1]?.kind === 'word') {
      last = tokens[at + 1]?.text ?? '';
      at += 2;
    } else if (token?.kind === 'sign' && (token.text === '[' || token.text === '(')) {
      const key = tokens[at + 1];
      if (parameter === undefined && key?.kind === 'text' && close[at] === at + 2) parameter = key.text;
      at = Math.max((close[at] ?? at) + 1, at + 1);
    } else break;
  }
  if (harmless.has(last)) return undefined;
  const name = fileNames.has(last) || (parameter === 'name' && tokens[i]?.text === '$_files');
  const found = { label: name ? labels.name : label, next: at };
  return parameter === undefined ? found : { ...found, parameter };
}
