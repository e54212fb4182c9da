import {
  parseTime,
  type Campaign,
  type CampaignPhase,
  type Cluster,
  type ClusterTrait,
  type Want,
} from '@postern/core';
import { readLayout } from './layout.ts';
import type { YamlValue } from './yaml-value.ts';
import type { Layout } from '@postern/core';

/** What `pack.yaml` holds. */
export interface Manifest {
  readonly id: string;
  readonly title: string;
  readonly version: string;
  readonly campaign: Campaign;
  readonly requires: readonly string[];
  readonly wants: readonly Want[];
  readonly layout: Layout;
}

/** Reads the document of `pack.yaml`; all that is wrong in it is reported at its line. */
export function readManifest(root: YamlValue): Manifest {
  root.onlyKeys('id', 'title', 'version', 'campaign', 'requires', 'wants', 'layout');
  const id = root.get('id');
  if (!/^[a-z0-9][a-z0-9-]*$/.test(id.asText()))
    id.complain('an id has lower-case letters, digits and hyphens');
  const version = root.get('version');
  if (!/^\d+\.\d+\.\d+$/.test(version.asText())) version.complain('a version has three numbers, as in 1.0.0');
  const campaign = readCampaign(root.get('campaign'));
  return {
    id: id.asText(),
    title: root.text('title'),
    version: version.asText(),
    campaign,
    requires: root.texts('requires'),
    wants: root.list('wants').map((want) => readWant(want, campaign)),
    layout: readLayout(root.get('layout')),
  };
}

function readCampaign(value: YamlValue): Campaign {
  value.onlyKeys('products', 'cves', 'from', 'to', 'reason', 'phases', 'clusters');
  // Why the window ends when it does is for the readers of the file; it has to be there all the same.
  value.text('reason');
  return {
    products: value.texts('products'),
    cves: value.list('cves').map(readCve),
    phases: value.list('phases').map(readPhase),
    from: readDay(value.get('from')),
    to: readDay(value.get('to')),
    clusters: value.list('clusters').map(readCluster),
  };
}

function readCve(value: YamlValue): string {
  const text = value.asText();
  if (!/^CVE-\d{4}-\d{4,}$/.test(text)) value.complain(`"${text}" is no CVE number`);
  return text;
}

function readDay(value: YamlValue): string {
  const text = value.asText();
  if (!/^\d{4}-\d{2}-\d{2}$/.test(text) || parseTime(text) === undefined)
    value.complain(`"${text}" is no day as in 2021-03-02`);
  return text;
}

function readPhase(value: YamlValue): CampaignPhase {
  value.onlyKeys('id', 'title', 'from', 'to', 'meaning');
  return {
    id: value.text('id'),
    title: value.text('title'),
    from: readDay(value.get('from')),
    to: readDay(value.get('to')),
    meaning: value.text('meaning'),
  };
}

function readCluster(value: YamlValue): Cluster {
  value.onlyKeys('id', 'title', 'traits');
  return { id: value.text('id'), title: value.text('title'), traits: value.list('traits').map(readTrait) };
}

function readTrait(value: YamlValue): ClusterTrait {
  value.onlyKeys('kind', 'value', 'distinguishing', 'from', 'to', 'source');
  const from = value.optional('from');
  const to = value.optional('to');
  return {
    kind: value.choice('kind', ['path', 'hash', 'agent', 'content', 'parameter', 'domain', 'process']),
    value: value.text('value'),
    distinguishing: value.get('distinguishing').asBoolean(),
    ...(from === undefined ? {} : { from: readDay(from) }),
    ...(to === undefined ? {} : { to: readDay(to) }),
    source: value.text('source'),
  };
}

/** A want without a window of its own has the campaign's. */
function readWant(value: YamlValue, campaign: Campaign): Want {
  value.onlyKeys('question', 'cve', 'anyOf', 'from', 'to', 'reason');
  const from = value.optional('from');
  const to = value.optional('to');
  return {
    question: value.choice('question', ['attempt', 'success', 'use']),
    cve: readCve(value.get('cve')),
    anyOf: value.list('anyOf').map((alternative) => alternative.asList().map((family) => family.asText())),
    from: from === undefined ? campaign.from : readDay(from),
    to: to === undefined ? campaign.to : readDay(to),
  };
}
