import type { SyntaxNode } from '@lezer/common';

/** Steps through the concrete tree of the grammar. */
export function children(node: SyntaxNode): SyntaxNode[] {
  const found: SyntaxNode[] = [];
  for (let part = node.firstChild; part !== null; part = part.nextSibling) found.push(part);
  return found;
}

export function child(node: SyntaxNode, name: string): SyntaxNode {
  const found = node.getChild(name);
  if (found === null) throw new Error(`the grammar gave ${node.name} without ${name}`);
  return found;
}

export function firstChild(node: SyntaxNode): SyntaxNode {
  const found = node.firstChild;
  if (found === null) throw new Error(`the grammar gave an empty ${node.name}`);
  return found;
}

export function lastChild(node: SyntaxNode): SyntaxNode {
  const found = node.lastChild;
  if (found === null) throw new Error(`the grammar gave an empty ${node.name}`);
  return found;
}

export function textOf(query: string, node: SyntaxNode): string {
  return query.slice(node.from, node.to);
}
