// What the YARA adapter needs beyond the globals of every engine (core's list of them).

interface ImportMeta {
  resolve(specifier: string): string;
}
