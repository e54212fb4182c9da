import { decodeLatin1, decodeSlot, decodeUtf8, slotTypes } from '@postern/core';
import { roleOf, type Role } from './event-names.ts';
import type { EventShape } from './event-shape.ts';

/** What leads from one node of a {@link Layout} to the next. */
export type EdgeKind = 'scalar' | 'object' | 'exit' | 'value' | 'class' | 'named';

/**
 * A place in the sequence of names that records of one source have. The path from the root is the layout so far,
 * together with the values that belong to a shape (channel, event id, provider); at the closing brace of a record
 * the node says which shape it is. Names are told by comparing bytes with the expected ones; nothing becomes a
 * string unless it is new.
 */
export class LayoutNode {
  readonly kind: EdgeKind;
  /** Bytes of the name (or value) that lead here. */
  readonly edge: Uint8Array;
  readonly parent: LayoutNode | undefined;
  /** Names of the objects that the next name stands in. */
  readonly container: readonly string[];
  /** Of a leaf: its full path and meaning. */
  readonly path: readonly string[] | undefined;
  readonly role: Role | undefined;
  /** `value`: the value's bytes lead on; `class`: its first byte; `named`: it may be a list of named data. */
  readonly pin: 'none' | 'value' | 'class' | 'named';
  /** Of a pinned value: its text, of a class `text` or `number`; undefined for null, lists and objects. */
  readonly value: string | undefined;
  /** Bytes of all names down to here, for the limit. */
  readonly weight: number;
  /** What followed last time. */
  likely: LayoutNode | undefined;
  readonly children: Map<string, LayoutNode> = new Map<string, LayoutNode>();
  /** Made when a record first ends here; `refused` past the limit. */
  shape: EventShape | 'refused' | undefined;

  constructor(parent: LayoutNode | undefined, kind: EdgeKind, edge: Uint8Array) {
    this.parent = parent;
    this.kind = kind;
    this.edge = edge;
    const enclosing = parent?.container ?? [];
    const name = kind === 'scalar' || kind === 'object' || kind === 'named' ? nameOf(edge) : '';
    this.container =
      kind === 'object' ? [...enclosing, name] : kind === 'exit' ? enclosing.slice(0, -1) : enclosing;
    this.path = kind === 'scalar' || kind === 'named' ? [...enclosing, name] : undefined;
    this.role = this.path === undefined ? undefined : roleOf(this.path);
    this.pin = pinOf(kind, this.role, this.container);
    this.value = kind === 'value' ? pinnedText(edge) : kind === 'class' ? classOf(edge) : undefined;
    this.weight = edge.length + this.container.reduce((sum, part) => sum + part.length, 0);
  }
}

function nameOf(edge: Uint8Array): string {
  return decodeSlot(edge, 0, edge.length, slotTypes.jsonString) ?? '';
}

function pinOf(kind: EdgeKind, role: Role | undefined, container: readonly string[]): LayoutNode['pin'] {
  if (kind === 'object') return roleOf(container).holdsNamedData ? 'named' : 'none';
  if (kind !== 'scalar' || role === undefined) return 'none';
  if (role.constant !== undefined) return 'value';
  if (role.time !== undefined) return 'class';
  return role.holdsNamedData ? 'named' : 'none';
}

/** Longest name or pinned value. Windows allows 255 characters for channels and providers. */
const edgeBytes = 1024;
/** Nodes, and bytes of names in their paths: together they bound what a source with ever new names can take. */
const nodeLimit = 65_536;
const weightLimit = 33_554_432;

/** Why a record has no layout. */
export type LayoutTrouble = 'NAME_LIMIT' | 'LAYOUTS_LIMIT';

/** All layouts of one source. Bounded: past the limits {@link step} says why instead of giving a node. */
export class Layout {
  readonly root: LayoutNode = new LayoutNode(undefined, 'exit', new Uint8Array(0));
  private nodes = 1;
  private weight = 0;

  /** The node that the bytes lead to, known or new. The fast way, `likely`, is tried by the caller. */
  step(from: LayoutNode, kind: EdgeKind, bytes: Uint8Array): LayoutNode | LayoutTrouble {
    if (bytes.length > edgeBytes) return 'NAME_LIMIT';
    const key = `${kind} ${decodeLatin1(bytes, 0, bytes.length)}`;
    const known = from.children.get(key);
    if (known !== undefined) return (from.likely = known);
    if (this.nodes === nodeLimit || this.weight > weightLimit) return 'LAYOUTS_LIMIT';
    const made = new LayoutNode(from, kind, bytes.slice());
    this.nodes++;
    this.weight += made.weight;
    from.children.set(key, made);
    return (from.likely = made);
  }
}

/** The text of a JSON string or number, for the constants of shapes. */
function pinnedText(token: Uint8Array): string | undefined {
  const first = token[0] ?? 0;
  if (first === 0x22) return decodeSlot(token, 1, token.length - 2, slotTypes.jsonString);
  return isNumberStart(first) ? decodeUtf8(token, 0, token.length) : undefined;
}

function classOf(token: Uint8Array): 'text' | 'number' | undefined {
  const first = token[0] ?? 0;
  return first === 0x22 ? 'text' : isNumberStart(first) ? 'number' : undefined;
}

function isNumberStart(byte: number): boolean {
  return byte === 0x2d || (byte >= 0x30 && byte <= 0x39);
}
