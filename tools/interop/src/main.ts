/** Trains with the real command line and lets the programs that our users have read the results. */
import { mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { CONDITIONS, conditionsOf, firstWafers, generateToy } from '@hep/datasets';
import { ecoderModel } from '@hep/ecoder-models';
import { htcondorBindings, keras2, keras3, pythonOf, qkeras, tables } from './environment.ts';
import type { PythonEnvironment } from './environment.ts';
import { emdNetworkChecks } from './emd-network-files.ts';
import { EXPORTED, exportedChecks } from './exported-files.ts';
import { checkWithLibrary } from './fdeep-library.ts';
import { htcondorChecks } from './htcondor-files.ts';
import { JET_NETWORKS, jetChecks } from './jet-files.ts';
import { interopFolder, projectRoot, workspaceRoot } from './folders.ts';
import { hyperParameterChecks } from './hyper-parameter-files.ts';
import type { Manifest } from './manifest.ts';
import { writeNetworkOutputs } from './network-files.ts';
import { labelOf, quantisedCases, quantisedChecks, trainingFlags } from './quantised-files.ts';
import { writeOpCases } from './op-case-files.ts';
import { rootChecks } from './root-files.ts';
import { runCommand } from './run-command.ts';
import { tableChecks } from './table-files.ts';
import { trackChecks } from './track-files.ts';
import { Tally } from './tally.ts';

/** Networks that between them use every layer, arrangement and wiring of the study. */
const MODELS = [
  '8x8_c8_S2_tele',
  '8x8_c8_pool_tele',
  'den16',
  'Conv_663',
  '8x8_c[8]_dup_mask',
  'SepConv_pool',
  'SepConv_NoShareFilter',
  'cae',
];

const CHECKED_ROWS = 64;
const TOY = { rows: 2000, seed: 1 };

const work = join(interopFolder, 'work');
rmSync(work, { recursive: true, force: true });
mkdirSync(work, { recursive: true });
const tally = new Tally();

const manifest: { -readonly [Key in keyof Manifest]: Manifest[Key][number][] } = {
  graphs: [],
  keras: [],
  wholeModels: [],
  archives: [],
  fdeep: [],
  qkeras: [],
  firmware: [],
  runs: [],
  comparisons: [],
  tableCopies: [],
  writtenTables: [],
  root: [],
  submitFiles: [],
  eventLogs: [],
};
const flags = MODELS.flatMap((name) => ['--models', name]);
if (await train('toy networks', 'run', flags)) await addNetworks();
for (const chosen of quantisedCases) {
  const label = labelOf(chosen);
  if (await train(label, label, trainingFlags(chosen))) {
    await attempt(label, async () => add(await quantisedChecks(join(work, label), chosen)));
  }
}
if (await trainEmdNetwork()) {
  const run = join(work, 'emd', '32-5-256-1-3_mse_r0');
  await attempt('the EMD network', async () => add(await emdNetworkChecks(run)));
}
for (const name of EXPORTED) {
  await attempt(name, async () => add(await exportedChecks(join(work, 'exported'), name)));
}
for (const name of JET_NETWORKS) {
  await attempt(`jet network ${name}`, async () => add(await jetChecks(join(work, 'jets'), name)));
}
await attempt('the track network', async () => add(await trackChecks(join(work, 'tracks'))));
manifest.graphs.push(...(await writeOpCases(join(work, 'ops'))));
await attempt('hyper-parameters', async () =>
  add(await hyperParameterChecks(join(work, 'hyper-parameters'))),
);
await attempt('ROOT files', async () => add({ root: await rootChecks(join(work, 'root')) }));
await attempt('tables', async () => add(await tableChecks(join(work, 'tables'))));
await attempt('HTCondor', async () => add(htcondorChecks(join(work, 'htcondor'))));
writeFileSync(join(work, 'manifest.json'), JSON.stringify(manifest));

await check('Keras 2', keras2, 'check_keras.py');
await check('Keras 3', keras3, 'check_keras.py');
await check('frugally-deep', keras2, 'check_fdeep.py');
await check('frugally-deep', keras3, 'check_fdeep.py');
for (const form of [2, 3] as const) await checkWithLibrary(form, manifest.fdeep, work, tally);
await check('TensorFlow 2.15', keras2, 'check_tensorflow.py');
await check('TensorFlow 2.21', keras3, 'check_tensorflow.py');
await check('ONNX', keras2, 'check_onnx.py');
await check('QKeras', qkeras, 'check_qkeras.py');
await check('hls4ml', qkeras, 'check_hls4ml.py');
await check('TensorBoard', keras2, 'check_tensorboard.py');
await check('verification files', keras2, 'check_verification.py');
await check('uproot', tables, 'check_root.py');
await check('pandas and pyarrow', tables, 'check_tables.py');
await check('HTCondor', htcondorBindings, 'check_htcondor.py');
console.log(tally.summary());
process.exitCode = tally.failed === 0 ? 0 : 1;

async function train(title: string, folder: string, flags: readonly string[]): Promise<boolean> {
  return trainer(`training of ${title}`, [
    ...['train', '--output', join(work, folder)],
    ...['--toy-rows', String(TOY.rows), '--seed', String(TOY.seed), '--split', 'first'],
    ...['--epochs', '2', '--verify-rows', String(CHECKED_ROWS), ...flags],
  ]);
}

function trainEmdNetwork(): Promise<boolean> {
  const sizes = ['--toy-rows', '60', '--epochs', '2', '--batch-size', '100'];
  return trainer('training of an EMD network', ['emd', 'train', '--output', join(work, 'emd'), ...sizes]);
}

/** Runs the real command line. */
async function trainer(what: string, argv: readonly string[]): Promise<boolean> {
  const program = join(workspaceRoot, 'apps', 'ecoder-trainer', 'dist', 'main.js');
  const { code, stderr } = await runCommand(process.execPath, [program, ...argv]);
  if (code === 0) tally.ok(what);
  else tally.fail(what, stderr);
  return code === 0;
}

async function addNetworks(): Promise<void> {
  const checked = conditionsOf(firstWafers(generateToy(TOY), CHECKED_ROWS));
  const conditions = { shape: [CHECKED_ROWS, CONDITIONS], values: checked };
  for (const name of MODELS) {
    await attempt(name, async () => {
      const run = join(work, 'run', name);
      add(await writeNetworkOutputs(run, ecoderModel(name), conditions));
    });
  }
}

function add(checks: Partial<Manifest>): void {
  for (const [kind, entries] of Object.entries(checks)) {
    (manifest[kind as keyof Manifest] as unknown[]).push(...entries);
  }
}

async function attempt(name: string, write: () => Promise<void>): Promise<void> {
  try {
    await write();
  } catch (error) {
    tally.fail(`our outputs of ${name}`, String(error));
  }
}

/** Runs a Python script, which prints one line for each check. */
async function check(title: string, environment: PythonEnvironment, script: string): Promise<void> {
  const failedBefore = tally.failed;
  const { code, stderr } = await runCommand(
    pythonOf(environment),
    [join(projectRoot, 'python', script), join(work, 'manifest.json'), title],
    {
      environment: {
        CUDA_VISIBLE_DEVICES: '-1',
        KERAS_BACKEND: 'tensorflow',
        KERAS_HOME: join(interopFolder, 'keras'),
        PYTHONDONTWRITEBYTECODE: '1',
        PYTHONNOUSERSITE: '1',
        TF_CPP_MIN_LOG_LEVEL: '3',
        TF_ENABLE_ONEDNN_OPTS: '0',
      },
      onLine: (line) => tally.take(line),
    },
  );
  if (code !== 0 && tally.failed === failedBefore) {
    tally.fail(title, `${basename(script)} ended with code ${code}: ${stderr.slice(-500)}`);
  }
}
