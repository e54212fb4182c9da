import { verdictOrder, type Assessment, type Server } from '@postern/core';
import { countText, counted } from './dates.ts';
import { doorBrief, headlineOf, isUnassigned, label, nameOf } from './headline.ts';
import { pad, width, wrap } from './layout.ts';
import { fill, words } from './words.ts';

const serversListed = 20;
const verdictColumns = Math.max(...verdictOrder.map((verdict) => verdict.length));
const doorColumns = 24;
const hostsNamed = 4;

/**
 * Several servers: a line each by urgency; hosts without a verdict are one line together, for there is nothing to
 * choose between them. Nothing for a single server.
 */
export function overviewLines(
  assessment: Assessment,
  servers: readonly Server[],
  columns: number,
): readonly string[] {
  if (servers.length < 2) return [];
  const judged = servers.filter(({ headline }) => headline !== undefined);
  const others = servers.filter(({ headline }) => headline === undefined);
  const names = shortNames(judged, columns - verdictColumns - doorColumns - 4);
  const nameColumns = Math.max(0, ...names.map(width));
  const lines = judged.slice(0, serversListed).map((server, i) => {
    const campaign = headlineOf(server);
    const verdict =
      campaign === undefined ? '' : `${pad(label(campaign.verdict), verdictColumns)}  ${doorBrief(campaign)}`;
    return `${pad(names[i] ?? '', nameColumns)}  ${verdict}`;
  });
  const rest = judged.length - lines.length;
  const more = rest > 0 ? [fill(words.more.servers, { count: countText(rest) })] : [];
  return [...lines, ...more, ...wrapped(othersText(assessment, others), columns), ''];
}

function wrapped(text: string, columns: number): readonly string[] {
  return text === '' ? [] : wrap(text, columns);
}

/** Full names where they fit, else the hosts' own where these differ, else cut. */
function shortNames(servers: readonly Server[], room: number): readonly string[] {
  const full = servers.map(nameOf);
  if (full.every((name) => width(name) <= room)) return full;
  const hosts = full.map((name) => name.split('.', 1)[0] ?? name);
  const told = new Set(hosts).size === hosts.length ? hosts : full;
  return told.map((name) =>
    width(name) <= room
      ? name
      : `${Array.from(name)
          .slice(0, room - 1)
          .join('')}…`,
  );
}

/** How many they are, and on which of them something was found all the same. */
function othersText({ findings }: Assessment, others: readonly Server[]): string {
  const hosts = others.filter((server) => !isUnassigned(server));
  const countOn = ({ id }: Server): number => findings.filter(({ recordedOn }) => recordedOn === id).length;
  const ofNobody = others.filter(isUnassigned).reduce((sum, server) => sum + countOn(server), 0);
  const left =
    ofNobody === 0 ? '' : fill(words.ofNoServer, { findings: counted(ofNobody, 'finding', 'findings') });
  if (hosts.length === 0) return left;
  const found = hosts
    .map((server) => ({ name: nameOf(server), count: countOn(server) }))
    .filter(({ count }) => count > 0)
    .toSorted((a, b) => b.count - a.count);
  const named = found.slice(0, hostsNamed).map(({ name, count }) => `${name} (${countText(count)})`);
  const rest = found.length - named.length;
  const list = [...named, ...(rest > 0 ? [counted(rest, 'more', 'more')] : [])].join(', ');
  const told = fill(words.otherHosts, { hosts: counted(hosts.length, 'host', 'hosts') });
  const on = list === '' ? '' : fill(words.withFindings, { names: list });
  return `${told}${on}${left === '' ? '' : `. ${left}`}`;
}
