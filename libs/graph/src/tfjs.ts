/**
 * The one door to tfjs: the public API as `tf`, core's gradient registrations, the `cpu` backend, and the
 * few semi-private parts of the engine (scopes, kernels) that tracing leans on. Pinned to tfjs-core 4.22.0.
 */
import * as tf from '@tensorflow/tfjs-core';
import '@tensorflow/tfjs-core/dist/register_all_gradients.js';
import '@tensorflow/tfjs-backend-cpu';

// Silences the advice to install tfjs-node; nothing else in tfjs-core 4.22 and its cpu backend reads the flag.
tf.enableProdMode();

export { tf };

interface EngineScope {
  readonly name: string;
  readonly track: tf.Tensor[];
}

interface EngineState {
  readonly tensorInfo: WeakMap<object, { backend: { readSync(dataId: tf.DataId): tf.BackendValues } }>;
  readonly activeScope: EngineScope | null;
  readonly scopeStack: readonly EngineScope[];
}

function engineState(): EngineState {
  return tf.engine().state as unknown as EngineState;
}

/**
 * Runs `body` inside a named scope, so that graph nodes, FLOPs and trace errors carry the layer's name.
 * Unlike `tf.tidy` it disposes nothing. Nested scopes join with `/`.
 */
export function layerScope<T>(name: string, body: () => T): T {
  const engine = tf.engine();
  engine.startScope(name);
  try {
    return body();
  } finally {
    engine.endScope([...(engineState().activeScope?.track ?? [])]);
  }
}

/** Path of the open layer scopes, such as `encoder/conv2d`; empty outside of any. */
export function currentLayer(): string {
  return engineState()
    .scopeStack.map((scope) => scope.name)
    .filter(
      (name) => name !== undefined && name !== '' && !name.endsWith('__op') && !name.startsWith('unnamed'),
    )
    .filter((name) => !engineScopeNames.has(name))
    .join('/');
}

/** Names that tfjs itself gives to scopes. */
const engineScopeNames = new Set(['forward', 'backward', 'gradients', 'default scope', 'customConv']);

/** Runs a kernel of the current backend by name. Throws when the backend has no such kernel. */
export function runKernel(
  name: string,
  inputs: Record<string, tf.Tensor>,
  attributes: Record<string, unknown>,
): tf.Tensor[] {
  const result = tf.engine().runKernel(name, inputs as tf.NamedTensorMap, attributes as tf.NamedAttrMap);
  return Array.isArray(result) ? (result as tf.Tensor[]) : [result as tf.Tensor];
}

/** Numbers of a tensor that lives on whichever backend made it. */
export function readForeign(dataId: tf.DataId): tf.BackendValues {
  const info = engineState().tensorInfo.get(dataId);
  if (info === undefined) throw new Error('a disposed tensor was used');
  return info.backend.readSync(dataId);
}
