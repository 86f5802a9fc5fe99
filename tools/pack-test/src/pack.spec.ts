import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expectClose, goldenNpy } from '@hep/test-support';
import { Installation, output } from './installation.ts';
import { folderOf, readManifest, withDependencies } from './packages.ts';

const names = withDependencies('@hep/losses');
const target = goldenNpy('losses', 'tele_8x8_true.npy');
const prediction = goldenNpy('losses', 'tele_8x8_pred.npy');
const expected = goldenNpy('losses', 'tele_8x8_loss.npy');
const installation = new Installation();
let complaints: string[];

beforeAll(async () => {
  await installation.install(names);
  const golden = { shape: target.shape, target: [...target.values], prediction: [...prediction.values] };
  writeFileSync(join(installation.folder, 'golden.json'), JSON.stringify(golden));
  complaints = await installation.compile();
});

afterAll(() => installation.remove());

describe('packed @hep/losses and what it needs', () => {
  it('needs nothing that is only there for tests', () => {
    expect(names).not.toContain('@hep/test-support');
  });

  it.each(names)('%s has the files that its exports name, and neither sources nor tests', (name) => {
    const files = installation.files(name);
    const entries = Object.values(readManifest(folderOf(name)).exports);
    for (const { types, default: main } of entries) {
      expect(files).toEqual(expect.arrayContaining([types.slice('./'.length), main.slice('./'.length)]));
    }
    expect(files).toContain('README.md');
    const strange = files.filter((file) => !/^(package\.json|README\.md|dist\/.*\.(js|d\.ts))$/.test(file));
    expect(strange).toEqual([]);
    expect(files.filter((file) => /spec|testing/.test(file))).toEqual([]);
  });

  it('has declarations that strict TypeScript accepts from ES modules and CommonJS', () => {
    expect(complaints).toEqual([]);
  });

  it.each([
    ['an ES module', 'esm.mjs'],
    ['CommonJS', 'cjs.cjs'],
  ])('gives the golden telescope loss in %s', async (_kind, program) => {
    const losses = JSON.parse(await output(process.execPath, [program], installation.folder)) as number[];
    expectClose(losses, expected.values, { relative: 2e-6, absolute: 0 }, program);
  });
});
