import type { ConfiguredEntry } from '@postern/core';
import type { ConfigElement } from './config-elements.ts';
import { configuredPath } from './config-paths.ts';
import type { TraitCode, Weight } from './sign.ts';

/** What a configuration says that matters, with the place of its element. */
export interface ConfigEntry {
  readonly kind: ConfiguredEntry['kind'];
  readonly code: TraitCode;
  /** `note`: worth knowing, says nothing bad. */
  readonly weight: Weight;
  /** What the configuration calls it. */
  readonly name: string;
  /** As written. */
  readonly path?: string;
  /** In lower case; the back end's site as `:444/…`. */
  readonly url?: string;
  /** The end of the sentence that the trait's text begins. */
  readonly detail: string;
  /** Index in the page's text. */
  readonly at: number;
}

/** A configuration that is to be checked. */
export interface ConfigFile {
  readonly elements: readonly ConfigElement[];
  /** Its own path, as {@link configuredPath} makes it. */
  readonly path: string;
  /** Where Exchange is installed, if the configuration tells. */
  readonly exchange: string | undefined;
}

/** True if the configuration belongs to the product: the folders of its sites, or the server's own configuration. */
export function isOfServer({ path }: ConfigFile): boolean {
  return (
    /\\(?:frontend\\httpproxy|clientaccess)\\/.test(path) ||
    /(?:^|\\)(?:applicationhost|administration|(?:fet)?agents)\.config$/.test(path) ||
    path.endsWith('\\inetpub\\wwwroot\\web.config')
  );
}

/** An attribute's value, empty where it is absent. */
export function valueOf(element: ConfigElement, name: string): string {
  return element.attributes.get(name) ?? '';
}

/** A path attribute in one form; undefined where it is absent or empty. */
export function pathOf(element: ConfigElement, name: string): string | undefined {
  const value = valueOf(element, name);
  return value === '' ? undefined : configuredPath(value);
}
