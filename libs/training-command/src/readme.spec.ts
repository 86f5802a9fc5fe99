import { defineOptions } from '@hep/options';
import { temporaryFolder } from '@hep/test-support';
import {
  earlierOptions,
  epochsOption,
  FREE_OPTIONS,
  runOptions,
  saveConfig,
  scheduleOptions,
} from './index.ts';

const folder = await temporaryFolder();

it('shows how a run is resumed with its own options', async () => {
  const options = defineOptions({
    ...scheduleOptions,
    ...runOptions,
    epochs: epochsOption(5),
  });
  await saveConfig(folder, options.toYaml(options.parse(['--epochs', '8'])));

  const changeable = new Set(['epochs', ...FREE_OPTIONS] as const) as ReadonlySet<'epochs'>;
  const { saved, chosen } = earlierOptions(options, changeable, folder, ['--epochs', '9', '--force']);
  expect([saved.epochs, chosen.epochs, chosen.force]).toEqual([8, 9, true]);
  expect(() => earlierOptions(options, changeable, folder, ['--schedule', 'cosine'])).toThrow(
    `--schedule cosine: the run at ${folder} has constant; leave the option away, or start a new run`,
  );
});
