// The public samples that other readers of event logs are tested with, and what those readers find in them.

import { describe, expect, test } from 'vitest';
import { nameIn, readFile, readLog, realFiles } from './testing/real-logs.ts';

const folder = 'evtx';
const files = realFiles(folder, '.evtx');

/**
 * Records that can be read, and what is reported as an error or damaged: the counts that omerbenamram/evtx asserts in
 * its tests (facts/evtx.md section 12), ours where it has none.
 */
const samples: readonly (readonly [name: string, good: number, wrong: number])[] = [
  ['2-system-Microsoft-Windows-LiveId%4Operational', 399, 0],
  ['2-vss_0-Microsoft-Windows-RemoteDesktopServices-RdpCoreTS%4Operational', 1910, 4],
  ['2-vss_0-Microsoft-Windows-TerminalServices-RemoteConnectionManager%4Operational', 1774, 2],
  ['2-vss_7-System', 1160, 0],
  ['Application_no_crc32', 17, 0],
  ['E_ShadowCopy6_windows_system32_winevt_logs_Microsoft-Windows-CAPI2%4Operational', 459, 0],
  ['E_Windows_system32_winevt_logs_Microsoft-Windows-CAPI2%4Operational', 340, 0],
  ['E_Windows_system32_winevt_logs_Microsoft-Windows-Shell-Core%4Operational', 1146, 0],
  ['MSExchange_Management_wec', 1, 0],
  // The last record of these is torn, and no record follows it: one more fault each than others count.
  ['Microsoft-Windows-HelloForBusiness%4Operational', 6, 1],
  ['Microsoft-Windows-LanguagePackSetup%4Operational', 17, 1],
  ['Security_short_selected', 7, 0],
  ['Security_with_size_t', 636, 0],
  ['issue_201', 1, 0],
  ['new-user-security', 4, 0],
  ['post-Security', 126, 0],
  ['sample-with-irregular-bool-values', 3028, 0],
  ['sample-with-zero-data-size-event', 335, 1],
  // Two chunks without their mark; three torn last records as above.
  ['sample_with_a_bad_chunk_magic', 270, 5],
  ['security', 2261, 0],
  ['security_bad_string_cache', 2261, 0],
  ['sysmon', 358, 8],
  ['system', 1881, 0],
];

/** The samples of other readers. Of `System2` the others stop at its torn chunk. */
const others: readonly (readonly [name: string, good: number, wrong: number])[] = [
  ['plaso/System', 5009, 0],
  ['plaso/System2', 283, 1],
  ['python-evtx/dns_log_malformed', 5, 0],
  ['python-evtx/issue_38', 1, 0],
  ['python-evtx/issue_39', 394, 0],
  ['python-evtx/issue_43', 1730, 0],
  ['python-evtx/security', 2261, 0],
  ['python-evtx/system', 1601, 0],
  ['velocidex/Microsoft-Windows-CAPI2_Operational_EventID70', 1, 0],
  ['velocidex/Security', 739, 0],
  ['velocidex/Security_1_record', 1, 0],
];
const named = [...samples.map(([name, ...counts]) => [`samples/${name}`, ...counts] as const), ...others];

describe.skipIf(files === undefined)('public samples', () => {
  test.each(named)('%s has %i good records and %i faults', (name, good, wrong) => {
    const path = files?.find((one) => one.endsWith(`/${name}.evtx`)) ?? '';
    const { summary, issues } = readLog(readFile(path));
    const faults = issues.filter(({ severity }) => severity === 'error');
    const count = faults.reduce((sum, { count: times }) => sum + (times ?? 1), 0);
    expect([summary.records - summary.damaged, count + summary.damaged]).toEqual([good, wrong]);
  });

  test('all of them have these records', () => {
    const counts = (files ?? []).map(
      (path) => [nameIn(folder, path), readLog(readFile(path)).summary] as const,
    );
    const records = counts.reduce((sum, [, summary]) => sum + summary.records, 0);
    const damaged = counts.filter(([, summary]) => summary.damaged > 0).map(([name]) => name);
    expect(counts).toHaveLength(314);
    expect(records).toBe(39_442);
    expect(damaged).toHaveLength(2);
  });
});
