import type { CommandGroup } from '@hep/options';
import { decodeCommand } from './decode.ts';
import { encodeCommand } from './encode.ts';

/** The concentrator chip. */
export const econtCommands: CommandGroup = {
  name: 'econt',
  describe: 'Runs the concentrator chip on recorded data, and reads what it sends.',
  commands: [encodeCommand, decodeCommand],
};
