import { defineOptions } from '@hep/options';
import { batchOf, batchOptions } from './index.ts';

const options = defineOptions(batchOptions);
const batch = (...argv: string[]) => batchOf(options.parse(argv));

describe('the options of batch systems', () => {
  it('ask for nothing when left away', () => {
    expect(batch()).toBeUndefined();
    expect(batch('--batch-cpus', '4')).toBeUndefined();
  });

  it('name the system and what a job may use', () => {
    const argv = ['--batch', 'slurm', '--batch-gpus', '1', '--batch-memory', '4G', '--batch-minutes', '90'];
    const chosen = batch(...argv, '--batch-lines', '--account=cms\n--exclude=n1,n2\n', '--batch-limit', '8');
    expect(chosen?.system.name).toBe('slurm');
    expect(chosen?.resources).toEqual({
      cpus: 1,
      gpus: 1,
      memoryMiB: 4096,
      minutes: 90,
      limit: 8,
      lines: ['--account=cms', '--exclude=n1,n2'],
      setup: [],
    });
    expect(batch('--batch', 'slurm', '--batch-memory', '500m')?.resources.memoryMiB).toBe(500);
  });

  it.each(['4 gigs', '4', '0G', '-1G', '4.5G'])('refuse memory of "%s"', (memory) => {
    expect(() => batch('--batch', 'slurm', `--batch-memory=${memory}`)).toThrow(
      `option --batch-memory: got "${memory}", expected a whole number and M or G, such as 4G or 500M`,
    );
  });

  it('refuse what would break out of its line', () => {
    expect(() => batch('--batch', 'slurm', '--batch-requirements', 'a\nb')).toThrow(
      'option --batch-requirements: expected one line',
    );
  });

  it('survive the way through a file', () => {
    const parsed = options.parse(['--batch', 'slurm', '--batch-setup', 'module load cuda\nsource env.sh']);
    expect(options.toYaml(parsed)).toContain('batch-setup: |-\n  module load cuda\n  source env.sh');
  });
});
