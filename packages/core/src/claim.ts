/** What a public statement does: the verbs of the ledger. *Accuse* is none of them. */
export const claimVerbs = [
  'attribute',
  'locate',
  'cluster',
  'assess',
  'deny',
  'support',
  'acknowledge',
  'qualify',
  'demand',
  'warn',
  'charge',
  'sanction',
  'court',
  'disrupt',
  'advise',
  'observe',
  'measure',
  'scale',
] as const;

/** One of {@link claimVerbs}. */
export type ClaimVerb = (typeof claimVerbs)[number];

export interface Claim {
  readonly id: string;
  readonly date: string;
  readonly datePrecision: 'day' | 'month' | 'year' | 'range';
  readonly claimant: string;
  readonly claimantType: string;
  readonly jointWith: readonly string[];
  readonly subject: string;
  readonly about: { readonly scope: 'campaign' | 'other'; readonly text: string };
  readonly verb: ClaimVerb;
  /** Our paraphrase. */
  readonly statement: string;
  readonly wording: { readonly text: string; readonly language: string; readonly quoted: boolean };
  readonly scale?: string;
  readonly inReplyTo: readonly string[];
  readonly supersedes: readonly string[];
  readonly status: 'published' | 'retracted' | 'superseded';
  readonly source: {
    readonly title: string;
    readonly url?: string;
    readonly kind: 'primary' | 'secondary' | 'recall';
  };
}
