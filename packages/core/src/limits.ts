/**
 * Every limit that can change a result, with its reason. A limit that is reached is an Issue or a {@link Skipped},
 * never silence. Limits count work (bytes, entries, records), not time, so the same evidence gives the same result.
 */
export const limits = {
  /** A line longer than this is cut for matching: real log lines stay under 64 KiB, and one block must hold a line. */
  lineBytes: 1_048_576,
  /** Different layouts in one source; a real log changes its header a few times, a hostile one at every line. */
  shapesPerSource: 1024,
  /** A header line longer than this is text: those of real logs stay under 4 KiB, and what one says is kept with its shape. */
  headerBytes: 65_536,
  /** Fields in one header or object. */
  fieldsPerShape: 1024,
  /** Depth of nested JSON values. */
  jsonDepth: 64,
  /** Depth of elements and of templates in values of an event, as other readers of event logs have it. */
  evtxDepth: 64,
  /** Elements of one event: real ones have some dozens, a few templates nested in each other could make billions. */
  evtxElements: 4096,
  /** Bytes of one event as JSON or XML: it has 64 KiB in the log, but a template can repeat a value a thousand times. */
  evtxOutputBytes: 4_194_304,
  /** Layouts in one event log: a collector's log of forwarded events has some thousand pairs of provider and event id. */
  evtxShapes: 4096,
  /** Characters of one captured value. Scripts in OAB URLs stay under 4 KiB. */
  captureCharacters: 4096,
  /** Characters of a record kept with a hit, for findings.jsonl. */
  excerptKept: 4096,
  /** Characters of an excerpt in assessment.json. */
  excerptShown: 240,
  /** Pieces of evidence per finding in assessment.json; findings.jsonl has all. */
  evidencePerFinding: 10,
  /** Hits kept per rule and source; the rest is counted. One shell may be used a million times. */
  hitsPerRuleAndSource: 20_000,
  /** Pages counted apart per source; attackers choose the names, so the rest goes to "others". */
  pagesPerSource: 5_000,
  /** Client addresses counted apart per page and per source. */
  addressesCounted: 2_000,
  /** Methods and states that requests to one page are counted apart by: both are the asker's to choose. */
  answersPerPage: 256,
  /** Hosts that one source names; a collector's log of forwarded events names thousands. */
  hostsCounted: 50_000,
  /** Characters of a host name, as DNS allows; what is longer is none. */
  hostCharacters: 253,
  /** Archives inside archives. */
  archiveDepth: 4,
  /** Entries of one archive. A KAPE collection of a big server has some 200,000. */
  archiveEntries: 2_000_000,
  /** Bytes an entry may grow to, as a multiple of its packed size, once it is larger than 64 MiB. Logs pack up to 40:1. */
  archiveRatio: 200,
  /** Bytes of memory for what one packed stream refers back to: 7-Zip takes up to 256 MiB for that by itself. */
  archiveWindowBytes: 536_870_912,
  /** Bytes of the list of files of a 7z archive, which is packed as a whole: some 200 for each of a million files. */
  archiveListBytes: 268_435_456,
  /** Bytes unpacked from one collection in all. */
  archiveBytes: 274_877_906_944,
  /** Files in one collection. */
  filesPerCollection: 5_000_000,
  /** Bytes of a page or configuration that are judged; larger ones are judged in part, and that is said. */
  pageBytes: 8_388_608,
  /** Addresses, paths and session ids followed in the second pass. */
  pivots: 2_000,
  /** Entries of file listings kept (web folders and what rules ask for). */
  listingEntries: 200_000,
  /** Hits that one correlation holds at a time, over all of its groups: those that lie within its timespan. */
  correlationItems: 1_000_000,
  /** Hits that a hunt keeps for its correlations, which run when all sources are read. */
  correlatedHits: 500_000,
  /** Hits that are named as the reason for one hit of a correlation. */
  correlationEvidence: 1_000,
} as const;
