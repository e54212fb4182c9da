import { formatTime, parseTime, ticksPerDay, type Build } from '@postern/core';
import { parseCsv } from '@postern/intel';
import type { Report } from './yaml-value.ts';

const columns = ['product', 'cu', 'su', 'build', 'release_date', 'fixes_cves', 'included_from_cu'] as const;

/**
 * Reads `builds.csv`: `product,cu,su,build,release_date,fixes_cves,included_from_cu`; CVEs parted by `;`, a date may be
 * a month, absent, or an interval `A/B` of which the later day counts. Rows that cannot be used are reported and left
 * out.
 */
export function readBuilds(text: string, report: Report): Build[] {
  const table = parseCsv(text);
  for (const column of columns.filter((name) => !table.columns.includes(name))) {
    report({ code: 'POSTERN_PACK_ROW', message: `the column "${column}" is missing` });
  }
  return table.rows.flatMap((row) => {
    const build = row.get('build');
    const released = releaseDay(row.get('release_date'));
    const wrong = wrongRow(build, released, row.broken || row.surplus > 0);
    if (wrong !== undefined) report({ code: 'POSTERN_PACK_ROW', message: wrong, line: row.line });
    if (wrong !== undefined || released === undefined) return [];
    return [
      {
        product: row.get('product'),
        cu: row.get('cu'),
        su: row.get('su'),
        build,
        ...(released === '' ? {} : { released }),
        fixes: list(row.get('fixes_cves')),
        includedFromCu: list(row.get('included_from_cu')),
      },
    ];
  });
}

function wrongRow(build: string, released: string | undefined, isBroken: boolean): string | undefined {
  if (isBroken) return 'the row does not fit the header';
  if (!/^\d+(?:\.\d+){3}$/.test(build)) return `"${build}" is no build of four numbers`;
  return released === undefined ? 'the release date is no day, month or interval' : undefined;
}

/** The day itself, the later one of an interval, '' where there is none; undefined for what is no date. */
function releaseDay(text: string): string | undefined {
  const day = text.split('/').at(-1) ?? '';
  if (day === '') return '';
  const month = /^(\d{4})-(\d{2})$/.exec(day);
  // Of a month the last day is safe: nobody is called late who was not.
  if (month !== null) return lastDay(Number(month[1]), Number(month[2]));
  return /^\d{4}-\d{2}-\d{2}$/.test(day) && parseTime(day) !== undefined ? day : undefined;
}

function lastDay(year: number, month: number): string | undefined {
  const first = month === 12 ? `${year + 1}-01-01` : `${year}-${String(month + 1).padStart(2, '0')}-01`;
  const next = parseTime(first);
  return next === undefined || month < 1 ? undefined : formatTime(next - ticksPerDay, 'day');
}

function list(text: string): string[] {
  return text
    .split(';')
    .map((part) => part.trim())
    .filter((part) => part !== '');
}
