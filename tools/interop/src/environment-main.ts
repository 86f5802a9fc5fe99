import { UserError } from '@hep/options';
import {
  ensureEnvironment,
  htcondorBindings,
  keras2,
  keras3,
  pythonOf,
  qkeras,
  tables,
} from './environment.ts';

try {
  for (const environment of [keras2, keras3, qkeras, tables, htcondorBindings]) {
    const isNew = await ensureEnvironment(environment);
    console.log(`${pythonOf(environment)}: ${isNew ? 'installed' : 'up to date'}`);
  }
} catch (error) {
  if (!(error instanceof UserError)) throw error;
  console.error(error.message);
  process.exitCode = 2;
}
