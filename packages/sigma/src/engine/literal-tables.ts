import { compileLiterals, type Folding, type Literal, type LiteralTables } from '@postern/match';

/** Tables that several columns may share, and what their ids are called in one of them. */
export interface SharedTables {
  readonly tables: LiteralTables;
  /** Undefined: the same. */
  readonly ids: Int32Array | undefined;
}

/** Larger sets are hardly ever the same, and their tables are better forgotten with whom they were made for. */
const sharedLiterals = 256;

/**
 * Makes the tables for the literals of a column when it is searched for the first time: most columns of most groups
 * never are. Columns of different groups with the same literals (keywords for all of Windows) have theirs in common.
 */
export class LiteralTableCache {
  /** Size of all tables that were made. */
  bytes = 0;
  private readonly folding: Folding;
  private readonly made = new Map<string, LiteralTables>();

  constructor(folding: Folding) {
    this.folding = folding;
  }

  tablesFor(literals: readonly Literal[]): SharedTables {
    if (literals.length > sharedLiterals) return { tables: this.compile(literals), ids: undefined };
    const ids = [...new Set(literals.map(({ id }) => id))];
    const places = new Map(ids.map((id, place) => [id, place]));
    const local = literals.map((literal) => ({ ...literal, id: places.get(literal.id) ?? 0 }));
    const key = local
      .map(({ id, anchor, pieces }) => `${id} ${anchor} ${pieces.join('\u0001')}`)
      .join('\u0000');
    let tables = this.made.get(key);
    if (tables === undefined) {
      tables = this.compile(local);
      this.made.set(key, tables);
    }
    return { tables, ids: Int32Array.from(ids) };
  }

  private compile(literals: readonly Literal[]): LiteralTables {
    const tables = compileLiterals(literals, this.folding);
    this.bytes += tables.bytes;
    return tables;
  }

  clear(): void {
    this.made.clear();
    this.bytes = 0;
  }
}
