import { isCalled, type Assessment } from '@postern/core';
import type { ScanResult } from '@postern/scan';
import type { ScanArguments } from './arguments.ts';
import { readReviews } from './context.ts';
import { issueText } from './errors.ts';

/** What the user stated and what did nothing in this run: nobody should believe that it counted. */
export function scanNotes(args: ScanArguments, result: ScanResult): readonly string[] {
  return [...reviewNotes(args, result), ...clockNotes(args, result), ...inServiceNotes(args, result)];
}

const idsNamed = 3;

/** Rulings on what was not found do nothing: ids change where the evidence or the packs do. */
function reviewNotes({ review }: ScanArguments, { assessment }: ScanResult): readonly string[] {
  if (review === undefined) return [];
  const known = new Set(assessment.findings.map(({ id }) => id));
  const idle = [...readReviews(review).keys()].filter((id) => !known.has(id));
  if (idle.length === 0) return [];
  const named = [...idle.slice(0, idsNamed), ...(idle.length > idsNamed ? ['…'] : [])].join(', ');
  return [
    issueText({
      code: 'POSTERN_CLI_REVIEW',
      severity: 'warning',
      source: review,
      message: `${idle.length === 1 ? 'one of its rulings names' : `${idle.length} of its rulings name`} no finding of this run and ${idle.length === 1 ? 'does' : 'do'} nothing: ${named}`,
    }),
  ];
}

function serversCalled({ servers }: Assessment, host: string): Assessment['servers'] {
  return servers.filter(({ names }) => isCalled(names, host));
}

/** A clock that moved nothing: no host is called so, or all of its logs are UTC by their format. */
function clockNotes({ clocks }: ScanArguments, { assessment }: ScanResult): readonly string[] {
  const { sources, groups } = assessment.coverage;
  const moved = new Set(
    [...sources, ...groups].flatMap(({ server, clock, first }) =>
      clock.basis === 'stated' && first !== undefined ? (server ?? []) : [],
    ),
  );
  return [...clocks.keys()].flatMap((host) => {
    const own = serversCalled(assessment, host);
    if (own.some(({ id }) => moved.has(id))) return [];
    const message =
      own.length === 0
        ? 'no host of this run is called so; nothing was moved'
        : 'nothing was moved: the logs of this host are UTC by their format, whatever the zone it was set to';
    return [
      issueText({ code: 'POSTERN_CLI_CLOCK', severity: 'warning', source: `--clock ${host}`, message }),
    ];
  });
}

/** What is said of a server that the evidence does not name does nothing. */
function inServiceNotes({ inService }: ScanArguments, { assessment }: ScanResult): readonly string[] {
  const idle = [...inService.keys()].filter((name) => serversCalled(assessment, name).length === 0);
  return idle.map((name) =>
    issueText({
      code: 'POSTERN_CLI_IN_SERVICE',
      severity: 'warning',
      source: `--in-service ${name}`,
      message: 'no server of this run is called so; no window was cut',
    }),
  );
}
