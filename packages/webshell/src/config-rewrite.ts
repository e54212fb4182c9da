import type { ConfigElement } from './config-elements.ts';
import { type ConfigEntry, type ConfigFile, isOfServer, valueOf } from './config-entry.ts';

/** One published form of a mitigation by rewriting, from the history of EOMT and EOMTv2 in microsoft/CSS-Exchange. */
interface MitigationForm {
  readonly cves: string;
  readonly date: string;
  readonly input: RegExp;
  readonly pattern: string;
  /** Absent for the last form. */
  readonly weakness?: string;
}

const request = /^\{request_uri\}$|^\{url\}$/i;
const decoded = /^\{urldecode:\s*\{request_uri\}\}$/i;
const shell = 'CVE-2022-41040';
const forms: readonly MitigationForm[] = [
  {
    cves: 'CVE-2021-26855',
    date: '2021-03',
    input: /^\{http_cookie\}$/i,
    pattern: '(.*)x-anonresource-backend(.*)',
  },
  {
    cves: 'CVE-2021-26855',
    date: '2021-03',
    input: /^\{http_cookie\}$/i,
    pattern: '(.*)x-beresource=(.+)/(.+)~(.+)',
  },
  {
    cves: shell,
    date: '2022-09-30',
    input: request,
    pattern: '.*autodiscover\\.json.*\\@.*powershell.*',
    weakness: 'an address without @ passes it',
  },
  {
    cves: shell,
    date: '2022-10-03',
    input: request,
    pattern: '.*autodiscover\\.json.*powershell.*',
    weakness: 'an encoded address passes it',
  },
  {
    cves: shell,
    date: '2022-10-05',
    input: decoded,
    pattern: '.*autodiscover\\.json.*powershell.*',
    weakness: 'another order of the two words passes it',
  },
  { cves: shell, date: '2022-10-07', input: decoded, pattern: '(?=.*autodiscover)(?=.*powershell)' },
];
const mitigationWords = /x-anonresource-backend|x-beresource|autodiscover.*powershell/i;

/** Rewrite rules: which form of Microsoft's mitigation, and rules that send requests or answers elsewhere. */
export function rewriteEntries(file: ConfigFile): readonly ConfigEntry[] {
  return file.elements.flatMap((element, i): readonly ConfigEntry[] => {
    if (
      element.name !== 'rule' ||
      !/\/rewrite\/(?:rules|globalrules|outboundrules)\/rule$/.test(element.path)
    )
      return [];
    const parts = below(file.elements, i);
    const mitigation = parts.filter(
      (part) => part.path.endsWith('/conditions/add') && mitigationWords.test(valueOf(part, 'pattern')),
    );
    if (mitigation.length > 0) return mitigation.map((part) => mitigationEntry(element, part, parts));
    return redirectEntry(file, element, parts);
  });
}

/** The elements inside of one, up to a bound: rules are short. */
function below(elements: readonly ConfigElement[], index: number): readonly ConfigElement[] {
  const from = elements[index];
  const found: ConfigElement[] = [];
  for (let i = index + 1; i < Math.min(elements.length, index + 200); i++) {
    const element = elements[i];
    if (element === undefined || from === undefined || !element.path.startsWith(`${from.path}/`)) break;
    if (element.parent < index) break;
    found.push(element);
  }
  return found;
}

function mitigationEntry(
  rule: ConfigElement,
  part: ConfigElement,
  parts: readonly ConfigElement[],
): ConfigEntry {
  const name = valueOf(rule, 'name');
  const [pattern, input] = [valueOf(part, 'pattern').toLowerCase(), valueOf(part, 'input')];
  const form = forms.find((known) => known.pattern === pattern && known.input.test(input));
  const works =
    parts.some((p) => p.name === 'action' && /^(?:abortrequest|customresponse)$/i.test(valueOf(p, 'type'))) &&
    !/^false$/i.test(valueOf(rule, 'enabled')) &&
    !/^true$/i.test(valueOf(part, 'negate'));
  const detail =
    form === undefined
      ? `${name}: of no published form (${input} ${valueOf(part, 'pattern')})`
      : `${name}: ${form.cves}, the form of ${form.date}${form.weakness === undefined ? '' : `; ${form.weakness}`}`;
  const isWhole = form !== undefined && form.weakness === undefined && works;
  const what = works ? detail : `${detail}; the rule is off or stops nothing`;
  return {
    kind: 'mitigation',
    code: isWhole ? 'mitigation' : 'mitigation-weak',
    weight: 'note',
    name,
    detail: what,
    at: rule.at,
  };
}

const elsewhere = /^(?:https?:)?\/\/(?!localhost\b|127\.|\{http_host\})/i;

function redirectEntry(
  file: ConfigFile,
  rule: ConfigElement,
  parts: readonly ConfigElement[],
): readonly ConfigEntry[] {
  const name = valueOf(rule, 'name');
  const action = parts.find((part) => part.name === 'action');
  const match = parts.find((part) => part.name === 'match');
  if (action === undefined || /^false$/i.test(valueOf(rule, 'enabled'))) return [];
  const base = { kind: 'rewrite', name, at: rule.at } as const;
  if (rule.path.endsWith('/outboundrules/rule')) {
    const value = valueOf(action, 'value');
    return /<script|<iframe|javascript:/i.test(value)
      ? [
          {
            ...base,
            code: 'rewrite-adds-script',
            weight: 'suspicious',
            detail: `${name}: ${value.slice(0, 200)}`,
          },
        ]
      : [];
  }
  const target = valueOf(action, 'url');
  const detail = `${name}: ${match === undefined ? '' : valueOf(match, 'url')} → ${target}`;
  // A picture or a script that is answered by a page hides the page's name from the logs of requests.
  const hides =
    /\.(?:jpe?g|png|gif|css|js|txt|ico)\W*$/i.test(match === undefined ? '' : valueOf(match, 'url')) &&
    /\.as[hpm]x\b/i.test(target) &&
    /^rewrite$/i.test(valueOf(action, 'type'));
  if (hides) return [{ ...base, code: 'rewrite-to-page', weight: 'suspicious', detail }];
  if (!/^rewrite$/i.test(valueOf(action, 'type')) || !elsewhere.test(target)) return [];
  return [{ ...base, code: 'rewrite-elsewhere', weight: isOfServer(file) ? 'suspicious' : 'note', detail }];
}
