import { ones, zeros } from '../initialisers.ts';
import { kerasLayer } from '../keras-config.ts';
import type { Layer } from '../layer.ts';
import type { ParameterSpec } from '../parameters.ts';
import {
  batchAxes,
  batchStatistics,
  moveStatistics,
  normaliseByBatch,
  normaliseByMoving,
  withoutBias,
} from './batch-statistics.ts';
import { onlyShape } from './windows.ts';

/** Keras' memory of the moving statistics. */
export const BATCH_NORMALIZATION_MOMENTUM = 0.99;
/** Keras' addition to the variance. */
export const BATCH_NORMALIZATION_EPSILON = 1e-3;

/** Options of `batchNormalization`; defaults are Keras'. */
export interface BatchNormalizationOptions {
  readonly name: string;
  /** Memory of the moving statistics; default 0.99. */
  readonly momentum?: number;
  /** Added to the variance; default 1e-3. */
  readonly epsilon?: number;
  /** Learn a shift `beta`; default true. */
  readonly center?: boolean;
  /** Learn a scale `gamma`; default true. */
  readonly scale?: boolean;
  /** Move the variance towards the unbiased estimate, as PyTorch does; default: for images alone. */
  readonly unbiased?: boolean;
}

/**
 * Normalises each channel (last axis). Training uses the statistics of the batch and moves `moving_mean` and
 * `moving_variance` towards them, inference uses the moving ones. As in Keras 2.15, images [B, H, W, C] move the
 * variance towards the unbiased estimate (their kernel is fused), other ranks towards the biased one.
 */
export function batchNormalization(options: BatchNormalizationOptions): Layer {
  const {
    name,
    momentum = BATCH_NORMALIZATION_MOMENTUM,
    epsilon = BATCH_NORMALIZATION_EPSILON,
    center = true,
    scale = true,
  } = options;
  return {
    name,
    parameters: (inputShapes) => {
      const shape = onlyShape(name, inputShapes).slice(-1);
      const gamma: ParameterSpec = { name: 'gamma', shape, trainable: true, initialiser: ones };
      const beta: ParameterSpec = { name: 'beta', shape, trainable: true, initialiser: zeros };
      return [
        ...(scale ? [gamma] : []),
        ...(center ? [beta] : []),
        { name: 'moving_mean', shape, trainable: false, initialiser: zeros },
        { name: 'moving_variance', shape, trainable: false, initialiser: ones },
      ];
    },
    outputShape: (inputShapes) => onlyShape(name, inputShapes),
    apply: (parameters, [x], context) => {
      if (!context.training) return normaliseByMoving(parameters, x, epsilon);
      const axes = batchAxes(x);
      const { mean, variance } = batchStatistics(x, axes);
      const isUnbiased = options.unbiased ?? x.rank === 4;
      const spread = isUnbiased ? withoutBias(variance, x, axes) : variance;
      moveStatistics(parameters, mean, spread, context, momentum);
      return normaliseByBatch(parameters, x, epsilon, axes);
    },
    kerasConfig: () =>
      kerasLayer('BatchNormalization', name, {
        axis: -1, // Keras 3 takes no list
        momentum,
        epsilon,
        center,
        scale,
        beta_initializer: zeros.keras,
        gamma_initializer: ones.keras,
        moving_mean_initializer: zeros.keras,
        moving_variance_initializer: ones.keras,
        beta_regularizer: null,
        gamma_regularizer: null,
        beta_constraint: null,
        gamma_constraint: null,
      }),
  };
}
