/** The columns of a tree and their names. */
import type { Branch } from './branch.ts';
import type { Classes, Layout } from './branch-layout.ts';
import { layoutsOf } from './branch-layout.ts';

/** A column of a tree: a branch, or a part of its entries. */
export interface TreeColumn {
  readonly branch: Branch;
  readonly layout: Layout;
}

/** A column with the names of the branches around it. */
interface NamedColumn {
  readonly name: string;
  readonly parents: readonly string[];
  readonly column: TreeColumn;
}

/**
 * All columns of a tree by name. A branch that is split has its parts as columns; where their names are taken, the
 * names of the branches around come before: `event/pt`. Of objects and of several leaves every number or text is a
 * column: `branch.member`.
 */
export function columnsOf(branches: readonly Branch[], classes: Classes): Map<string, TreeColumn> {
  const all = branches.flatMap((branch) => columnsBelow(branch, [], classes));
  const uses = countsOf(all.map(({ name }) => name));
  const columns = new Map<string, TreeColumn>();
  for (const { name, parents, column } of all) {
    const full = uses.get(name)! > 1 ? [...parents, name].join('/') : name;
    const layout: Layout = columns.has(full)
      ? { kind: 'unknown', reason: 'two branches of this name' }
      : column.layout;
    columns.set(full, { ...column, layout });
  }
  return columns;
}

function columnsBelow(branch: Branch, parents: readonly string[], classes: Classes): NamedColumn[] {
  const name = branch.name.replace(/(\[\w+\])+$/, '').replace(/\.$/, '');
  if (branch.children.length > 0) {
    return branch.children.flatMap((child) => columnsBelow(child, [...parents, name], classes));
  }
  return layoutsOf(branch, classes).map(([names, layout]) => {
    return { name: [name, ...names].join('.'), parents, column: { branch, layout } };
  });
}

function countsOf(names: readonly string[]): Map<string, number> {
  const counts = new Map<string, number>();
  for (const name of names) counts.set(name, (counts.get(name) ?? 0) + 1);
  return counts;
}
