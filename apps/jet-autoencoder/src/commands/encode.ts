import { stat } from 'node:fs/promises';
import { readyOutput } from '@hep/files';
import { CodecRunner, compressJets, listJetFiles, streamJets } from '@hep/jet-compression';
import type { Compressed, StorageChoice } from '@hep/jet-compression';
import { command, defineOptions, option } from '@hep/options';
import { z } from 'zod';
import { chosenCodec, modelOptions } from '../model-options.ts';
import { fileOptions, threadsOption } from '../options.ts';

/** How well it compresses. */
export const refineOption = option({
  schema: z.int().min(0).max(100).default(0),
  describe:
    'rounds in which latent vectors are moved to where the decoder restores a jet best; costs time, not bits',
  unit: 'rounds',
});

const options = defineOptions({
  ...modelOptions,
  threads: threadsOption,
  input: option({ schema: z.array(z.string()).min(1), describe: 'files of jets or patterns', alias: 'i' }),
  output: option({ schema: z.string().min(1), describe: 'file of compressed jets', alias: 'o' }),
  ...fileOptions,
  refine: refineOption,
  storage: option({
    schema: z.enum(['float32', 'float16', 'steps']).default('float16'),
    describe:
      'how a latent variable is stored; steps: as a whole number of --bits, which reads the input twice',
  }),
  bits: option({
    schema: z.int().min(1).max(24).default(12),
    describe: 'bits of a latent variable in steps',
    unit: 'bits',
  }),
});

type EncodeOptions = ReturnType<typeof options.parse>;

/** Compresses files of jets. */
export const encodeCommand = command({
  options,
  run: async (chosen, { out }) => {
    const codec = await chosenCodec(chosen);
    const paths = await listJetFiles(chosen.input);
    await readyOutput(chosen.output, paths);
    const variables = codec.normalisation.map(({ name }) => name);
    const runner = await CodecRunner.create(codec, chosen.threads === 0 ? undefined : chosen.threads);
    try {
      const stream = () => streamJets(paths, variables, chosen);
      const { dropInvalid, refine } = chosen;
      const result = await compressJets({ codec, runner }, stream, chosen.output, {
        storage: storageOf(chosen),
        dropInvalid,
        refine,
      });
      await tell(result, paths, variables.length, chosen.output, out);
    } finally {
      await runner.close();
    }
  },
});

function storageOf({ storage, bits }: EncodeOptions): StorageChoice {
  return storage === 'steps' ? { bits } : storage;
}

async function tell(
  { errors, dropped, encodingSeconds, encodingCpuSeconds }: Compressed,
  paths: readonly string[],
  variables: number,
  output: string,
  out: (text: string) => void,
): Promise<void> {
  const { jets } = errors;
  if (dropped > 0) out(`${dropped} jets left out: values that cannot be normalised`);
  const bytes = (await stat(output)).size;
  if (jets === 0) return out(`no jets in ${output}, ${bytes} bytes; check files and tree`);
  const before = (await Promise.all(paths.map((path) => stat(path)))).reduce(
    (sum, { size }) => sum + size,
    0,
  );
  const asFloats = jets * variables * 4;
  out(
    `${jets} jets in ${output}: ${bytes} bytes, ${((8 * bytes) / jets).toFixed(1)} bits a jet; ` +
      `input ${before} bytes, ${variables} variables as float32 ${asFloats} bytes, ratio ${(asFloats / bytes).toFixed(2)}`,
  );
  const perSecond = (seconds: number) => `${(jets / seconds / 1e6).toPrecision(2)} million jets per second`;
  out(
    `encoder: ${encodingSeconds.toFixed(2)} s, ${perSecond(encodingSeconds)}; ` +
      `processor time ${encodingCpuSeconds.toFixed(2)} s, ${perSecond(encodingCpuSeconds)}`,
  );
  out(`normalised MSE ${errors.mse.toExponential(3)}`);
  for (const { name, rms, meanRelative } of errors.variables) {
    const relative =
      meanRelative === null ? '' : `, mean relative error ${(100 * meanRelative).toPrecision(3)} %`;
    out(`  ${name}: RMS error ${rms.toPrecision(4)}${relative}`);
  }
}
