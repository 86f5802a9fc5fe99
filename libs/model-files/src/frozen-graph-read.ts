import { GraphDefError, readGraphDef } from '@hep/graph';
import type { GraphDefFunction } from '@hep/graph';
import { readBounded } from '@hep/files';
import { UserError } from '@hep/options';

/** Frozen trigger networks are tens of kilobytes; this leaves room for much larger ones. */
const DEFAULT_MAX_BYTES = 256 * 1024 * 1024;

/**
 * Reads a frozen TensorFlow graph (`.pb`), such as CMSSW loads, as a function over tfjs tensors: run it eagerly, or
 * trace it for ONNX Runtime. Only files up to `maxBytes` (default 256 MiB) are opened.
 * @param outputs names of the wanted nodes; default: those whose results no other node uses (`Identity` in CMSSW)
 * @throws UserError in one line that names the file, and the node where one is at fault, when the file is missing, no
 *   whole frozen graph, or needs an operation that is not supported
 */
export async function readFrozenGraph(
  path: string,
  outputs?: readonly string[],
  maxBytes = DEFAULT_MAX_BYTES,
): Promise<GraphDefFunction> {
  const bytes = await readBounded(path, maxBytes);
  const named = <T>(body: () => T): T => {
    try {
      return body();
    } catch (error) {
      if (!(error instanceof GraphDefError)) throw error;
      throw new UserError(`${path}: ${error.message}`, { cause: error });
    }
  };
  const graph = named(() => readGraphDef(bytes, outputs));
  return {
    ...graph,
    run: (inputs) => named(() => graph.run(inputs)),
    signature: () => named(graph.signature),
  };
}
