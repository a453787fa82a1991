import { FUNCTIONS } from './promql-functions.ts';
import {
  type Aggregation,
  type BinaryExpression,
  type Expression,
  type FunctionCall,
  isComparison,
  isSetOperator,
  ParseError,
  type ValueType,
} from './promql-syntax.ts';

export function typeOf(expression: Expression): ValueType {
  switch (expression.kind) {
    case 'number':
      return 'scalar';
    case 'string':
      return 'string';
    case 'parentheses':
    case 'negation':
      return typeOf(expression.inner);
    case 'vector-selector':
    case 'aggregation':
      return 'instant vector';
    case 'matrix-selector':
    case 'subquery':
      return 'range vector';
    case 'call':
      return FUNCTIONS.get(expression.name)?.returns ?? 'instant vector';
    case 'binary':
      return typeOf(expression.left) === 'scalar' && typeOf(expression.right) === 'scalar'
        ? 'scalar'
        : 'instant vector';
    default:
      return expression satisfies never;
  }
}

/** Refuses what the grammar accepts but no evaluation could give a meaning, in Prometheus's words. */
export function checkTypes(query: string, expression: Expression): void {
  const fail = (at: number, problem: string): never => {
    throw new ParseError(query, at, problem);
  };
  switch (expression.kind) {
    case 'number':
    case 'string':
    case 'vector-selector':
    case 'matrix-selector':
      return;
    case 'parentheses':
      checkTypes(query, expression.inner);
      return;
    case 'negation': {
      checkTypes(query, expression.inner);
      const type = typeOf(expression.inner);
      if (type !== 'scalar' && type !== 'instant vector') {
        fail(
          expression.from,
          `unary expression only allowed on expressions of type scalar or instant vector, got "${type}"`,
        );
      }
      return;
    }
    case 'subquery': {
      checkTypes(query, expression.inner);
      const type = typeOf(expression.inner);
      if (type !== 'instant vector') {
        fail(expression.from, `subquery is only allowed on instant vector, got ${type} instead`);
      }
      return;
    }
    case 'call':
      checkCall(query, expression);
      return;
    case 'aggregation':
      checkAggregation(query, expression);
      return;
    case 'binary':
      checkBinary(query, expression);
      return;
    default:
      expression satisfies never;
  }
}

function checkCall(query: string, call: FunctionCall): void {
  const definition = FUNCTIONS.get(call.name);
  if (definition === undefined) {
    throw new ParseError(query, call.from, `function "${call.name}" is not supported by this server`);
  }
  const { takes, optional = 0, isVariadic = false } = definition;
  const count = call.arguments.length;
  const fewest = takes.length - optional - (isVariadic ? 1 : 0);
  const problem = ((): string | null => {
    if (optional === 0 && !isVariadic) {
      return count === takes.length
        ? null
        : `expected ${takes.length} argument(s) in call to "${call.name}", got ${count}`;
    }
    if (count < fewest) {
      return `expected at least ${fewest} argument(s) in call to "${call.name}", got ${count}`;
    }
    return !isVariadic && count > takes.length
      ? `expected at most ${takes.length} argument(s) in call to "${call.name}", got ${count}`
      : null;
  })();
  if (problem !== null) throw new ParseError(query, call.from, problem);
  for (const [index, argument] of call.arguments.entries()) {
    checkTypes(query, argument);
    expectType(query, argument, takes[index] ?? takes.at(-1), `call to function "${call.name}"`);
  }
}

function checkAggregation(query: string, aggregation: Aggregation): void {
  const { operation, parameter, inner } = aggregation;
  checkTypes(query, inner);
  expectType(query, inner, 'instant vector', 'aggregation expression');
  if (parameter === null) return;
  checkTypes(query, parameter);
  expectType(query, parameter, operation === 'count_values' ? 'string' : 'scalar', 'aggregation parameter');
}

function expectType(query: string, given: Expression, expected: ValueType | undefined, place: string): void {
  const type = typeOf(given);
  if (expected === undefined || type === expected) return;
  throw new ParseError(query, given.from, `expected type ${expected} in ${place}, got ${type}`);
}

function checkBinary(query: string, binary: BinaryExpression): void {
  const { operator, left, right, returnsBool, matching } = binary;
  checkTypes(query, left);
  checkTypes(query, right);
  const fail = (problem: string, at = binary.from): never => {
    throw new ParseError(query, at, problem);
  };
  const types = [typeOf(left), typeOf(right)];
  if (returnsBool && !isComparison(operator)) {
    fail('bool modifier can only be used on comparison operators', binary.operatorAt);
  }
  if (types.some((type) => type !== 'scalar' && type !== 'instant vector')) {
    fail('binary expression must contain only scalar and instant vector types');
  }
  const scalars = types.filter((type) => type === 'scalar').length;
  if (isComparison(operator) && !returnsBool && scalars === 2) {
    fail('comparisons between scalars must use BOOL modifier', binary.operatorAt);
  }
  if (isSetOperator(operator) && scalars > 0) {
    fail(`set operator "${operator}" not allowed in binary scalar expression`);
  }
  if (matching === null) return;
  if (scalars > 0 && matching.labels.length > 0) fail('vector matching only allowed between instant vectors');
  if (isSetOperator(operator) && matching.many !== null) {
    fail(`no grouping allowed for "${operator}" operation`);
  }
  const shared = matching.include.find((label) => matching.mode === 'on' && matching.labels.includes(label));
  if (shared !== undefined)
    fail(`label "${shared}" must not occur in ON and GROUP clause at once`, binary.operatorAt);
}
