import type { tf } from '@hep/graph';
import type { PlainData } from '@hep/nn';
import { UserError } from '@hep/options';
import type { QuantiserConfig, QuantiserSettings } from './config.ts';
import { fixedPoint } from './fixed-point.ts';
import { powerOfTwo, reluPowerOfTwo } from './powers-of-two.ts';
import { quantisedRelu } from './relu.ts';
import { quantisedSigmoid, quantisedTanh } from './sigmoids.ts';
import { argumentExpectation, argumentValue, pythonLiteral, signatures } from './signatures.ts';
import { binary, ternary } from './signs.ts';
import { straightThrough } from './straight-through.ts';
import type { Rule } from './straight-through.ts';
import { validate } from './validate.ts';

/** A quantiser: plain data and pure functions of it, with the numerics of QKeras 0.9.0. */
export interface Quantiser {
  /** Complete description; `quantiser(config)` makes the same quantiser again. */
  readonly config: QuantiserConfig;
  /** Quantised float32 tensor of the same shape, with the straight-through gradient. Traceable. */
  apply(x: tf.Tensor): tf.Tensor;
  /** Factor on the quantised integers that `apply` uses: a scalar, or with automatic scales [1, .., channels]. */
  scale(x: tf.Tensor): tf.Tensor | null;
  /** Upper bound of a parameter under the `Clip` constraint; not itself a representable value. */
  readonly maximum: number;
  /** Lower bound. */
  readonly minimum: number;
  /** Every representable value in ascending order; null when it depends on the tensor or is no plain grid. */
  range(): Float64Array | null;
}

/**
 * Makes a quantiser from its settings; what is left out is as in QKeras.
 * @throws UserError for a quantiser that cannot exist, such as one of 0 bits
 */
export function quantiser(settings: QuantiserSettings): Quantiser {
  const config = completed(settings);
  validate(config);
  const rule = ruleOf(config);
  const noise = 'qnoiseFactor' in config ? config.qnoiseFactor : 1;
  return {
    config,
    apply: straightThrough(rule, noise),
    scale: (x) => rule.scale?.(x) ?? null,
    maximum: rule.maximum,
    minimum: rule.minimum,
    range: () => rule.grid?.() ?? null,
  };
}

/** The same quantiser as a layer uses it on its kernel: without a scale it measures a power of two. */
export function forKernel(given: Quantiser): Quantiser {
  const { config } = given;
  if (!('alpha' in config) || config.alpha !== null) return given;
  return quantiser({ ...config, alpha: 'auto_po2' } as QuantiserSettings);
}

function completed(settings: QuantiserSettings): QuantiserConfig {
  const given = settings as Readonly<Record<string, PlainData | undefined>>;
  const config: Record<string, PlainData> = { kind: settings.kind };
  for (const argument of signatures[settings.kind]) {
    if (argument.key === undefined) continue;
    const value = given[argument.key] ?? argument.fallback;
    const checked = argumentValue(argument, value);
    if (checked === undefined) {
      throw new UserError(
        `${settings.kind}: ${argument.keyword} is ${pythonLiteral(value)}, expected ${argumentExpectation(argument)}`,
      );
    }
    config[argument.key] = checked;
  }
  if (config['kind'] === 'quantized_bits' && typeof config['alpha'] === 'string') config['symmetric'] = true;
  return config as unknown as QuantiserConfig;
}

function ruleOf(config: QuantiserConfig): Rule {
  switch (config.kind) {
    case 'quantized_bits':
      return fixedPoint(config);
    case 'quantized_relu':
      return quantisedRelu(config);
    case 'quantized_tanh':
      return quantisedTanh(config);
    case 'quantized_sigmoid':
      return quantisedSigmoid(config);
    case 'binary':
      return binary(config);
    case 'ternary':
      return ternary(config);
    case 'quantized_po2':
      return powerOfTwo(config);
    case 'quantized_relu_po2':
      return reluPowerOfTwo(config);
  }
}
