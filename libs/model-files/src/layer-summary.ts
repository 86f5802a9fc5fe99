import { sizeOf } from '@hep/nn';
import type { Layer, Network, NetworkNode } from '@hep/nn';

const HEADINGS = ['Layer', 'Class', 'Output', 'Parameters', 'Inputs'];
/** Numbers stand flush right. */
const PARAMETERS = 3;

/**
 * Lines of a table with the layers of a network in the order of Keras: name, class, shape of the output, number of
 * parameters, layers that it reads; then the sums. A nested network is one line, its layers follow indented.
 */
export function layerSummary(network: Network): string[] {
  const rows = [[...HEADINGS], ...rowsOf(network, '')];
  const widths = HEADINGS.map((_, column) => Math.max(...rows.map((row) => row[column].length)));
  const table = rows.map((row) =>
    row
      .map((cell, column) =>
        column === PARAMETERS ? cell.padStart(widths[column]) : cell.padEnd(widths[column]),
      )
      .join('  ')
      .trimEnd(),
  );
  return [...table, ...totals(network)];
}

function rowsOf(network: Network, indent: string): string[][] {
  const counted = new Set<Layer>();
  return network.nodes.flatMap((node) => {
    const { layer } = node;
    const inputs = node.inputs.map(({ name }) => name).join(', ');
    const common = (className: string, parameters: number) => [
      [`${indent}${node.name}`, className, `[${node.shape.join(', ')}]`, String(parameters), inputs],
    ];
    if (layer === null) return common('InputLayer', 0);
    const isShared = counted.has(layer);
    counted.add(layer);
    const rows = common(layer.kerasConfig().className, isShared ? 0 : parametersOf(node));
    return 'nodes' in layer && !isShared ? [...rows, ...rowsOf(layer as Network, `${indent}  `)] : rows;
  });
}

function parametersOf({ layer, inputs }: NetworkNode): number {
  const specs = layer?.parameters(inputs.map(({ shape }) => shape)) ?? [];
  return specs.reduce((sum, { shape }) => sum + sizeOf(shape), 0);
}

function totals({ parameterSpecs }: Network): string[] {
  const count = (isTrainable: boolean) =>
    parameterSpecs
      .filter(({ trainable }) => trainable === isTrainable)
      .reduce((sum, { shape }) => sum + sizeOf(shape), 0);
  const [trained, fixed] = [count(true), count(false)];
  return [`Parameters: ${trained + fixed}, of which ${trained} are trained and ${fixed} are not`];
}
