/** What is used of the global, which the ES2023 library does not declare. */
declare const WebAssembly: {
  readonly Memory: new (size: { readonly initial: number }) => WasmMemory;
  readonly Module: new (bytes: Uint8Array<ArrayBuffer>) => object;
  readonly Instance: new (
    module: object,
    imports: object,
  ) => { readonly exports: Readonly<Record<string, unknown>> };
};

/** Bytes of a page of memory. */
export const PAGE_BYTES = 65_536;

/** Memory that functions work in; `buffer` is another one after it has grown. */
export interface WasmMemory {
  readonly buffer: ArrayBuffer;
  grow(pages: number): number;
}

/** Memory of at least so many bytes. */
export function memoryOf(bytes: number): WasmMemory {
  return new WebAssembly.Memory({ initial: Math.ceil(bytes / PAGE_BYTES) });
}

/** Compiles a module when it is needed, once for all of its instances. @returns its functions, working in a memory */
export function compiledOnce(
  bytes: () => Uint8Array<ArrayBuffer>,
): (memory: WasmMemory) => Readonly<Record<string, unknown>> {
  let compiled: object | undefined;
  return (memory) => {
    compiled ??= new WebAssembly.Module(bytes());
    return new WebAssembly.Instance(compiled, { host: { memory } }).exports;
  };
}
