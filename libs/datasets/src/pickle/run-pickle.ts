import { setImmediate } from 'node:timers/promises';
import { OPERATIONS, STOP } from './opcodes.ts';
import { PickleMachine } from './pickle-machine.ts';
import type { PickleSource } from './pickle-source.ts';
import type { PickleValue } from './values.ts';
import type { Vocabulary } from './vocabulary.ts';

/** Operations between two turns of the event loop. */
const OPERATIONS_A_TURN = 2 ** 16;

/**
 * Runs the program at the source's position to its end and gives its value.
 * @throws UserError with the byte where it is damaged, or names what is not in the vocabulary
 */
export async function runPickle(source: PickleSource, vocabulary: Vocabulary): Promise<PickleValue> {
  const machine = new PickleMachine(source, vocabulary);
  for (let count = 1; ; count++) {
    const opcode = machine.nextOperation();
    if (opcode === STOP) return machine.pop();
    const operation = OPERATIONS.get(opcode);
    if (operation === undefined) {
      throw machine.error(
        `operation 0x${opcode.toString(16)}, which no pickled ${vocabulary.noun} of protocols 2 to 5 has`,
      );
    }
    operation(machine);
    if (count % OPERATIONS_A_TURN === 0) await setImmediate();
  }
}
