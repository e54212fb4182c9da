import { readFileSync } from 'node:fs';
import { givenText, PosternError, type AssessmentContext, type Review } from '@postern/core';
import { didYouMean } from '@postern/scan';
import { parseJson } from './parse-json.ts';

/** `--context FILE`: what the organisation says of itself (JSON). */
export function readContext(path: string | undefined): AssessmentContext {
  if (path === undefined) return {};
  const value = readJson(path);
  if (!isRecord(value))
    throw badFile(path, 'a context file is a JSON object with organisation, sector, country, classes');
  const text = (name: string): string | undefined => {
    const part: unknown = value[name];
    if (part !== undefined && typeof part !== 'string') throw badFile(path, `${name} is no text`);
    return part;
  };
  for (const name of Object.keys(value)) refuseMistyped(name, path);
  const [organisation, sector, country] = ['organisation', 'sector', 'country'].map(text);
  const classes = classesOf(value['classes'], path);
  return {
    ...(organisation === undefined ? {} : { organisation }),
    ...(sector === undefined ? {} : { sector }),
    ...(country === undefined ? {} : { country }),
    ...(classes.length === 0 ? {} : { classes }),
  };
}

const contextNames: readonly string[] = ['organisation', 'sector', 'country', 'classes'];

/** What else the file holds is its writer's own; what is all but one of our words was meant to be it. */
function refuseMistyped(name: string, path: string): void {
  const guess = contextNames.includes(name) ? undefined : didYouMean(name, contextNames);
  if (guess !== undefined) throw badFile(path, `"${name}" is not known; ${guess}`);
}

/** What holds which class of data: `{"ceo@corp.example": "personal data"}`, or a list of `name=class`. */
function classesOf(value: unknown, path: string): readonly string[] {
  if (value === undefined) return [];
  const texts = Array.isArray(value)
    ? value.map((each: unknown) => each)
    : isRecord(value)
      ? Object.entries(value).map(([name, stated]) =>
          typeof stated === 'string' ? `${name}=${stated}` : stated,
        )
      : [value];
  return texts.map((text) => {
    if (typeof text === 'string' && /^[^=]+=./.test(text)) return text;
    throw badFile(path, 'classes name what holds data of which class: {"ceo@corp.example": "personal data"}');
  });
}

const dispositions: readonly Review['disposition'][] = [
  'confirmed',
  'false-positive',
  'benign-known',
  'own-test',
];

/** `--review FILE`: rulings by people, a JSON list of `{id, disposition, author, date, reason}`. */
export function readReviews(path: string | undefined): ReadonlyMap<string, Review> {
  if (path === undefined) return new Map();
  const value = readJson(path);
  if (!Array.isArray(value)) throw badFile(path, 'a review file is a JSON list of rulings');
  return new Map(value.map((each: unknown, i) => reviewOf(each, `${path}[${i}]`)));
}

function reviewOf(value: unknown, at: string): readonly [string, Review] {
  if (!isRecord(value)) throw badFile(at, 'a ruling is an object with id, disposition, author, date, reason');
  const part = (name: string): string => {
    const text = value[name];
    if (typeof text !== 'string' || text === '') throw badFile(at, `the ruling has no ${name}`);
    return text;
  };
  const disposition = dispositions.find((each) => each === part('disposition'));
  if (disposition === undefined) throw badFile(at, `the disposition is one of ${dispositions.join(', ')}`);
  return [part('id'), { disposition, author: part('author'), date: part('date'), reason: part('reason') }];
}

function readJson(path: string): unknown {
  return parseJson(readText(path), (message) => badFile(path, message));
}

function readText(path: string): string {
  try {
    return givenText(readFileSync(path));
  } catch (cause) {
    throw new PosternError({
      code: 'POSTERN_CLI_FILE',
      message: 'this file cannot be read',
      at: path,
      hint: 'Check the spelling and the permissions of the path.',
      cause,
    });
  }
}

function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function badFile(at: string, message: string): PosternError {
  return new PosternError({
    code: 'POSTERN_CLI_FILE',
    message,
    at,
    hint: 'The README shows the form of this file.',
  });
}
