import { verdictOrder } from '@postern/core';

/**
 * The acts that rules may name, and what each means. Two recorders of one act count once; another recorder *and*
 * another act make an independent witness (judgement section 2). The same list, for authors, is in packs/README.md.
 */
export const acts: ReadonlyMap<string, string> = new Map([
  ['ssrf-request', 'a request that makes the front end speak to the back end for a stranger'],
  ['session', 'an administrator session was given to a stranger'],
  ['cmdlet-answered', 'the web console ran a management command for a stranger'],
  ['mail-read', 'mail was asked for and given'],
  ['script-in-configuration', 'script was written into a setting'],
  ['configuration-restored', 'a tampered setting was reset or cleared'],
  ['deserialisation', 'a service unpacked what a stranger sent'],
  ['page-written', 'a page that the web server runs was written'],
  ['page-content', 'a page that the web server runs takes commands'],
  ['page-compiled', 'a page was compiled, so somebody asked for it'],
  ['page-used', 'a back door was used'],
  ['page-hidden', 'a page was hidden or protected on disk'],
  ['page-removed', 'a page was removed'],
  ['shell-process', 'the web server or a service of the product started a command'],
  ['credentials-dumped', 'secrets of accounts were copied'],
  ['archive-staged', 'files were packed where they can be fetched'],
  ['archive-fetched', 'a packed file was fetched through the web server'],
  ['mailbox-exported', 'mailboxes were exported'],
  ['rights-granted', 'rights over mailboxes or the server were given'],
  ['rule-forwarding', 'mail is forwarded by a rule'],
  ['transport-agent', 'code was put into the way of all mail'],
  ['module-added', 'code was put into the web server itself'],
  ['account-created', 'an account was made or raised'],
  ['task-created', 'a scheduled task was made'],
  ['service-created', 'a service was made'],
  ['remote-shell', 'a tool for remote control was started'],
  ['logs-cleared', 'logs were cleared, deleted or switched off'],
  ['defender-detection', 'a product of the defenders saw something'],
  ['removed-by-antivirus', 'a product of the defenders removed something'],
  ['mitigation-applied', 'a defender closed a way in without the update'],
  ['mitigation-removed', 'what a defender had closed was opened again'],
  ['side-effect', 'a trace that an attack leaves and other causes leave too'],
]);

const implantKinds =
  'web-shell|iis-module|virtual-directory|transport-agent|scheduled-task|service|account|other';

/** Tags that advice may ask for; `incident` makes them of what it found. */
const tagPatterns: readonly RegExp[] = [
  /^always$/,
  new RegExp(`^verdict:(?:${verdictOrder.join('|')})$`),
  new RegExp(`^implant:(?:${implantKinds})$`),
  /^implant-state:(?:present|removed|returned|unknown)$/,
  /^stage:(?:probe|attempt|success|use|aftermath)$/,
  /^exposure:(?:vulnerable|mitigated|fixed|unknown)$/,
  /^door:(?:open-now|closed|not-known)$/,
  /^coverage:missing$/,
  /^impact:(?:mailbox|archive|credential|directory|file)$/,
];

export function isKnownTag(tag: string): boolean {
  if (tag.startsWith('act:')) return acts.has(tag.slice('act:'.length));
  return tagPatterns.some((pattern) => pattern.test(tag));
}

/** What `because` of advice may name: acts and kinds of implants. */
export function isKnownReason(reason: string): boolean {
  return acts.has(reason) || new RegExp(`^(?:${implantKinds})$`).test(reason);
}
