import type { Assessment, Exposure, Finding, Implant, Time, Tlp } from './assessment.ts';

/** `cannot-tell`: AFTER does not cover the place, which is not the same as open. */
export type CheckState = 'closed' | 'open' | 'cannot-tell';

/** What became of the findings of one assessment (BEFORE), as a later one of the same servers (AFTER) shows it. */
export interface Verification {
  readonly schema: 'postern.verification/1';
  readonly generator: Assessment['generator'];
  /** The stricter one of both. */
  readonly tlp: Tlp;
  /** False if AFTER's run was stopped. */
  readonly complete: boolean;
  readonly servers: readonly ServerCheck[];
  readonly advice: readonly AdviceCheck[];
  /** Names of servers that the other assessment does not have. */
  readonly onlyBefore: readonly string[];
  readonly onlyAfter: readonly string[];
}

/** One server of BEFORE; all of it is `cannot-tell` where AFTER has nothing of it. */
export interface ServerCheck {
  /** Its id in BEFORE. */
  readonly id: string;
  readonly name: string;
  readonly inAfter: boolean;
  /** When the records of each end. */
  readonly beforeEnds?: Time;
  readonly afterEnds?: Time;
  readonly implants: readonly ImplantCheck[];
  readonly flaws: readonly FlawCheck[];
  /** Of AFTER, and not in BEFORE. */
  readonly newImplants: readonly Implant[];
  /** Of AFTER: got in, used or followed after BEFORE's records end; no leads and nothing that was set aside. */
  readonly newFindings: readonly Pick<
    Finding,
    'id' | 'rule' | 'stage' | 'act' | 'first' | 'last' | 'count'
  >[];
}

/** One back door of BEFORE. */
export interface ImplantCheck extends Pick<Implant, 'id' | 'kind' | 'path' | 'url'> {
  readonly state: CheckState;
  readonly why: string;
}

/** One flaw that BEFORE did not know to be fixed, or that AFTER shows open. */
export interface FlawCheck {
  readonly pack: string;
  readonly cve: string;
  readonly before: Exposure['state'];
  readonly state: CheckState | 'mitigated';
  readonly why: string;
}

/** One item of BEFORE's advice. `people`: no evidence can show that it was done. */
export interface AdviceCheck {
  readonly id: string;
  readonly order: number;
  readonly title: string;
  /** Names. */
  readonly servers: readonly string[];
  readonly state: 'done' | 'open' | 'cannot-tell' | 'people';
  readonly why: string;
  readonly doneWhen: string;
}
