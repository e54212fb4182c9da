import type { PageText } from './page-text.ts';
import type { Sign } from './sign.ts';
import { attributesOf, type SplitPage } from './split-page.ts';

const inertSource = /\.(?:jpe?g|png|gif|bmp|ico|txt|log|css|zip|rar|pdf|docx?|xlsx?|dat|bak|tmp)$/;
/** So many blanks in a script of the server are no layout: its code was wiped, by a scanner or by hand. */
const wipedCharacters = 1000;
/** Code pages that hide the text of a page from whoever reads bytes: UTF-7 and those of mainframes. */
const oddCodePages =
  /^(?:65000|utf-?7|37|500|870|1026|1047|114[0-9]|2027[38]|2028[045]|2029[07]|20423|20424|20871|20880|20905|20924|21025)$/;

/** What the parts of a page around its code show: directives, declarations, blanks, text that is code elsewhere. */
export function markupSigns(page: PageText, split: SplitPage): readonly Sign[] {
  const signs: Sign[] = [];
  for (const { at, attributes } of split.directives) {
    const source = attributes.get('src') ?? attributes.get('codefile') ?? '';
    if (inertSource.test(source)) signs.push({ code: 'include-odd', weight: 'suspicious', at });
    if (oddCodePages.test(attributes.get('codepage') ?? ''))
      signs.push({ code: 'odd-code-page', weight: 'suspicious', at });
  }
  for (const { at, text } of split.segments)
    if (text.length >= wipedCharacters && text.trim() === '')
      signs.push({ code: 'wiped-script', weight: 'suspicious', at });
  return [...signs, ...declaredSigns(page.text), ...clientSigns(page, split)];
}

const sourceTag = /<asp:objectdatasource\b/gi;
const runningType =
  /^(?:system\.diagnostics\.process|system\.reflection\.assembly|system\.io\.file|system\.activator|microsoft\.visualbasic\.interaction)\b/;
const requestParameter = /<asp:(?:querystring|form|cookie|control|profile)parameter\b/i;

/** `<asp:ObjectDataSource TypeName="System.Diagnostics.Process" SelectMethod="Start">`: a call without any code. */
function declaredSigns(text: string): readonly Sign[] {
  return [...text.matchAll(sourceTag)].flatMap(({ index }): readonly Sign[] => {
    // Up to the next tag: thousands of open ones must not cost their square.
    const tag = /^[^<>]{0,2000}/.exec(text.slice(index + 1, index + 2001))?.[0] ?? '';
    const type = attributesOf(tag).get('typename') ?? '';
    if (!runningType.test(type)) return [];
    const isFed = requestParameter.test(text.slice(index, index + 8000));
    return [{ code: 'declared-call', weight: isFed ? 'remote-control' : 'suspicious', at: index }];
  });
}

const sentCode =
  /\b(?:eval|execute|executeglobal|streamwriter|createtextfile|savetofile|writealltext|process\.start|assembly\.load)\b[^<>]{0,400}?\brequest\s*(?:\.\s*(?:item|form|querystring|params|binaryread|inputstream)|\[|\()/i;

/** A form that brings the server code it sends with it: the other half of a one-line shell. */
function clientSigns(page: PageText, split: SplitPage): readonly Sign[] {
  if (split.segments.length > 0) return [];
  const field = /<(?:textarea|input)\b/i.exec(page.text);
  if (field === null || !/\b(?:runat|action)\s*=/i.test(page.text)) return [];
  const rest = page.text.slice(field.index, field.index + 65_536);
  const found = sentCode.exec(rest);
  return found === null
    ? []
    : [{ code: 'shell-client', weight: 'suspicious', at: field.index + found.index }];
}
