import fc from 'fast-check';

/** Text that somebody could have put into a log to reach the reader, the browser, the spreadsheet or the terminal. */
export const hostileTexts: readonly string[] = [
  '<script>x()</script>',
  '</style><script>x()</script>',
  '</title></textarea></svg>',
  '"><img src=x onerror=x()>',
  "' onmouseover='x()",
  '" style="background:url(//evil.example)',
  'javascript:x()',
  '<a href="javascript:x()">y</a>',
  '<!--',
  '-->',
  ']]>',
  '&lt;script&gt;',
  '&#60;b&#62;',
  '\u0000',
  '\u001b]8;;http://evil.example\u0007y\u001b]8;;\u0007',
  '\u202egnp.exe',
  '\u2028',
  '\ud800',
  'x\r\ny',
  '`',
  '=HYPERLINK("http://evil.example","y")',
  '@SUM(1)',
  '+1',
  '-1',
  '{count}',
  '__proto__',
  'http://user@evil.example:443/y?z',
];

export const hostile: fc.Arbitrary<string> = fc.oneof(
  fc.constantFrom(...hostileTexts),
  fc.string({ unit: 'grapheme', maxLength: 12 }),
  fc.string({ unit: 'binary', maxLength: 12 }),
  fc.array(fc.constantFrom(...hostileTexts), { maxLength: 3 }).map((parts) => parts.join('')),
);
