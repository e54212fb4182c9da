import { parseTime } from '@postern/core';
import type { Pack, Phase, Ticks } from '@postern/core';
import { isDefence } from './defence.ts';
import type { FindingDraft } from './findings.ts';
import { toWindow } from './intervals.ts';
import type { OperatorDraft } from './operators.ts';
import { sorted } from './ordered.ts';
import { endOfDay } from './questions.ts';

/** The campaign's phases, with the servers and operators that were active in each. Probes and leads are not activity. */
export function phasesOf(
  packs: readonly Pack[],
  drafts: readonly FindingDraft[],
  operators: readonly OperatorDraft[],
): Phase[] {
  return packs.flatMap((pack) =>
    pack.campaign.phases.map((phase): Phase => {
      const [from, to] = [parseTime(phase.from) ?? 0n, endOfDay(phase.to) ?? 0n];
      const isIn = (time: Ticks | undefined): boolean => time !== undefined && time >= from && time < to;
      const active = drafts.filter(
        (draft) => isActivity(draft, pack.id) && draft.sightings.some((s) => isIn(s.time) || isIn(s.last)),
      );
      const present = operators.filter(
        ({ kind, group }) => kind === 'intruder' && group.sightings.some((s) => isIn(s.time) || isIn(s.last)),
      );
      return {
        id: `${pack.id}/${phase.id}`,
        title: phase.title,
        ...toWindow({ from, to }),
        servers: sorted(active.flatMap(({ finding }) => finding.targets)),
        operators: sorted(present.map(({ id }) => id)),
      };
    }),
  );
}

function isActivity({ finding, packs }: FindingDraft, pack: string): boolean {
  if (finding.setAside !== undefined || !packs.includes(pack) || isDefence(finding.act)) return false;
  return finding.stage === 'attempt' || (finding.stage !== 'probe' && finding.witness !== 'lead');
}
