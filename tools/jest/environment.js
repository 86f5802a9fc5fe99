import { TestEnvironment } from 'jest-environment-node';

/**
 * Jest's Node environment with the typed arrays of the process: native addons (ONNX Runtime) make and check
 * arrays with the constructors of the main realm.
 */
export default class NativeArraysEnvironment extends TestEnvironment {
  async setup() {
    await super.setup();
    Object.assign(this.global, {
      Float32Array,
      Float64Array,
      Int8Array,
      Int16Array,
      Int32Array,
      Uint16Array,
      Uint32Array,
      BigInt64Array,
      BigUint64Array,
      SharedArrayBuffer,
    });
  }
}
