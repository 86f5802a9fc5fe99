/** Files of jet autoencoders that PyTorch saved, exported by the real command line, and PyTorch's own outputs. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { networkPaths } from '@hep/model-files';
import { workspaceRoot } from './folders.ts';
import type { Manifest } from './manifest.ts';
import { runCommand } from './run-command.ts';
import { writeNpy } from './write-npy.ts';

/** Checkpoints with every kind of layer of the studies: tanh; tanh and BatchNorm1d; LeakyReLU and BatchNorm1d. */
export const JET_NETWORKS = ['named', 'normalised', 'leaky'] as const;

/** Allowed difference, absolute and relative, of float32 networks between two engines. */
const TOLERANCE = 1e-6;
const VARIABLES = 4;

type Outputs = Readonly<Record<'latent' | 'output', readonly number[]>>;

/**
 * Exports a checkpoint below `folder`.
 * @throws Error when the command fails
 */
export async function jetChecks(
  folder: string,
  name: (typeof JET_NETWORKS)[number],
): Promise<Pick<Manifest, 'graphs' | 'keras'>> {
  const golden = join(workspaceRoot, 'data', 'golden', 'torch');
  const program = join(workspaceRoot, 'apps', 'jet-autoencoder', 'dist', 'main.js');
  const argv = [program, 'export', '-m', join(golden, `${name}.pth`), '-o', folder];
  const { code, stderr } = await runCommand(process.execPath, argv);
  if (code !== 0) throw new Error(stderr);
  const recorded = JSON.parse(readFileSync(join(golden, 'outputs.json'), 'utf8'));
  const jets: readonly number[] = recorded.jets;
  const { latent, output }: Outputs = recorded[name];
  const rows = jets.length / VARIABLES;
  const saved = (what: string, values: readonly number[]): string => {
    const path = join(folder, `${name}-${what}.npy`);
    writeNpy(path, { shape: [rows, values.length / rows], values: Float32Array.from(values) });
    return path;
  };
  const [input, vectors, restored] = [saved('jets', jets), saved('latent', latent), saved('output', output)];
  const parts = [
    { stem: `encoder_${name}`, input, expected: vectors },
    { stem: `decoder_${name}`, input: vectors, expected: restored },
  ];
  const tolerance = { absolute: TOLERANCE, relative: TOLERANCE };
  const keras = [...parts, { stem: name, input, expected: restored }].map((part) => {
    const { json, hdf5 } = networkPaths(folder, part.stem);
    return {
      name: `jets, ${part.stem}`,
      json,
      hdf5,
      inputs: [part.input],
      expected: part.expected,
      ...tolerance,
    };
  });
  const graphs = parts.map((part) => {
    const { pb, pbAscii, onnx } = networkPaths(folder, part.stem);
    const samples = [{ inputs: { x: part.input }, expected: part.expected }];
    return { name: `jets, ${part.stem}`, pb, pbAscii, onnx, output: 'Identity', samples, ...tolerance };
  });
  return { graphs, keras };
}
