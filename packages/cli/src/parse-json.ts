import type { PosternError } from '@postern/core';

/**
 * Parses a file that the user gave. What is wrong is told in one line, for the parser quotes the text, line ends and all.
 *
 * @throws what `wrong` makes of the message
 */
export function parseJson(text: string, wrong: (message: string) => PosternError): unknown {
  try {
    return JSON.parse(text);
  } catch (cause) {
    const reason = cause instanceof Error ? cause.message : String(cause);
    throw wrong(`this is no JSON: ${reason.replaceAll(/\s+/g, ' ')}`);
  }
}
