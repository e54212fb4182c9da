import type { Shape } from '@postern/core';
import { foldText } from '@postern/match';
import { aliasesFor, isRequestPart, requestFields } from './field-aliases.ts';

/** Where a shape has a field that a rule names. */
export type FieldPlace =
  | { readonly kind: 'constant'; readonly text: string }
  /** `isRequest`: part of a request, which is compared as it stands and percent-decoded. */
  | { readonly kind: 'slot'; readonly slot: number; readonly isRequest: boolean }
  /** Path, `?` and query as one. */
  | { readonly kind: 'url'; readonly stem: number; readonly query: number | undefined };

/** The fields of a shape by the names that rules use. */
export class ShapeFields {
  private readonly shape: Shape;
  private readonly aliases: ReadonlyMap<string, readonly string[]>;
  /** Folded name without spaces → name. Sigma writes `ThreatName` where Windows has `Threat Name`. */
  private readonly folded = new Map<string, string>();

  constructor(shape: Shape) {
    this.shape = shape;
    this.aliases = aliasesFor(shape);
    for (const name of [...shape.constants.keys(), ...shape.fields]) {
      const key = foldName(name);
      if (!this.folded.has(key)) this.folded.set(key, name);
    }
  }

  /** By exact name, else the virtual `url`, else by an alias, else without minding case and spaces. */
  find(name: string): FieldPlace | undefined {
    const folded = foldName(name);
    return (
      this.exact(name) ??
      (folded === 'url' ? this.url() : undefined) ??
      this.alias(folded) ??
      this.loose(folded)
    );
  }

  /** The whole request, where the shape has a path. */
  url(): FieldPlace | undefined {
    const names = requestFields(this.shape.family);
    const stem = names === undefined ? -1 : this.shape.fields.indexOf(names.stem);
    if (names === undefined || stem < 0) return undefined;
    const query = this.shape.fields.indexOf(names.query);
    return { kind: 'url', stem, query: query < 0 ? undefined : query };
  }

  private exact(name: string): FieldPlace | undefined {
    const text = this.shape.constants.get(name);
    if (text !== undefined) return { kind: 'constant', text };
    const slot = this.shape.fields.indexOf(name);
    return slot < 0 ? undefined : { kind: 'slot', slot, isRequest: isRequestPart(this.shape.family, name) };
  }

  private alias(folded: string): FieldPlace | undefined {
    for (const name of this.aliases.get(folded) ?? []) {
      const place = this.exact(name);
      if (place !== undefined) return place;
    }
    return undefined;
  }

  private loose(folded: string): FieldPlace | undefined {
    const name = this.folded.get(folded);
    return name === undefined ? undefined : this.exact(name);
  }
}

function foldName(name: string): string {
  return foldText(name).replaceAll(' ', '');
}
