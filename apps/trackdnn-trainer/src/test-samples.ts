/** Test tracks of a sample. */
export interface TestSample {
  readonly name: string;
  /** Among all test tracks. */
  readonly rows: Int32Array;
}

/** The samples of test tracks that come in pieces, one after the other. */
export function testSamplesOf(
  pieces: readonly { readonly sample: string; readonly rows: number }[],
): TestSample[] {
  const rowsOf = new Map<string, number[]>();
  let end = 0;
  for (const { sample, rows } of pieces) {
    const own = rowsOf.get(sample) ?? [];
    for (const next = end + rows; end < next; end++) own.push(end);
    rowsOf.set(sample, own);
  }
  return [...rowsOf].map(([name, rows]) => ({ name, rows: Int32Array.from(rows) }));
}
