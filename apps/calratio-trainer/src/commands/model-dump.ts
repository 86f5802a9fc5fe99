import { layerSummary } from '@hep/model-files';
import { command, defineOptions } from '@hep/options';
import { readLayers, sourceOptions } from '../networks/network-source.ts';

/** Prints the layers of a network. */
export const modelDumpCommand = command({
  options: defineOptions({ network: sourceOptions.network }),
  positionals: ['network'],
  run: async ({ network }, { out }) => {
    layerSummary(await readLayers(network, out)).forEach((line) => out(line));
  },
});
