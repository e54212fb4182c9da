/** One part of the help, and the commands whose own help has it. */
interface Section {
  readonly of: readonly string[];
  readonly text: string;
}

const all: readonly string[] = ['scan', 'hunt', 'events', 'verify', 'pack'];

/** No line is wider than 100 columns. */
const sections: readonly Section[] = [
  {
    of: ['scan', 'hunt', 'events'],
    text: `PATH is a folder, file or archive (zip, 7z, tar, gz, bz2, xz, zst; nested too). It is only read.`,
  },
  {
    of: ['scan'],
    text: `scan: what comes out
  --out DIR              write report.html, assessment.json, timeline.csv, findings.jsonl,
                         hashes.csv and run.json there
  --json                 print the assessment instead of the summary
  --quiet                print nothing but errors
  --fail-on VERDICT      exit with 1 if a server is at least this bad: compromised,
                         likely-compromised, undetermined, attacked, exposed, nothing-found
  --lang L               language of the advice, where the campaign has it (en)`,
  },
  {
    of: ['scan'],
    text: `scan: what it judges by
  --pack ID              campaign to judge by (repeatable; all that come with it)
  --rules PATH           Sigma rules of yours; their hits are leads, unless a rule
                         says in a postern: block what they witness
  --yara PATH            YARA rules of yours; their hits in web folders are indirect witnesses
  --indicators FILE      indicators of yours (CSV); their hits are leads
  --baseline PATH        folders of a clean server, or a list of SHA-256,reason: what they hold is
                         not looked at
  --since T  --until T   judge only what happened then: 2021-03-03, 2021-03-03T10:00:00Z (UTC; a day
                         as the end counts whole); what lies outside is read, counted and said`,
  },
  {
    of: ['scan'],
    text: `scan: what you know about the evidence
  --server NAME=PATH     files below PATH belong to the server NAME
  --clock HOST=OFFSET    what to add to a host's times to get UTC: +05:00, -3600; for exports and
                         listings: EVTX and EvtxECmd's CSV, IIS and Exchange's logs are UTC by
                         their format
  --in-service NAME=DAY  the server NAME is in service since DAY (2023-05-01): what was before
                         cannot have reached it; older records of its own refute this
  --trusted-proxy ADDR   a proxy of yours: the address before it is the client
  --context FILE         what the organisation says of itself (JSON)
  --review FILE          rulings by people (JSON)
  --case ID              number of the case, for run.json
  --examiner NAME        who runs this, for run.json
  --tlp LEVEL            RED, AMBER+STRICT (default), AMBER, GREEN, CLEAR; stands on every output`,
  },
  {
    of: ['hunt'],
    text: `hunt
  --rules PATH           Sigma rules, correlations and filters: files or folders (repeatable)
  --format FORMAT        jsonl (default), csv, table, timesketch
  --explain RULE         say for each record of its log source which part of this rule failed
                         (id, name, title, or the end of its file's path)
  --placeholders FILE    values of Sigma's placeholders (JSON: {"Administrators": ["root"]})
  --clock HOST=OFFSET    what to add to a host's times to get UTC, before correlations look at them
  POSTERN_CACHE=DIR      (environment) where large rule sets are kept compiled;
                         empty: nowhere. It may be deleted at any time`,
  },
  {
    of: ['events'],
    text: `events options
  --format FORMAT        jsonl (default): every record with its place, alike for
                         all sources; the event alone: nested (as evtx_dump
                         writes it), flat (names as in Sigma), xml`,
  },
  {
    of: ['hunt', 'events'],
    text: `hunt and events
  --recover              also records in damaged and unused parts of event
                         logs; they say how they were found
  --out FILE             write there instead of standard output
  --quiet                no progress and no summary`,
  },
  {
    of: ['verify'],
    text: `verify
  BEFORE, AFTER          results of two scans of one server: assessment.json, or the DIR of --out;
                         what AFTER does not cover is "cannot tell", never closed
  --json                 print the verification as JSON
  --out FILE             write there instead of standard output`,
  },
  {
    of: ['scan', 'hunt', 'events'],
    text: `scan, hunt and events
  --jobs N               threads (as many as the machine has)
  --temp DIR             where archives are unpacked (the system's temporary folder)
  --debug                show where in the code an error came from`,
  },
  {
    of: all,
    text: `Exit status: 0 the run finished, whatever it found; 1 --fail-on was reached; 2 wrong usage;
3 no evidence could be read.`,
  },
];

const intro = 'postern finds the back doors that a mass compromise leaves behind.';

const usage = `  postern scan PATH… [options]     read a collection, give a verdict
  postern hunt PATH… --rules PATH  run Sigma rules over records, print what they match
  postern events PATH…             print every record, whatever its source, as JSON or XML
  postern verify BEFORE AFTER      what the advice of a scan closed, as a later scan shows it
  postern pack list                the campaigns that come with it
  postern pack check DIR           look a pack over
  postern help | version`;

/** What `postern help` prints. */
const help = `${[intro, usage, ...sections.map(({ text }) => text)].join('\n\n')}\n`;

/** What `postern COMMAND --help` prints: its own lines and options; for any other word all of `postern help`. */
export function helpOf(command: string): string {
  if (!all.includes(command)) return help;
  const lines = usage.split('\n').filter((line) => line.startsWith(`  postern ${command} `));
  const own = sections.filter(({ of }) => of.includes(command)).map(({ text }) => text);
  return `${[lines.join('\n'), ...own].join('\n\n')}\n`;
}
