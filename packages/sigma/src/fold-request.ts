import { remember } from '@postern/core';

/**
 * A user agent as comparisons see it: IIS writes `+` for a space, HttpProxy a space for a comma, rules any of them. A
 * run of these is one space.
 */
export function foldAgent(text: string): string {
  return text.replaceAll(/[+, ]+/g, ' ');
}

const escapes = /(?:%[0-9a-f]{2})+/gi;
const utf8 = new TextDecoder('utf-8', { ignoreBOM: true });

/** A text with `%41` as `A`, once; runs of escapes are UTF-8, and what is none becomes U+FFFD. Never throws. */
export function percentDecode(text: string): string {
  if (!text.includes('%')) return text;
  return text.replaceAll(escapes, decodedRun);
}

/** The same few signs are escaped in all queries. */
const decodedRun = remember(
  (run) => {
    const bytes = run.slice(1).split('%');
    return utf8.decode(Uint8Array.from(bytes, (digits) => Number.parseInt(digits, 16)));
  },
  { kept: 512, longestKey: 48 },
);

// A value ends at the next parameter, so that nothing grows together that did not stand together.
const insertions = /(?:^|&)(?:CorrelationID|cafeReqId)=[^&;]*;?(?=&|$)/gi;

/** A query without what Exchange itself adds to it: `&CorrelationID=<empty>;&cafeReqId=<guid>;`. */
export function withoutInsertions(query: string): string {
  return query.includes('=') ? query.replaceAll(insertions, '') : query;
}

/** Path and query as one text, as the client sent it. The query may bring its own `?`, as that of HttpProxy does. */
export function requestUrl(stem: string, query: string | undefined): string {
  if (query === undefined || query === '') return stem;
  return query.startsWith('?') ? stem + query : `${stem}?${query}`;
}
