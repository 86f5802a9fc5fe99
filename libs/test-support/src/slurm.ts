/**
 * `describe` beside a Slurm that is there for tests (`nx run slurm-test:test` starts one), otherwise a skipped
 * `describe` with the reason printed.
 */
export function describeWithSlurm(name: string, body: () => void): void {
  if (process.env['HEP_TEST_SLURM'] === '1') {
    describe(name, body);
    return;
  }
  console.warn(`skipped "${name}": no Slurm for tests; run it with tools/slurm-test/with-slurm.sh`);
  describe.skip(name, body);
}
