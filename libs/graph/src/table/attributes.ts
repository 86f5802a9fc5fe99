import type { Attribute, Dim, ValueType } from '../ir.ts';
import type { TensorFlowAttribute } from './row.ts';

/** The attribute `T` of a TensorFlow node with operands of a type. */
export const typeOf = (type: ValueType): Readonly<Record<string, TensorFlowAttribute>> => ({
  T: { type: type.dtype },
});

/** A list attribute of dimensions, some of which may be symbolic. */
export const dims = (attribute: Attribute | undefined): readonly Dim[] => attribute as readonly Dim[];
