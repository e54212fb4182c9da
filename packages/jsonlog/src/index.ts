/** Events as JSON, file listings, scanners' logs: the readers for what other tools made of a server's logs and disks. */
export { dataTexts } from './data-texts.ts';
export { eventCsvReader } from './event-csv-reader.ts';
export { jsonlogReader } from './event-reader.ts';
export { listedFileOf, type ListedEntry } from './listed-file.ts';
export { fileListingReader } from './listing-reader.ts';
export { scannerLogReader } from './scanner-reader.ts';
