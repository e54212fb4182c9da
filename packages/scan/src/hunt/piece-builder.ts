import type { HuntPiece, RuleMatch } from './hunt-task.ts';
import type { ExplainedPart } from './explain-records.ts';

/** A piece is handed over at that weight: a message costs more than counting, and memory is bounded by pieces. */
const pieceWeight = 262_144;

/** Gathers what a source tells and hands it over in pieces. */
export class PieceBuilder {
  private matches: RuleMatch[] = [];
  private lines: string[] = [];
  private explained: ExplainedPart[] = [];
  private weight = 0;
  private readonly onPiece: (piece: HuntPiece) => void;

  constructor(onPiece: (piece: HuntPiece) => void) {
    this.onPiece = onPiece;
  }

  match(match: RuleMatch): void {
    this.matches.push(match);
    this.add(200 + match.record.fields.length * 40);
  }

  line(text: string): void {
    this.lines.push(text);
    this.add(text.length);
  }

  explain(part: ExplainedPart): void {
    this.explained.push(part);
    this.add(200);
  }

  private add(weight: number): void {
    this.weight += weight;
    if (this.weight >= pieceWeight) this.flush();
  }

  flush(): void {
    if (this.weight === 0) return;
    this.onPiece({ matches: this.matches, text: this.lines.join(''), explained: this.explained });
    this.matches = [];
    this.lines = [];
    this.explained = [];
    this.weight = 0;
  }
}
