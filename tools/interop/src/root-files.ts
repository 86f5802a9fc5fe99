/** ROOT files that uproot wrote, and those of the fixtures, as our reader reads them. */
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { columnChecksum } from '@hep/datasets/columns';
import { openRootFile } from '@hep/datasets/root';
import { fixturePath } from '@hep/test-support';
import { pythonOf, tables } from './environment.ts';
import { projectRoot } from './folders.ts';
import type { RootCheck } from './manifest.ts';
import { runCommand } from './run-command.ts';

type TreePlace = Omit<RootCheck, 'columns'>;

const FIXTURES = ['bib.root', 'short_divert_analysis_file.root'];

/** Lets uproot write files into `folder`, and reads them and the fixtures. */
export async function rootChecks(folder: string): Promise<RootCheck[]> {
  const script = join(projectRoot, 'python', 'write_root.py');
  const { code, stdout, stderr } = await runCommand(pythonOf(tables), [script, folder]);
  if (code !== 0) throw new Error(`write_root.py: ${stderr.slice(-500)}`);
  const places = [...(JSON.parse(stdout) as TreePlace[]), ...fixtures()];
  const checks: RootCheck[] = [];
  for (const place of places) checks.push(await readAll(place));
  return checks;
}

function fixtures(): TreePlace[] {
  return FIXTURES.map((name) => ({
    name,
    path: fixturePath('calratio', 'tests_data', name),
    tree: 'trees_DV_',
  })).filter(({ path }) => existsSync(path));
}

async function readAll(place: TreePlace): Promise<RootCheck> {
  const file = await openRootFile(place.path, { tree: place.tree });
  try {
    const { columns } = await file.read([...file.types.keys()]);
    const checksums = [...columns].map(([name, column]) => [name, columnChecksum(column)] as const);
    return { ...place, columns: Object.fromEntries(checksums) };
  } finally {
    await file.close();
  }
}
