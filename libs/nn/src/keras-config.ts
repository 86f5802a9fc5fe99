/** Plain data in the spelling of Keras 2.15's JSON, from which model files are written. */
export type PlainData =
  null | boolean | number | string | readonly PlainData[] | { readonly [key: string]: PlainData };

/** An initialiser, regulariser or constraint inside of a layer's configuration. */
export interface KerasObject {
  readonly module: string;
  readonly class_name: string;
  readonly config: { readonly [key: string]: PlainData };
  readonly registered_name: string | null;
  readonly [key: string]: PlainData;
}

/** A layer: class and configuration. */
export interface KerasLayer {
  readonly className: string;
  /** Not one of Keras' own layers: whoever loads the file must provide the class. */
  readonly isCustom?: boolean;
  readonly config: { readonly [key: string]: PlainData };
}

/** Object of one of Keras' own modules, such as `keras.initializers`. */
export function kerasObject(
  module: string,
  className: string,
  config: { readonly [key: string]: PlainData } = {},
): KerasObject {
  return { module, class_name: className, config, registered_name: null };
}

/** Layer configuration with the entries that every Keras layer has. */
export function kerasLayer(
  className: string,
  name: string,
  config: { readonly [key: string]: PlainData } = {},
): KerasLayer {
  return { className, config: { name, trainable: true, dtype: 'float32', ...config } };
}
