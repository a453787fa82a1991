import type { SyntaxNode } from '@lezer/common';
import { parser } from '@prometheus-io/lezer-promql';
import type { LabelMatcher } from './label-matcher.ts';
import { numberValue, stringValue } from './promql-literals.ts';
import { parseProblem } from './promql-parse-problem.ts';
import {
  AGGREGATIONS,
  type Aggregation,
  type AggregationName,
  type AtModifier,
  type BinaryOperator,
  type Expression,
  ParseError,
  type VectorMatching,
} from './promql-syntax.ts';
import { checkTypes } from './promql-types.ts';
import { readDuration, readRange } from './read-duration.ts';
import { readSelector } from './read-selector.ts';
import { child, children, firstChild, lastChild } from './syntax-tree.ts';

/** Reads a query with Prometheus's own grammar; throws a ParseError. */
export function parseQuery(query: string): Expression {
  const tree = parser.parse(query);
  let firstErrorAt: number | null = null;
  tree.iterate({
    enter: (node) => {
      if (node.type.isError && (firstErrorAt === null || node.from < firstErrorAt)) firstErrorAt = node.from;
    },
  });
  if (firstErrorAt !== null) throw parseProblem(query, firstErrorAt);
  const top = tree.topNode.firstChild;
  if (top === null) throw parseProblem(query, query.length);
  const expression = new Reader(query).expression(top);
  checkTypes(query, expression);
  return expression;
}

/** Matchers of a series selector, as in `match[]`. */
export function parseSelector(text: string): readonly LabelMatcher[] {
  const expression = parseQuery(text);
  if (expression.kind !== 'vector-selector' || expression.offsetMs !== 0 || expression.at !== null) {
    throw new ParseError(text, 0, 'expected a series selector');
  }
  return expression.matchers;
}

/** Turns the concrete tree into expressions. */
class Reader {
  private readonly query: string;

  constructor(query: string) {
    this.query = query;
  }

  expression(node: SyntaxNode): Expression {
    const { from, to } = node;
    switch (node.name) {
      case 'NumberDurationLiteral':
        return { kind: 'number', value: numberValue(this.text(node)), from, to };
      case 'StringLiteral':
        return { kind: 'string', value: stringValue(this.text(node)), from, to };
      case 'ParenExpr':
        return { kind: 'parentheses', inner: this.expression(firstChild(node)), from, to };
      case 'UnaryExpr': {
        const inner = this.expression(lastChild(node));
        if (this.text(firstChild(node)) === '+') return { kind: 'parentheses', inner, from, to };
        return { kind: 'negation', inner, from, to };
      }
      case 'VectorSelector':
        return readSelector(this.query, node);
      case 'MatrixSelector':
      case 'SubqueryExpr':
      case 'OffsetExpr':
      case 'StepInvariantExpr':
        return this.postfix(node, this.expression(firstChild(node)));
      case 'FunctionCall':
        return {
          kind: 'call',
          name: this.text(child(node, 'FunctionIdentifier')),
          arguments: children(child(node, 'FunctionCallBody')).map((argument) => this.expression(argument)),
          from,
          to,
        };
      case 'AggregateExpr':
        return this.aggregation(node);
      case 'BinaryExpr':
        return this.binary(node);
      default:
        throw new ParseError(this.query, from, `${this.text(node)} is not supported by this server`);
    }
  }

  /** The grammar lets `a / b offset 5m` shift the whole quotient; in PromQL it belongs to the last operand. */
  private postfix(node: SyntaxNode, operand: Expression): Expression {
    if (operand.kind === 'binary')
      return { ...operand, right: this.postfix(node, operand.right), to: node.to };
    if (operand.kind === 'negation')
      return { ...operand, inner: this.postfix(node, operand.inner), to: node.to };
    const { from } = operand;
    const { to } = node;
    switch (node.name) {
      case 'MatrixSelector': {
        if (operand.kind !== 'vector-selector') {
          throw new ParseError(this.query, from, 'ranges only allowed for vector selectors');
        }
        if (operand.offsetMs !== 0) {
          throw new ParseError(this.query, from, 'no offset modifiers allowed before range');
        }
        return {
          kind: 'matrix-selector',
          selector: operand,
          rangeMs: readRange(this.query, child(node, 'DurationExpr')),
          from,
          to,
        };
      }
      case 'SubqueryExpr': {
        const [range, step] = children(node).filter((part) => part.name === 'DurationExpr');
        if (range === undefined) throw parseProblem(this.query, to);
        return {
          kind: 'subquery',
          inner: operand,
          rangeMs: readRange(this.query, range),
          stepMs: step === undefined ? null : readRange(this.query, step),
          offsetMs: 0,
          at: null,
          from,
          to,
        };
      }
      case 'OffsetExpr':
        return this.modified(operand, node, {
          offsetMs: readDuration(this.query, child(node, 'OffsetDurationExpr')),
        });
      default:
        return this.modified(operand, node, { at: this.atModifier(node) });
    }
  }

  private modified(
    operand: Expression,
    node: SyntaxNode,
    change: { offsetMs: number } | { at: AtModifier },
  ): Expression {
    const { to } = node;
    switch (operand.kind) {
      case 'vector-selector':
      case 'subquery':
        return { ...operand, ...change, to };
      case 'matrix-selector':
        return { ...operand, selector: { ...operand.selector, ...change }, to };
      default: {
        const modifier = 'at' in change ? '@ modifier' : 'offset modifier';
        throw new ParseError(
          this.query,
          operand.from,
          `${modifier} must be preceded by an instant vector selector or range vector selector or a subquery`,
        );
      }
    }
  }

  private atModifier(node: SyntaxNode): AtModifier {
    const preprocessor = node.getChild('AtModifierPreprocessors');
    if (preprocessor !== null) return this.text(preprocessor).toLowerCase() === 'start' ? 'start' : 'end';
    const seconds = numberValue(this.text(child(node, 'NumberDurationLiteral')));
    if (Number.isFinite(seconds)) return { unixMs: Math.round(seconds * 1000) };
    throw new ParseError(this.query, node.from, `timestamp out of bounds for @ modifier: ${seconds}`);
  }

  private aggregation(node: SyntaxNode): Aggregation {
    const operation = this.text(child(node, 'AggregateOp')).toLowerCase();
    if (!isAggregation(operation)) {
      throw new ParseError(this.query, node.from, `${operation}() is not supported by this server`);
    }
    const parameters = children(child(node, 'FunctionCallBody')).map((argument) => this.expression(argument));
    const needed = ['topk', 'bottomk', 'count_values', 'quantile'].includes(operation) ? 2 : 1;
    if (parameters.length === 0) {
      throw new ParseError(this.query, node.from, 'no arguments for aggregate expression provided');
    }
    const inner = parameters.at(-1);
    if (parameters.length !== needed || inner === undefined) {
      throw new ParseError(
        this.query,
        node.from,
        `wrong number of arguments for aggregate expression provided, expected ${needed}, got ${parameters.length}`,
      );
    }
    const modifier = node.getChild('AggregateModifier');
    return {
      kind: 'aggregation',
      operation,
      parameter: needed === 2 ? (parameters[0] ?? null) : null,
      inner,
      grouping: {
        mode: modifier !== null && modifier.getChild('Without') !== null ? 'without' : 'by',
        labels: modifier === null ? [] : this.groupingLabels(child(modifier, 'GroupingLabels')),
      },
      from: node.from,
      to: node.to,
    };
  }

  private binary(node: SyntaxNode): Expression {
    const parts = children(node);
    const [leftNode, operatorNode] = parts;
    if (leftNode === undefined || operatorNode === undefined) throw parseProblem(this.query, node.to);
    const operator = this.text(operatorNode).toLowerCase();
    if (!isOperator(operator) || parts.some((part) => part.name.startsWith('Fill'))) {
      throw new ParseError(this.query, operatorNode.from, `${operator} is not supported by this server`);
    }
    const clause = node.getChild('MatchingModifierClause');
    if (
      operator === '^' &&
      leftNode.name === 'NumberDurationLiteral' &&
      this.text(leftNode).startsWith('-')
    ) {
      return this.negatedPower(node, leftNode);
    }
    return {
      kind: 'binary',
      operator,
      operatorAt: operatorNode.from,
      left: this.expression(leftNode),
      right: this.expression(lastChild(node)),
      returnsBool: node.getChild('BoolModifier') !== null,
      matching: clause === null ? null : this.matching(clause),
      from: node.from,
      to: node.to,
    };
  }

  /** The grammar takes `-2` for one number; in `-2 ^ 2` the power binds tighter than the sign. */
  private negatedPower(node: SyntaxNode, base: SyntaxNode): Expression {
    const { from, to } = node;
    const left: Expression = {
      kind: 'number',
      value: -numberValue(this.text(base)),
      from: base.from + 1,
      to: base.to,
    };
    const power: Expression = {
      kind: 'binary',
      operator: '^',
      operatorAt: from,
      left,
      right: this.expression(lastChild(node)),
      returnsBool: false,
      matching: null,
      from: left.from,
      to,
    };
    return { kind: 'negation', inner: power, from, to };
  }

  private matching(clause: SyntaxNode): VectorMatching {
    const [labels, include] = clause.getChildren('GroupingLabels');
    const isLeft = clause.getChild('GroupLeft') !== null;
    const isRight = clause.getChild('GroupRight') !== null;
    return {
      mode: clause.getChild('On') === null ? 'ignoring' : 'on',
      labels: labels === undefined ? [] : this.groupingLabels(labels),
      many: isLeft ? 'left' : isRight ? 'right' : null,
      include: include === undefined ? [] : this.groupingLabels(include),
    };
  }

  private groupingLabels(node: SyntaxNode): string[] {
    return children(node).map((label) =>
      label.name === 'QuotedLabelName' ? stringValue(this.text(label)) : this.text(label),
    );
  }

  private text(node: SyntaxNode): string {
    return this.query.slice(node.from, node.to);
  }
}

function isAggregation(text: string): text is AggregationName {
  return (AGGREGATIONS as readonly string[]).includes(text);
}

function isOperator(text: string): text is BinaryOperator {
  return /^([-+*/%^]|==|!=|>=?|<=?|and|or|unless|atan2)$/.test(text);
}
