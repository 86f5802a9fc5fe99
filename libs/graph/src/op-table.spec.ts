import { bindBatch, concreteShape } from './ir.ts';
import { emitOnnx } from './onnx/emit.ts';
import { fuseBias } from './passes/fuse-bias.ts';
import { lowerToProducts } from './passes/lower.ts';
import { optimise } from './passes/optimise.ts';
import { opTable } from './table/index.ts';
import { opCases } from './testing/op-cases.ts';
import { operandValues, traceCase } from './testing/case-data.ts';
import { runOnnx } from './testing/run-onnx.ts';
import { tf } from './tfjs.ts';
import { expectClose } from '@hep/test-support';

beforeAll(() => tf.setBackend('cpu'));

describe('op table', () => {
  it('has a case for every row', () => {
    const covered = new Set(opCases.flatMap((opCase) => opCase.rows));
    const elsewhere = ['Identity', 'AllReduceMean', 'LogicalNot', 'EarthMoversDistance'];
    expect([...opTable.keys()].filter((op) => !covered.has(op) && !elsewhere.includes(op))).toEqual([]);
  });

  it.each(opCases.map((opCase) => [opCase.name, opCase] as const))('%s', async (_name, opCase) => {
    const graph = optimise(traceCase(opCase));
    for (const batch of [1, 4, 7]) {
      const operands = operandValues(opCase, batch, 17 * batch);
      const expected = tf.tidy(() =>
        (opCase.eagerOracle ?? opCase.run)(
          ...operands.map((array) => tf.tensor(array.values, [...array.shape], array.dtype)),
        ),
      );
      const values = expected.dataSync();
      const tolerance = { relative: opCase.tolerance ?? 1e-5, absolute: opCase.tolerance ?? 1e-5 };
      const feeds = Object.fromEntries(operands.map((array, index) => [`in/operand${index}`, array]));
      const bound = bindBatch(graph, batch);
      for (const variant of [graph, bound, fuseBias(optimise(lowerToProducts(bound)))]) {
        const result = (await runOnnx(emitOnnx(variant, { name: 'case' }), feeds, batch))['out/result']!;
        expect([...result.shape]).toEqual(expected.shape);
        expectClose(result.values, values, tolerance, `${opCase.name}, batch ${batch}`);
      }
      expect(concreteShape(bindBatch(graph, batch).types[graph.outputs[0]!.value]!)).toEqual(expected.shape);
    }
  });
});
