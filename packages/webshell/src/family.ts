import type { Sign, TraitCode } from './sign.ts';

interface FamilyFacts {
  readonly codes: ReadonlySet<TraitCode>;
  /** The code of the page, all segments, in lower case. */
  readonly code: string;
  readonly parameters: readonly string[];
  readonly mentions: ReadonlySet<string>;
}

interface Family {
  readonly name: string;
  readonly is: (facts: FamilyFacts) => boolean;
}

/** A one-line shell is at most so long: China Chopper's server side is under 100 characters. */
const oneLiner = 400;

/** In the field's words; the first that fits names the page. Only what the content tells, never file names. */
const families: readonly Family[] = [
  { name: 'OAB dump with script', is: ({ codes }) => codes.has('oab-script') },
  { name: 'SPORTSBALL', is: ({ code }) => code.includes('fqrspt') },
  {
    name: 'reGeorg tunnel',
    is: ({ codes, code }) => codes.has('tunnel') && /x-cmd|x-target|x-status/.test(code),
  },
  { name: 'tunnel', is: ({ codes }) => codes.has('tunnel') },
  { name: 'China Chopper', is: ({ codes, code }) => codes.has('request-to-eval') && code.length <= oneLiner },
  {
    name: 'SIMPLESEESHARP',
    is: ({ codes, code }) =>
      isUploader(codes) &&
      code.length <= oneLiner &&
      code.includes('httppostedfile') &&
      code.includes('path.combine'),
  },
  { name: 'uploader', is: ({ codes, code }) => isUploader(codes) && code.length <= 5 * oneLiner },
  { name: 'file explorer', is: ({ codes }) => codes.has('file-explorer') },
];

function isUploader(codes: ReadonlySet<TraitCode>): boolean {
  const writes = codes.has('uploader') || codes.has('request-to-file') || codes.has('request-to-page');
  return writes && !codes.has('request-to-eval') && !codes.has('request-to-process');
}

/** The family of a page that was judged bad; undefined where its content fits none. */
export function familyOf(
  signs: readonly Sign[],
  code: string,
  parameters: readonly string[],
  mentions: ReadonlySet<string>,
): string | undefined {
  const codes = new Set(signs.filter((s) => s.weight !== 'note').map((s) => s.code));
  if (codes.size === 0) return undefined;
  return families.find(({ is }) => is({ codes, code: code.toLowerCase(), parameters, mentions }))?.name;
}
