/** Submit files that HTCondor's bindings must read as we mean them, and logs of its events as we read them. */
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { htcondor, readEventLog } from '@hep/batch-jobs';
import type { JobResources, JobState } from '@hep/batch-jobs';
import { workspaceRoot } from './folders.ts';
import type { Manifest } from './manifest.ts';

interface Case {
  readonly name: string;
  readonly indices: readonly number[];
  readonly resources: JobResources;
  /** What HTCondor must read. */
  readonly commands: Readonly<Record<string, string>>;
}

const cases: readonly Case[] = [
  {
    name: 'plain',
    indices: [0],
    resources: { cpus: 1, gpus: 0 },
    commands: { universe: 'vanilla', executable: 'tasks.sh', request_cpus: '1', transfer_output_files: '""' },
  },
  {
    name: 'all',
    indices: [0, 1, 2, 17, 300],
    resources: {
      cpus: 4,
      gpus: 2,
      memoryMiB: 4096,
      minutes: 90,
      limit: 8,
      requirements: 'OpSysAndVer == "AlmaLinux9" && (Arch == "X86_64")',
      image: 'docker://node:20',
      lines: ['+JobFlavour = "longlunch"', 'accounting_group = group_u_CMS.x'],
    },
    commands: {
      universe: 'container',
      container_image: 'docker://node:20',
      request_cpus: '4',
      request_gpus: '2',
      request_memory: '4096M',
      periodic_hold: 'JobStatus == 2 && time() - JobCurrentStartExecutingDate > 5400',
      max_materialize: '8',
      requirements: 'OpSysAndVer == "AlmaLinux9" && (Arch == "X86_64")',
      'MY.JobFlavour': '"longlunch"',
      accounting_group: 'group_u_CMS.x',
    },
  },
];

/** Writes the submit files into a folder. */
export function htcondorChecks(folder: string): Pick<Manifest, 'submitFiles' | 'eventLogs'> {
  mkdirSync(folder, { recursive: true });
  const submitFiles = cases.map(({ name, indices, resources, commands }) => {
    const path = join(folder, `${name}.sub`);
    writeFileSync(path, htcondor.jobFile({ name: `tune-${name}`, indices, resources }));
    return { name, path, indices, commands: { ...commands, batch_name: `tune-${name}` } };
  });
  const eventLogs = ['events', 'factory-events'].map((name) => {
    const path = join(workspaceRoot, 'libs', 'batch-jobs', 'src', 'testing', `htcondor-${name}.txt`);
    const { states } = readEventLog(readFileSync(path, 'utf8'));
    const ends = [...states].flatMap(([process, state]) => {
      const end = endOf(state);
      return end === undefined ? [] : [[String(process), end] as const];
    });
    return { name, path, ends: Object.fromEntries(ends) };
  });
  return { submitFiles, eventLogs };
}

function endOf(state: JobState): number | 'lost' | undefined {
  if (state.kind === 'done') return 0;
  if (state.kind === 'failed') return state.exitCode;
  return state.kind === 'lost' ? 'lost' : undefined;
}
