import type { CommandGroup } from '@hep/options';

/** The concentrator chip. */
export const econtCommands: CommandGroup = {
  name: 'econt',
  describe: 'Runs the concentrator chip on recorded data, and reads what it sends.',
  commands: [
    {
      name: 'encode',
      describe:
        'Runs the chip, bit by bit: input links or calibrated charges to frames or words of the output links.',
      load: async () => (await import('./encode.ts')).encodeCommand,
    },
    {
      name: 'decode',
      describe:
        'Words of the output links back to charges by trigger cell (CALQ counts), or to latent numbers of the ' +
        'autoencoder (units of 1/256), with the module sum.',
      load: async () => (await import('./decode.ts')).decodeCommand,
    },
  ],
};
