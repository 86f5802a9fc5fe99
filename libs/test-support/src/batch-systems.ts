import { describeWhen } from './locations.ts';

/**
 * `describe` beside a Slurm that is there for tests (`nx run slurm-test:slurm` starts one), otherwise a skipped
 * `describe` with the reason printed.
 */
export function describeWithSlurm(name: string, body: () => void): void {
  describeWith('Slurm', 'HEP_TEST_SLURM', 'tools/slurm-test/with-slurm.sh', name, body);
}

/** The same beside an HTCondor (`tools/htcondor-test/with-htcondor.sh` starts one). */
export function describeWithHtcondor(name: string, body: () => void): void {
  describeWith('HTCondor', 'HEP_TEST_HTCONDOR', 'tools/htcondor-test/with-htcondor.sh', name, body);
}

function describeWith(
  system: string,
  variable: string,
  starter: string,
  name: string,
  body: () => void,
): void {
  const reason = `no ${system} for tests; run it with ${starter}`;
  describeWhen(process.env[variable] === '1', reason, name, body);
}
