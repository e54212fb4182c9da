/**
 * Whether somebody who says `host` means the server that is known by these names: one of them in full, or its short name
 * (up to the first dot); a server of which only the short name is known is meant by a full one, too. Letter case is
 * folded.
 */
export function isCalled(names: readonly string[], host: string): boolean {
  const said = host.toLowerCase();
  return names.some((name) => {
    const known = name.toLowerCase();
    return known === said || shortOf(known) === said || (!known.includes('.') && known === shortOf(said));
  });
}

function shortOf(host: string): string {
  return host.split('.')[0] ?? host;
}
