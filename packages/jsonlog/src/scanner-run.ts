/** What one line of a Safety Scanner's log says of a threat; fields in the words of the format. */
export interface ScannerEntry {
  readonly threat: string;
  /** The end of its line: `and Removed!`, `not removed.`; of a run without a find the whole line. */
  readonly outcome: string;
  readonly action: string;
  readonly result: string;
  /** `file`, `containerfile`, `process`, `regkey` …; empty where the line names no resource. */
  readonly type: string;
  readonly path: string;
}

/** `unknown`: the line is none that is known; it is kept as text. `plain`: known, and says nothing of a threat. */
export type ScannerLine = ScannerEntry | 'unknown' | 'plain';

/** How a run begins: Microsoft's Safety Scanner and its Malicious Software Removal Tool write one form. */
const headings = ['Microsoft Safety Scanner v', 'Microsoft Windows Malicious Software Removal Tool v'];
const months = ['Jan', 'Feb', 'Mar', 'Apr', 'May', 'Jun', 'Jul', 'Aug', 'Sep', 'Oct', 'Nov', 'Dec'];
const startLine = /^Started On \w{3} (\w{3}) {1,2}(\d{1,2}) (\d{2}:\d{2}:\d{2}) (\d{4})$/i;
const plainLine =
  /^(?:-+$|(?:Engine|Signatures|MpGear|Run Mode|reboot-mode|SigSeq|Return code): |[a-z]+ Scan Results:|Results Summary:|Successfully Submitted |Microsoft [^]* Finished On )/i;
/** Threats that one run remembers, and characters of their names, to tell whether its summary says something new. */
const threatsKept = 4096;
const nameKept = 256;

/** True for the first line of a run. */
export function isHeading(line: string): boolean {
  return headings.some((heading) => line.startsWith(heading));
}

/** True for the lines that stand above the heading of a run. */
export function isBeforeHeading(line: string): boolean {
  return line === '' || /^-+$/.test(line) || /^reboot-mode: /i.test(line);
}

/** `2024-02-22 13:33:34`, the scanned computer's local time; undefined if the line does not say when a run began. */
export function startOf(line: string): string | undefined {
  const m = startLine.exec(line);
  const month = months.findIndex((name) => name.toLowerCase() === m?.[1]?.toLowerCase()) + 1;
  if (m === null || month === 0) return undefined;
  const two = (value: number | string): string => String(value).padStart(2, '0');
  return `${m[4] ?? ''}-${two(month)}-${two(m[2] ?? '')} ${m[3] ?? ''}`;
}

/**
 * One run of the scanner, line by line. A threat is told with its outcome, then the action taken, then one line for each
 * file; the summary repeats threat and outcome, and is an entry only where no file was told with an outcome before.
 */
export class ScannerRun {
  readonly tool: string;
  /** When it began; undefined before that line. */
  started: string | undefined;
  private readonly told = new Set<string>();
  private threat = '';
  private outcome = '';
  private action = '';
  private result = '';

  /** `heading`: the first line of the run. */
  constructor(heading: string) {
    this.tool = heading;
  }

  take(line: string): ScannerLine {
    if (line === '' || plainLine.test(line)) return 'plain';
    const started = startOf(line);
    if (started !== undefined) this.started ??= started;
    if (started !== undefined) return 'plain';
    const detected = behind(line, 'Threat detected:');
    if (detected !== undefined) return this.open(detected);
    const action = behind(line, 'Action:');
    if (action !== undefined) return this.act(action);
    const found = behind(line, 'Found ');
    if (found !== undefined) return this.summary(found);
    if (line.toLowerCase() === 'no infection found.') return { ...empty, outcome: line };
    return this.resource(line);
  }

  private open(text: string): ScannerLine {
    [this.threat, this.outcome] = nameAndOutcome(text);
    this.action = '';
    this.result = '';
    return 'plain';
  }

  private act(text: string): ScannerLine {
    const comma = text.indexOf(', Result:');
    this.action = (comma < 0 ? text : text.slice(0, comma)).trim();
    this.result = comma < 0 ? '' : text.slice(comma + ', Result:'.length).trim();
    return 'plain';
  }

  private resource(line: string): ScannerLine {
    const at = line.indexOf('://');
    const type = line.slice(0, Math.max(0, at));
    if (this.threat === '' || !/^[a-z]{1,32}$/i.test(type)) return 'unknown';
    const { threat, outcome, action, result } = this;
    if (outcome !== '' && threat.length <= nameKept && this.told.size < threatsKept) this.told.add(threat);
    const path = line.slice(at + 3).replace(/^\\\\\?\\/, '');
    return { threat, outcome, action, result, type: type.toLowerCase(), path };
  }

  private summary(text: string): ScannerLine {
    const [threat, outcome] = nameAndOutcome(text);
    return this.told.has(threat) ? 'plain' : { ...empty, threat, outcome };
  }
}

const empty: ScannerEntry = { threat: '', outcome: '', action: '', result: '', type: '', path: '' };

/** `Backdoor:ASP/X, not removed.` and `Backdoor:ASP/X and Removed!`: names of threats have no blanks and commas. */
function nameAndOutcome(text: string): [threat: string, outcome: string] {
  const end = text.search(/[,\s]/);
  return end < 0 ? [text, ''] : [text.slice(0, end), text.slice(end).replace(/^[,\s]+/, '')];
}

function behind(line: string, start: string): string | undefined {
  const isIt = line.slice(0, start.length).toLowerCase() === start.toLowerCase();
  return isIt ? line.slice(start.length).trim() : undefined;
}
