import {
  verdictOrder,
  type Assessment,
  type CampaignVerdict,
  type Finding,
  type Implant,
  type Operator,
  type Server,
} from '@postern/core';
import { byteText, countText, day, moment, shortSpan, span, times } from './dates.ts';
import { defang } from './harmless.ts';
import { hang, pad, spread, wrap } from './layout.ts';
import { words } from './words.ts';

/** Figures of the run that are not part of the assessment, for the last lines. */
export interface RunFigures {
  readonly files: number;
  readonly bytes: number;
  readonly seconds: number;
  /** Name → path of what was written. */
  readonly outputs: ReadonlyMap<string, string>;
}

export interface TerminalOptions {
  /** Columns; 100 looks best, 80 works. */
  readonly columns: number;
  /** Bold and one accent; never needed to understand. */
  readonly color: boolean;
  readonly figures?: RunFigures;
}

const margin = 18;

/**
 * What a tired person reads after a scan: the verdict, the door, why, who, what we could not see, what to do first.
 * About 40 lines. Several servers: a line each by urgency, then the worst in full.
 */
export function renderTerminal(assessment: Assessment, options: TerminalOptions): string {
  const columns = Math.max(60, Math.min(options.columns, 110));
  const servers = byUrgency(assessment.servers);
  const [worst] = servers;
  const lines = [
    ...head(assessment, columns),
    '',
    ...(assessment.complete ? [] : [words.incomplete, '']),
    ...(servers.length > 1 ? [...servers.flatMap((server) => overview(server, columns)), ''] : []),
    ...(worst === undefined
      ? ['no server was seen in this evidence']
      : serverBlock(assessment, worst, columns)),
    ...footer(assessment, options.figures, columns),
  ];
  return `${lines.map((line) => (options.color ? emphasise(line) : line).trimEnd()).join('\n')}\n`;
}

function emphasise(line: string): string {
  const bold =
    /^(?: {2}(?:COMPROMISED|LIKELY COMPROMISED|UNDETERMINED|ATTACKED|EXPOSED|NOTHING FOUND)\b|[A-Z][A-Za-z ]+$)/.exec(
      line,
    );
  if (bold === null) return line;
  const danger = /COMPROMISED/.test(bold[0]) ? '\u001b[31m' : '';
  return `\u001b[1m${danger}${bold[0]}\u001b[0m${line.slice(bold[0].length)}`;
}

function head(assessment: Assessment, columns: number): readonly string[] {
  const packs = assessment.packs.map((pack) => `${pack.id} ${pack.version}`).join(', ');
  const { loaded, indicators, refused } = assessment.rules;
  const parts = [
    `postern ${assessment.generator.version}`,
    packs,
    `${countText(loaded)} rules`,
    `${countText(indicators)} indicators`,
  ];
  if (refused.length > 0) parts.push(`${countText(refused.length)} refused`);
  return spread(parts.filter((part) => part !== '').join(' · '), `TLP:${assessment.tlp}`, columns);
}

/** The worst first; hosts that are no server of a campaign's product come last. */
export function byUrgency(servers: readonly Server[]): readonly Server[] {
  const rank = (server: Server): number =>
    server.headline === undefined ? 99 : verdictOrder.indexOf(server.headline.verdict);
  return servers.toSorted((a, b) => rank(a) - rank(b));
}

function overview(server: Server, columns: number): readonly string[] {
  const campaign = headlineOf(server);
  const verdict =
    campaign === undefined ? words.noProduct : `${label(campaign.verdict)}  door ${doorText(campaign)}`;
  return hang(`${nameOf(server)}  `, verdict, 28, columns);
}

export function headlineOf(server: Server): CampaignVerdict | undefined {
  return server.campaigns.find(
    (campaign) => campaign.pack === server.headline?.pack && campaign.verdict === server.headline.verdict,
  );
}

function nameOf(server: Server): string {
  return server.names[0] ?? server.id;
}

export function label(verdict: string): string {
  return verdict.toUpperCase().replaceAll('-', ' ');
}

function serverBlock(assessment: Assessment, server: Server, columns: number): readonly string[] {
  const build = server.builds.at(-1);
  const seen = server.seen === undefined ? '' : `seen ${span(server.seen)}`;
  const title = [nameOf(server), build?.name ?? server.product ?? '', seen]
    .filter((text) => text !== '')
    .join(' · ');
  const campaign = headlineOf(server);
  if (campaign === undefined) return [title, '', `  ${words.noProduct}`, ''];
  return [
    title,
    '',
    ...verdictLines(campaign, columns),
    '',
    ...section(words.heading.why, whyLines(assessment, server, campaign, columns)),
    ...section(words.heading.against, againstLines(assessment, campaign, columns)),
    ...section(operatorHeading(assessment), operatorLines(assessment, server, columns)),
    ...section(words.heading.unseen, unseenLines(campaign, columns)),
    ...section(
      words.heading.change,
      campaign.wouldChange.slice(0, 3).flatMap((text) => hang('  -', text, 4, columns)),
    ),
    ...section(words.heading.first, adviceLines(assessment, columns)),
  ];
}

function section(heading: string, lines: readonly string[]): readonly string[] {
  return lines.length === 0 ? [] : [heading, ...lines, ''];
}

function verdictLines(campaign: CampaignVerdict, columns: number): readonly string[] {
  const sentence = sentenceOf(campaign);
  const first = spread(
    `  ${label(campaign.verdict)}  ${sentence}`,
    words.confidence[campaign.confidence],
    columns,
  );
  const least = campaign.atLeast === undefined ? [] : [`  ${pad('', 13)}${words.atLeast[campaign.atLeast]}`];
  return [...first, ...least, ...hang('  Door', doorText(campaign), 15, columns)];
}

/** The verdict in judgement's words, with its window where it needs one. */
export function sentenceOf(campaign: CampaignVerdict): string {
  const sentence = words.verdict[campaign.verdict];
  if (campaign.window === undefined) return sentence;
  const { from, to } = campaign.window;
  if (campaign.verdict === 'exposed')
    return `The door was open from ${day(from)} to ${day(to)}; we found no one who used it.`;
  if (campaign.verdict === 'nothing-found')
    return `No sign in what we could see, from ${day(from)} to ${day(to)}.`;
  return sentence;
}

export function doorText(campaign: CampaignVerdict): string {
  const { door } = campaign;
  const got = campaign.verdict === 'compromised' || campaign.verdict === 'likely-compromised';
  const state =
    door.state === 'closed' && door.closedAt !== undefined
      ? `closed on ${day(door.closedAt)}${got ? ', intruders may have stayed' : ''}`
      : words.door[door.state];
  const fix =
    door.fixExistedSince === undefined ? [] : [`the fix existed since ${day(door.fixExistedSince)}`];
  return [state, words.during[door.duringCampaign], ...fix].join(' · ');
}

function whyLines(
  assessment: Assessment,
  server: Server,
  campaign: CampaignVerdict,
  columns: number,
): readonly string[] {
  const findings = campaign.because.flatMap(
    (id) => assessment.findings.find((finding) => finding.id === id) ?? [],
  );
  const shown = findings.slice(0, 6).toSorted((a, b) => ((a.first ?? '~') < (b.first ?? '~') ? -1 : 1));
  const rest = findings.length - shown.length;
  const implants = assessment.implants.filter((implant) => implant.server === server.id).slice(0, 4);
  return [
    ...shown.flatMap((finding) => whyLine(finding, columns)),
    ...(rest > 0 ? [`  ${pad('', margin)}… and ${rest} more findings in the report`] : []),
    ...implants.flatMap((implant) => implantLine(implant, columns)),
  ];
}

function whyLine(finding: Finding, columns: number): readonly string[] {
  const when = finding.first === undefined ? '' : moment(finding.first);
  const count = finding.count > 1 ? ` (${times(finding.count)})` : '';
  const text = `${finding.rule.title}${count}`;
  const recorders = finding.recorders.join(' + ');
  const room = columns - margin - 2 - recorders.length - 3;
  const [first = '', ...more] = wrap(text, Math.max(30, room));
  return [
    ...spread(`  ${pad(when, margin)}${first}`, recorders, columns),
    ...more.map((line) => `  ${pad('', margin)}${line}`),
  ];
}

function implantLine(implant: Implant, columns: number): readonly string[] {
  const where = implant.path ?? implant.url ?? '';
  const used =
    implant.uses > 0
      ? `, used ${times(implant.uses)}${implant.firstUsedAt === undefined || implant.lastUsedAt === undefined ? '' : ` (${shortSpan(implant.firstUsedAt, implant.lastUsedAt)})`}`
      : '';
  const when = implant.placedAt === undefined ? '' : moment(implant.placedAt.time);
  return hang(
    `  ${when}`,
    `${implant.kind.replaceAll('-', ' ')} ${where}, ${words.state[implant.state]}${used}`,
    margin + 2,
    columns,
  );
}

function againstLines(assessment: Assessment, campaign: CampaignVerdict, columns: number): readonly string[] {
  const texts = campaign.against.map(
    (each) => assessment.findings.find((finding) => finding.id === each)?.rule.title ?? each,
  );
  return texts.slice(0, 3).flatMap((text) => hang('  -', text, 4, columns));
}

function operatorHeading(assessment: Assessment): string {
  const { atLeast, atMost } = assessment.operators;
  const range = atLeast === atMost ? `${atLeast}` : `at least ${atLeast}, at most ${atMost}`;
  return `${words.heading.operators} (${range} ${atMost === 1 ? 'operator' : 'operators'})`;
}

function operatorLines(assessment: Assessment, server: Server, columns: number): readonly string[] {
  const intruders = assessment.operators.list.filter((operator) => operator.kind === 'intruder').slice(0, 5);
  const rest =
    assessment.operators.list.filter((operator) => operator.kind === 'intruder').length - intruders.length;
  const more = rest > 0 ? [`  … ${rest} more in the report`] : [];
  return [
    ...intruders.flatMap((operator) =>
      hang(`  ${operator.name}`, operatorText(operator, assessment, server), 5, columns),
    ),
    ...more,
  ];
}

function operatorText(operator: Operator, assessment: Assessment, server: Server): string {
  const placed = assessment.implants.filter(
    (implant) => implant.placedBy === operator.id && implant.server === server.id,
  );
  const used = operator.implants.filter((id) => !placed.some((implant) => implant.id === id));
  const parts = [
    ...(operator.first === undefined || operator.last === undefined
      ? []
      : [shortSpan(operator.first, operator.last)]),
    ...(placed.length === 0
      ? []
      : [`left ${placed.map((implant) => tail(implant.path ?? implant.url ?? '')).join(', ')}`]),
    ...(used.length === 0
      ? []
      : [
          `used ${used.length} back door${used.length === 1 ? '' : 's'} that ${placed.length === 0 ? '' : 'also '}stood here`,
        ]),
    addressText(operator.addresses),
  ];
  return parts.join(' · ');
}

function addressText(addresses: readonly string[]): string {
  const shown = addresses.slice(0, 3).map(defang).join(', ');
  return addresses.length > 3 ? `${shown} and ${addresses.length - 3} more addresses` : shown;
}

/** The last two parts of a path: enough to find it, short enough to read. */
function tail(path: string): string {
  return path.split('\\').slice(-2).join('\\');
}

function unseenLines(campaign: CampaignVerdict, columns: number): readonly string[] {
  const shown = campaign.limits.slice(0, 5).flatMap((limit) => hang('  -', limit.text, 4, columns));
  const rest = campaign.limits.length - 5;
  return rest > 0 ? [...shown, `    … ${rest} more under coverage in the report`] : shown;
}

function adviceLines(assessment: Assessment, columns: number): readonly string[] {
  const shown = assessment.advice.slice(0, 3);
  const rest = assessment.advice.length - shown.length;
  const lines = shown.flatMap((advice, i) => hang(`  ${i + 1}`, adviceText(advice.title), 5, columns));
  return rest > 0 ? [...lines, `     … ${rest} more steps, with commands, in the report`] : lines;
}

function adviceText(title: string): string {
  return title;
}

function footer(assessment: Assessment, figures: RunFigures | undefined, columns: number): readonly string[] {
  if (figures === undefined) return [];
  const { files, bytes, seconds, outputs } = figures;
  const rate = seconds > 0 ? ` (${Math.round(bytes / 1e6 / seconds)} MB/s)` : '';
  const notJudged = assessment.coverage.skipped.length;
  const left = notJudged === 0 ? '' : ` · ${countText(notJudged)} files not judged (coverage)`;
  const totals = `${countText(files)} files · ${byteText(bytes)} · ${seconds.toFixed(seconds < 10 ? 1 : 0)} s${rate}${left}`;
  return [...wrap(totals, columns), ...[...outputs].map(([name, path]) => `${pad(name, 10)}${path}`)];
}
