import { limits, type Batch, type FileFacts, type Issue } from '@postern/core';
import { listedFileOf } from '@postern/jsonlog';

/** Files that a listing names, as far as a web server or an intruder could care for them. */
const wanted =
  /\\(?:inetpub|frontend|clientaccess|aspnet_client|temporary asp\.net files|programdata|perflogs|users\\public|windows\\temp|temp)\\/i;
const wantedName =
  /\.(?:as[a-z]x|asax|svc|soap|config|compiled|php|jsp|dll|exe|bat|ps1|vbs|zip|7z|rar|cab|dmp|pst|png|txt)$/i;

/** Gathers the entries of file listings that matter. Bounded by {@link limits.listingEntries}. */
export class ListedFiles {
  readonly list: FileFacts[] = [];
  private left = 0;
  private readonly source: string;
  private readonly collection: string;

  constructor(source: string, collection: string) {
    this.source = source;
    this.collection = collection;
  }

  see(batch: Batch): void {
    for (let record = 0; record < batch.count; record++) {
      const entry = listedFileOf(batch, record, this.source);
      if (entry === undefined || !wanted.test(entry.path) || !wantedName.test(entry.path)) continue;
      if (this.list.length < limits.listingEntries)
        this.list.push({ path: entry.path, collection: this.collection, listed: entry.listed });
      else this.left++;
    }
  }

  issues(): readonly Issue[] {
    if (this.left === 0) return [];
    const message = `${this.left} more files of interest are listed here than the ${limits.listingEntries} that are kept`;
    return [{ code: 'POSTERN_SCAN_LISTING_LIMIT', severity: 'warning', message, count: this.left }];
  }
}
