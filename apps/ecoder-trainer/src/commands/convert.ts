import { readFile } from 'node:fs/promises';
import { convertedLayers, listNtuples, NTUPLE_DIRECTORY, NTUPLE_TREE, streamModules } from '@hep/datasets';
import type { ModuleSettings, NtupleCounts } from '@hep/datasets';
import { tableFormat, writeColumns } from '@hep/datasets/columns';
import { readyOutput, requireAbsent } from '@hep/files';
import { parseWaferMap } from '@hep/hgcal-geometry';
import type { WaferMap } from '@hep/hgcal-geometry';
import { command, defineOptions, option, UserError } from '@hep/options';
import { z } from 'zod';

const number = z.number();

/** Options of `convert`. */
export const options = defineOptions({
  input: option({
    schema: z.array(z.string()).min(1),
    describe: 'ntuples: files, patterns such as data/*.root, or folders of .root files',
    alias: 'i',
    group: 'Data',
  }),
  directory: option({
    schema: z.string().optional(),
    describe: `directory of the tree; default: ${NTUPLE_DIRECTORY}, or the only tree of a file without it`,
    alias: 'd',
    group: 'Data',
  }),
  tree: option({
    schema: z.string().optional(),
    describe: `name of the tree in its directory; default: ${NTUPLE_TREE}`,
    group: 'Data',
  }),
  output: option({
    schema: z.string().default('CALQ.csv'),
    describe: 'table to write, .csv (which train reads), .parquet or .npz; entry counts on from file to file',
    alias: 'o',
    group: 'Data',
  }),
  force: option({ schema: z.boolean().default(false), describe: 'overwrite the table', group: 'Data' }),
  elinks: option({
    schema: z.int().default(5),
    describe: 'layers that stand for a number of eLinks: 5: 9; 4: 7, 11; 3: 13; 2: < 7, > 13; -1: all',
    unit: 'eLinks',
    alias: 'N',
    group: 'Modules',
  }),
  layers: option({
    schema: z.array(z.int().min(1)).default([]),
    describe: 'layers to take, instead of those of --elinks',
    group: 'Modules',
  }),
  adc: option({
    schema: z.boolean().default(false),
    describe: 'write tc_data as it is, not trunc(tc_data * trunc(4096 / cosh(tc_eta)) / 4096)',
    group: 'Modules',
  }),
  waferMap: option({
    schema: z.string().optional(),
    describe:
      'csv with layer, waferu, waferv, tc_eta, tc_phi of the centre of each module, the same for both sides; ' +
      'default: mean tc_eta and tc_phi of the trigger cells that the module has in the event',
    group: 'Modules',
  }),
  genCuts: option({
    schema: z.boolean().default(true),
    describe: 'cut on the first generated particle; --no-gen-cuts for files without gen_pt and gen_eta',
    group: 'Events',
  }),
  ptMin: option({ schema: number.default(0), describe: 'its least pT', unit: 'GeV', group: 'Events' }),
  ptMax: option({ schema: number.default(200), describe: 'its largest pT', unit: 'GeV', group: 'Events' }),
  etaMin: option({ schema: number.default(1.6), describe: 'its least eta, with sign', group: 'Events' }),
  etaMax: option({ schema: number.default(3), describe: 'its largest eta, with sign', group: 'Events' }),
});

type ConvertOptions = ReturnType<typeof options.parse>;

/** Converts trigger ntuples to modules. */
export const convertCommand = command({
  options,
  positionals: ['input'],
  run: async (chosen, { out, err }) => {
    const { input, output, force, waferMap } = chosen;
    tableFormat(output);
    await requireAbsent(output, force);
    const paths = await listNtuples(input);
    const maps = waferMap === undefined ? [] : [waferMap];
    await readyOutput(output, [...paths, ...maps]);
    const settings = settingsOf(chosen, waferMap === undefined ? undefined : await readWaferMap(waferMap));
    let modules = 0;
    await writeColumns(
      output,
      streamModules(paths, settings, (counts) => {
        modules += counts.modules;
        out(summary(counts));
        if (counts.notSilicon > 0)
          err(`warning: ${counts.path}: ${counts.notSilicon} trigger cells not in silicon left out`);
      }),
    );
    out(`${modules} modules in ${output}`);
  },
});

function settingsOf(chosen: ConvertOptions, waferMap: WaferMap | undefined): ModuleSettings {
  const { layers, elinks, adc, genCuts, directory, tree } = chosen;
  const cuts = {
    ...{ leastPtGeV: chosen.ptMin, mostPtGeV: chosen.ptMax },
    ...{ leastEta: chosen.etaMin, mostEta: chosen.etaMax },
  };
  requireRange('pt', chosen.ptMin, chosen.ptMax);
  requireRange('eta', chosen.etaMin, chosen.etaMax);
  return {
    ...{ directory, tree, isRaw: adc, waferMap },
    ...(genCuts ? { cuts } : {}),
    isWantedLayer: layers.length > 0 ? (layer) => layers.includes(layer) : convertedLayers(elinks),
  };
}

function requireRange(name: string, least: number, most: number): void {
  if (least <= most) return;
  throw new UserError(`option --${name}-min: got ${least}, expected at most --${name}-max ${most}`);
}

async function readWaferMap(path: string): Promise<WaferMap> {
  const text = await readFile(path, 'utf8').catch((error: NodeJS.ErrnoException) => {
    throw new UserError(`option --wafer-map: ${path} cannot be read (${error.code})`);
  });
  return parseWaferMap(text, path);
}

function summary({ path, events, passed, modules, empty }: NtupleCounts): string {
  const dropped = empty > 0 ? `, ${empty} without charge left out` : '';
  return `${path}: ${modules} modules in ${passed} of ${events} events${dropped}`;
}
