import { UserError } from '@hep/options';
import type { Alpha, QuantiserConfig } from './config.ts';
import { exponentBits } from './powers-of-two.ts';
import { pythonLiteral } from './signatures.ts';

const MOST_BITS = 32;

/** @throws UserError when no hardware could hold the quantiser's values */
export function validate(config: QuantiserConfig): void {
  const wrong = complaint(config);
  if (wrong !== undefined) throw new UserError(`${config.kind}: ${wrong}`);
}

function complaint(config: QuantiserConfig): string | undefined {
  if ('bits' in config && (config.bits < 1 || config.bits > MOST_BITS)) {
    return `bits is ${config.bits}, expected an integer from 1 to ${MOST_BITS}`;
  }
  if ('integer' in config && (config.integer < 0 || config.integer > config.bits)) {
    return `integer is ${config.integer} of ${config.bits} bits, expected an integer from 0 to ${config.bits}`;
  }
  if ('qnoiseFactor' in config && (config.qnoiseFactor < 0 || config.qnoiseFactor > 1)) {
    return `qnoise_factor is ${config.qnoiseFactor}, expected a number from 0 to 1`;
  }
  return (
    ('alpha' in config ? alphaComplaint(config.alpha) : undefined) ??
    ('negativeSlope' in config ? slopeComplaint(config.negativeSlope) : undefined) ??
    ownComplaint(config)
  );
}

function alphaComplaint(alpha: Alpha): string | undefined {
  return alpha === 0 ? `alpha is 0, expected another number, 'auto' or 'auto_po2'` : undefined;
}

function slopeComplaint(slope: number): string | undefined {
  if (slope === 0 || (slope > 0 && Number.isInteger(Math.log2(slope)))) return undefined;
  return `negative_slope is ${slope}, expected 0 or a power of two such as 0.25`;
}

function ownComplaint(config: QuantiserConfig): string | undefined {
  switch (config.kind) {
    case 'quantized_bits':
      return config.bits === 1 && typeof config.alpha === 'string'
        ? `1 bit with alpha=${pythonLiteral(config.alpha)} has no value but 0; use binary(alpha=${pythonLiteral(config.alpha)})`
        : undefined;
    case 'quantized_relu':
      return config.bits === 1 && config.negativeSlope !== 0
        ? '1 bit is the sign of the negative slope, expected at least 2 bits'
        : undefined;
    case 'ternary':
      return typeof config.alpha === 'string' && config.threshold !== null
        ? `threshold is ${config.threshold}, expected none with alpha=${pythonLiteral(config.alpha)}`
        : undefined;
    case 'quantized_po2':
    case 'quantized_relu_po2':
      if (config.maxValue !== null && config.maxValue <= 0) {
        return `max_value is ${config.maxValue}, expected a positive number`;
      }
      return exponentBits(config) < 0
        ? `${config.bits} bits leave none to the exponent, expected at least ${config.bits - exponentBits(config)}`
        : undefined;
    default:
      return undefined;
  }
}
