/** What an indicator is a value of. The words are those of the first column of an indicator table. */
export const indicatorTypes = [
  'sha256',
  'sha1',
  'md5',
  'ip',
  'domain',
  'file_path',
  'file_path_regex',
  'file_name',
  'file_name_regex',
  'user_agent',
  'request_path_post',
  'request_path_regex',
  'webshell_param',
  'command_or_path',
  'service_name',
  'file_marker',
] as const;

export type IndicatorType = (typeof indicatorTypes)[number];

/**
 * One value that someone published as a trace of intruders. It is a lead wherever it is met: shown and ranked, never
 * counted (judgement section 2).
 */
export interface Indicator {
  /** Id of its rule (`indicatorRule`): of type, value, method and path, so that two lists of one value agree. */
  readonly rule: string;
  /** The pack it came with; absent for `--indicators`. */
  readonly pack?: string;
  readonly type: IndicatorType;
  /** In the form that comparisons use: hashes, domains and addresses in lower case, `[.]` and `hxxp` resolved. */
  readonly value: string;
  /** Whom or what the list names with it, in the list's own words; never shown beside an operator of a server. */
  readonly cluster: string;
  /** ISO day before which and after which the value says nothing; absent where the list does not tell. */
  readonly from?: string;
  readonly to?: string;
  readonly source: string;
  /** Only requests with this method count (upper case). */
  readonly method?: string;
  /** Only requests whose path begins with one of these count (lower case). */
  readonly paths: readonly string[];
  readonly file: string;
  /** 1-based line in `file`. */
  readonly line: number;
}
