import type { tf } from '@hep/graph';
import type { Context } from './context.ts';
import type { KerasLayer } from './keras-config.ts';
import type { ParameterSpec, Parameters, Shape } from './parameters.ts';

/** A configuration with a pure `apply`. Shapes are without the batch axis, tensors with it. */
export interface Layer {
  /** Name of the layer, unique in its network; first part of its parameters' paths. */
  readonly name: string;
  /** Parameters with names local to the layer, such as `kernel`. */
  parameters(inputShapes: readonly Shape[]): readonly ParameterSpec[];
  /** Shape of the result. Throws when the layer does not fit its inputs. */
  outputShape(inputShapes: readonly Shape[]): Shape;
  /** Result of the layer. `parameters` has the local names. */
  apply(parameters: Parameters, inputs: readonly tf.Tensor[], context: Context): tf.Tensor;
  /** Class and configuration in Keras 2.15's spelling. */
  kerasConfig(): KerasLayer;
}
