import { didYouMean, withHint, type Problem } from './diagnostic.ts';
import {
  entryOf,
  mergeMaps,
  readYaml,
  textOf,
  type YamlDocument,
  type YamlFile,
  type YamlMap,
} from './yaml-node.ts';

/** One document of a rule file after `action: global | reset | repeat` have been applied. */
export interface RuleDocument {
  /** Absent where nothing could be read. */
  readonly rule: YamlMap | undefined;
  readonly problems: readonly Problem[];
  readonly at: number;
}

const actions = ['global', 'reset', 'repeat'];

/**
 * The rules of a file. `global` is a template for all that follow until `reset`, and its keys win; `repeat` is the rule
 * before with changes. Documents that are nothing (a `---` too many) are left out.
 */
export function readRuleDocuments(text: string): {
  readonly documents: readonly RuleDocument[];
  readonly placeOf: YamlFile['placeOf'];
} {
  const { documents, placeOf } = readYaml(text);
  const state: State = { template: undefined, before: undefined };
  return { documents: documents.flatMap((document) => applyAction(document, state)), placeOf };
}

interface State {
  template: YamlMap | undefined;
  before: YamlMap | undefined;
}

function applyAction(document: YamlDocument, state: State): readonly RuleDocument[] {
  const { root, problems, at } = document;
  const isNothing = root === undefined || (root.kind === 'scalar' && root.value === null);
  if (isNothing) return problems.length === 0 ? [] : [{ rule: undefined, problems, at }];
  if (root.kind !== 'map')
    return [{ rule: undefined, problems: [...problems, notARule(root.at)], at: root.at }];
  const action = textOf(root, 'action');
  const rule: YamlMap = { ...root, entries: root.entries.filter(({ key }) => key !== 'action') };
  switch (action) {
    case undefined:
      return [finish(rule, problems, state)];
    case 'global':
      state.template = rule;
      return problems.length === 0 ? [] : [{ rule, problems, at: root.at }];
    case 'reset':
      state.template = undefined;
      return rule.entries.length === 0 ? [] : [finish(rule, problems, state)];
    case 'repeat': {
      if (state.before === undefined)
        return [{ rule, problems: [...problems, nothingToRepeat(root)], at: root.at }];
      return [finish({ ...mergeMaps(state.before, rule), at: root.at }, problems, state)];
    }
    default:
      return [{ rule, problems: [...problems, unknownAction(root, action)], at: root.at }];
  }
}

function finish(rule: YamlMap, problems: readonly Problem[], state: State): RuleDocument {
  state.before = rule;
  return {
    rule: state.template === undefined ? rule : mergeMaps(rule, state.template),
    problems,
    at: rule.at,
  };
}

function notARule(at: number): Problem {
  return {
    code: 'POSTERN_SIGMA_NOT_A_RULE',
    severity: 'error',
    message: 'the document is no Sigma rule: it is no map',
    at,
  };
}

function nothingToRepeat(root: YamlMap): Problem {
  const at = entryOf(root, 'action')?.at ?? root.at;
  return {
    code: 'POSTERN_SIGMA_ACTION',
    severity: 'error',
    message: 'there is no rule before to repeat',
    at,
  };
}

function unknownAction(root: YamlMap, action: string): Problem {
  const at = entryOf(root, 'action')?.value.at ?? root.at;
  const message = `no action "${action}"`;
  return withHint(
    { code: 'POSTERN_SIGMA_ACTION', severity: 'error', message, at },
    didYouMean(action, actions),
  );
}
