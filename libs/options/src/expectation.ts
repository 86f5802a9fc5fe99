import type { JsonSchema } from './option.ts';

/** What a value must be, in words, from its JSON Schema: `a whole number, at least 1`. */
export function expectation(schema: JsonSchema): string {
  if (schema.enum !== undefined) return `one of ${schema.enum.join(', ')}`;
  if (schema.const !== undefined) return JSON.stringify(schema.const);
  if (schema.anyOf !== undefined) return schema.anyOf.map(expectation).join(' or ');
  const types = typeof schema.type === 'string' ? [schema.type] : (schema.type ?? []);
  const words = types.map((type) => expectationOfType(type, schema)).filter((text) => text !== '');
  return words.length === 0 ? 'a valid value' : words.join(' or ');
}

function expectationOfType(type: string, schema: JsonSchema): string {
  switch (type) {
    case 'integer':
      return `a whole number${range(schema)}`;
    case 'number':
      return `a number${range(schema)}`;
    case 'boolean':
      return 'true or false';
    case 'string':
      if (schema.pattern !== undefined) return `text matching ${schema.pattern}`;
      return (schema.minLength ?? 0) > 0 ? 'non-empty text' : 'text';
    case 'array':
      return `a list${size(schema)}${schema.items === undefined ? '' : `, each ${expectation(schema.items)}`}`;
    case 'object':
      return schema.properties === undefined
        ? 'a mapping of names to values'
        : `a mapping with the keys ${Object.keys(schema.properties).join(', ')}`;
    case 'null':
      return 'null';
    default:
      return '';
  }
}

function size({ minItems, maxItems }: JsonSchema): string {
  return minItems !== undefined && minItems === maxItems ? ` of ${minItems}` : '';
}

function range({ minimum, maximum, exclusiveMinimum, exclusiveMaximum }: JsonSchema): string {
  const isBound = (value: number | undefined) =>
    value !== undefined && Math.abs(value) < Number.MAX_SAFE_INTEGER;
  const bounds = [
    isBound(minimum) ? `at least ${minimum}` : '',
    isBound(exclusiveMinimum) ? `greater than ${exclusiveMinimum}` : '',
    isBound(maximum) ? `at most ${maximum}` : '',
    isBound(exclusiveMaximum) ? `less than ${exclusiveMaximum}` : '',
  ].filter((bound) => bound !== '');
  return bounds.length === 0 ? '' : `, ${bounds.join(' and ')}`;
}
