import { sha256Hex } from './sha256.ts';

const secretPatterns: readonly RegExp[] = [
  /((?:msExchEcpCanary|X-OWA-CANARY|canary)=)([^&;#\s"']{6,})/gi,
  /((?:cadata|cadataKey|cadataIV|cadataSig|cadataTTL|X-BackEndCookie|ASP\.NET_SessionId|OutlookSession|UC)=)([^;,\s"']{6,})/gi,
  /(X-Rps-CAT=)([^&;\s"']{6,})/gi,
  /((?:Authorization:?\s*)?(?:Basic|Bearer|Negotiate|NTLM)[ +]+)([A-Za-z0-9+/._=-]{12,})/g,
  /((?:password|passwd|pwd|pass)\s*[=:]\s*"?)([^&;\s"']{1,})/gi,
  /(\/user:\S+\s+|net\s+user\s+\S+\s+)([^\s/"']{4,})/gi,
];

/**
 * Hides cookies, canaries, tokens and passwords behind a stable tag, `‹secret:1a2b3c4d›`: the same secret gives the
 * same tag, so records can still be joined by eye, and the secret cannot be read back.
 */
export function maskSecrets(text: string): string {
  let masked = text;
  for (const pattern of secretPatterns) {
    masked = masked.replace(pattern, (_, before: string, secret: string) => before + secretTag(secret));
  }
  return masked;
}

function secretTag(secret: string): string {
  if (secret.startsWith('‹secret:')) return secret;
  return `‹secret:${sha256Hex(new TextEncoder().encode(`postern-mask:${secret}`)).slice(0, 8)}›`;
}

/** Control and direction-changing characters become visible, so that a log line cannot dress up as another. */
export function showControls(text: string): string {
  // oxlint-disable-next-line no-control-regex -- these are the characters to be made visible
  return text.replace(/[\u0000-\u001f\u007f-\u009f\u200e\u200f\u202a-\u202e\u2066-\u2069\ufeff]/g, (c) =>
    c === '\t' ? ' ' : `\\u${c.charCodeAt(0).toString(16).padStart(4, '0')}`,
  );
}

/** An excerpt as the assessment keeps it: masked, one line, bounded, with the witness in sight where it is known. */
export function excerptOf(text: string, limit: number, witness?: string): string {
  const shown = showControls(maskSecrets(text));
  if (shown.length <= limit) return shown;
  const found = witness === undefined ? -1 : shown.toLowerCase().indexOf(witness.toLowerCase());
  if (found < limit / 2) return `${shown.slice(0, limit - 1)}…`;
  const from = Math.min(found - Math.floor(limit / 3), shown.length - limit + 2);
  return `…${shown.slice(from, from + limit - 2)}…`;
}
