import { UserError } from '@hep/options';
import fc from 'fast-check';
import type { QuantiserSettings } from './config.ts';
import { kerasQuantiser, quantiserFromKeras } from './keras.ts';
import { parseQuantiser, printQuantiser } from './notation.ts';
import { quantiser } from './quantiser.ts';
import { anySettings } from './testing/any-quantiser.ts';

describe('texts of quantisers', () => {
  it.each([
    ['quantized_bits(5,1,0,alpha=1)', { kind: 'quantized_bits', bits: 5, integer: 1, alpha: 1 }],
    ['quantized_bits(4)', { kind: 'quantized_bits', bits: 4 }],
    ['quantized_bits', { kind: 'quantized_bits' }],
    [' quantized_bits( 6 , 0, symmetric = True ) ', { kind: 'quantized_bits', bits: 6, symmetric: true }],
    [`quantized_bits(4,alpha="auto_po2")`, { kind: 'quantized_bits', bits: 4, alpha: 'auto_po2' }],
    [`quantized_bits(4,alpha='auto')`, { kind: 'quantized_bits', bits: 4, alpha: 'auto' }],
    ['quantized_bits(10,3,0,1,alpha=None)', { kind: 'quantized_bits', bits: 10, integer: 3 }],
    ['quantised_relu(9,1)', { kind: 'quantized_relu', bits: 9, integer: 1 }],
    ['quantized_tanh(6,symmetric=1)', { kind: 'quantized_tanh', bits: 6, symmetric: true }],
    ['ternary(threshold=0.2)', { kind: 'ternary', threshold: 0.2 }],
    ['binary()', { kind: 'binary' }],
  ] as [string, QuantiserSettings][])('%s', (text, settings) => {
    expect(parseQuantiser(text).config).toEqual(quantiser(settings).config);
  });

  it.each([
    ['quantized_bits(5,1', 'expected a text such as'],
    ['', 'expected a text such as'],
    ['quantized_bit(5)', 'did you mean quantized_bits?'],
    ['quantized_bits(5,int=1)', 'unknown argument int'],
    ['quantized_bits(bits=5,1)', '1 follows a named argument'],
    ['quantized_bits(5,bits=4)', 'bits is given twice'],
    ['quantized_bits(five)', 'bits is five, expected an integer'],
    ['quantized_bits(5,,1)', 'integer is , expected an integer'],
    ['quantized_bits(4.5)', 'bits is 4.5, expected an integer'],
    ['quantized_bits(4,alpha=auto)', "alpha is auto, expected a number, 'auto' or 'auto_po2'"],
    ['quantized_bits(4,use_stochastic_rounding=True)', 'expected nothing but False'],
    ['binary(1,1,0,1)', 'argument 4, expected at most 3'],
    ['quantized_bits(0)', 'bits is 0, expected an integer from 1 to 32'],
    ['quantized_bits(4,5)', 'integer is 5 of 4 bits, expected an integer from 0 to 4'],
    ['quantized_bits(4,-1)', 'integer is -1 of 4 bits'],
    ['quantized_relu(4,5)', 'integer is 5 of 4 bits'],
    ['quantized_relu(4,1,negative_slope=0.3)', 'expected 0 or a power of two'],
    ['quantized_po2(1)', 'leave none to the exponent'],
    ['quantized_po2(4,max_value=-1)', 'expected a positive number'],
    ['quantized_bits(1,0,alpha="auto")', 'no value but 0'],
    ['ternary(alpha="auto",threshold=0.3)', 'expected none'],
    ['binary(alpha=0)', 'alpha is 0'],
  ])('refuses %s', (text, message) => {
    expect(() => parseQuantiser(text)).toThrow(UserError);
    expect(() => parseQuantiser(text)).toThrow(message);
  });

  it('read back what they print', () => {
    fc.assert(
      fc.property(anySettings, (settings) => {
        const { config } = quantiser(settings);
        expect(parseQuantiser(printQuantiser(config)).config).toEqual(config);
      }),
    );
  });
});

describe('JSON of quantisers', () => {
  it('reads back what it writes', () => {
    fc.assert(
      fc.property(anySettings, (settings) => {
        const { config } = quantiser(settings);
        expect(quantiserFromKeras(kerasQuantiser(config)).config).toEqual(config);
      }),
    );
  });

  it('may be a text, or have empty entries of newer versions', () => {
    expect(quantiserFromKeras('quantized_relu(9,1)').config).toMatchObject({ bits: 9 });
    const config = { bits: 6, integer: 0, keep_negative: 1, alpha: 1, post_training_scale: null };
    expect(quantiserFromKeras({ class_name: 'quantized_bits', config }).config).toMatchObject({ bits: 6 });
  });

  it.each([
    [null, 'expected a text or an object'],
    [{ class_name: 'quantized_ulaw', config: {} }, 'expected a text or an object'],
    [{ class_name: 'binary', config: { width: 3 } }, 'width is 3, expected no entry of this name'],
    [{ class_name: 'quantized_bits', config: { bits: '4' } }, 'bits is "4", expected an integer'],
  ])('refuses %j', (given, message) => {
    expect(() => quantiserFromKeras(given)).toThrow(message);
  });
});
