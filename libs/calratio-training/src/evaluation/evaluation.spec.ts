import { toyPredictions } from '../testing/toy-predictions.ts';
import { agreements, distanceSum } from './agreement.ts';
import { discrimination, discriminationByMass, workingPoints } from './discrimination.ts';
import { falsePositives, massEfficiencies } from './mass-efficiency.ts';
import { balancedWeights, jetsWhere, predictionsOf } from './scored-jets.ts';
import type { ScoredJets } from './scored-jets.ts';
import { significanceScans } from './significance.ts';

const columns = toyPredictions(600, { shift: 1 });
const { main, control } = predictionsOf(columns, 'toy');
const rows = (jets: ScoredJets) => Array.from(jets.label.keys());
const sum = (values: readonly number[]) => values.reduce((total, value) => total + value, 0);

/** Chance that a signal jet scores above a background jet, by all pairs. */
function areaByPairs(jets: ScoredJets, share: (label: number) => number): number {
  const total = [0, 1, 2].map((label) =>
    sum(rows(jets).map((j) => (jets.label[j] === label ? jets.weight[j] : 0))),
  );
  const count = [0, 1, 2].map((label) => jets.label.filter((other) => other === label).length);
  let [above, pairs] = [0, 0];
  for (const s of rows(jets).filter((jet) => jets.label[jet] === 1)) {
    for (const b of rows(jets).filter((jet) => jets.label[jet] !== 1)) {
      const kind = jets.label[b];
      const weight = ((jets.weight[b] * count[kind]) / total[kind]) * share(kind) * jets.weight[s];
      pairs += weight;
      above += (weight * (Math.sign(jets.scores.sig[s] - jets.scores.sig[b]) + 1)) / 2;
    }
  }
  return above / pairs;
}

describe('predictions', () => {
  it('fall apart into the samples, with the weights of metrics', () => {
    expect([main.label.length, control.label.length]).toEqual([600, 600]);
    expect(main.weight[7]).toBe(columns.mcWeight[7]);
    expect(control.scores.bib[5]).toBe(columns.bib[605]);
  });

  it('with a number or label that is none are refused by row and column', () => {
    const wrong = (name: keyof typeof columns, row: number, value: number) => () =>
      predictionsOf({ ...columns, [name]: columns[name].with(row, value) }, 'predictions.npz');
    expect(wrong('sig', 3, NaN)).toThrow('predictions.npz row 3, column sig: NaN, expected a number');
    expect(wrong('label', 2, 4)).toThrow('row 2, column label: 4, expected 0, 1 or 2');
    expect(wrong('label', 700, 1)).toThrow('row 700, column label: 1, expected 0 or 2 (control region)');
  });

  it('weigh each class by its number of jets', () => {
    const weights = balancedWeights(main);
    for (const label of [0, 1, 2]) {
      const own = rows(main).filter((jet) => main.label[jet] === label);
      expect(sum(own.map((jet) => weights[jet]))).toBeCloseTo(own.length, 9);
    }
  });
});

describe('discrimination', () => {
  it('has the areas that pairs of jets give, BIB counting a tenth beside multijets', () => {
    expect(discrimination(main, 'both').area).toBeCloseTo(
      areaByPairs(main, (label) => (label === 2 ? 0.1 : 1)),
      12,
    );
    expect(discrimination(main, 'qcd').area).toBeCloseTo(
      areaByPairs(main, (label) => +(label === 0)),
      12,
    );
    expect(discrimination(main, 'bib').area).toBeCloseTo(
      areaByPairs(main, (label) => +(label === 2)),
      12,
    );
  });

  it('is known for each mass of the signal, and none of the background', () => {
    const byMass = discriminationByMass(main);
    expect([...byMass.keys()]).toEqual([60, 600]);
    expect(byMass.get(60)!.area).toBeGreaterThan(0.8);
  });

  it('has working points that keep what they aim at', () => {
    const cuts = workingPoints(main);
    const signal80 = cuts.find(({ aim }) => aim === 'signal 80 %')!;
    expect(signal80.signal.value).toBeGreaterThanOrEqual(0.8);
    expect(signal80.signal.value).toBeLessThan(0.81);
    const qcd1 = cuts.find(({ aim }) => aim === 'QCD 1 %')!;
    expect(qcd1.qcd.value).toBeLessThanOrEqual(0.01 + 1e-12);
    const isMultijet = rows(main).filter((jet) => main.label[jet] === 0);
    const kept = isMultijet.filter((jet) => main.scores.sig[jet] >= signal80.threshold);
    const weightOf = (jets: readonly number[]) => sum(jets.map((jet) => main.weight[jet]));
    expect(signal80.qcd.value).toBeCloseTo(weightOf(kept) / weightOf(isMultijet), 12);
  });

  it('is not a number without signal', () => {
    const background = predictionsOf({ ...columns, label: columns.label.map(() => 0) }, 'toy').main;
    expect(discrimination(background, 'both').area).toBeNaN();
    expect(workingPoints(background).map(({ aim }) => aim)).toEqual(['QCD 10 %', 'QCD 1 %']);
  });
});

describe('efficiencies by mass', () => {
  it('are the parts of each sample whose largest output is signal', () => {
    const points = massEfficiencies(main);
    expect(points.map(({ mH, mS }) => [mH, mS])).toEqual([
      [60, 15],
      [600, 150],
    ]);
    const own = rows(main).filter((jet) => main.label[jet] === 1 && main.mH[jet] === 60);
    const taken = own.filter((jet) => {
      const { qcd, sig, bib } = main.scores;
      return sig[jet] > Math.max(qcd[jet], bib[jet]);
    });
    expect(points[0]).toMatchObject({ jets: own.length });
    expect(points[0].efficiency.value).toBeCloseTo(taken.length / own.length, 12);
    expect(falsePositives(main).qcd.value).toBeGreaterThan(0);
  });
});

describe('agreement in the control region', () => {
  it('is tested for each output in each bin, larger where data is shifted', () => {
    const tests = agreements(control);
    expect(tests).toHaveLength(12);
    const distance = (output: string) =>
      tests.find((test) => test.bin.name === 'all' && test.output === output)!.distance;
    expect(distance('sig')).toBeGreaterThan(distance('bib'));
    const bins = tests.filter(({ output, bin }) => output === 'sig' && bin.name !== 'all');
    expect(distanceSum(tests, 'sig')).toBeCloseTo(sum(bins.map((test) => test.distance)), 12);
  });

  it('leaves out bins without data or without simulation', () => {
    const low = { ...control, jetPt: control.jetPt.map(() => 0.1) };
    const tests = agreements(low);
    expect(tests.filter(({ distance }) => Number.isNaN(distance)).map(({ bin }) => bin.name)).toEqual([
      ...Array<string>(3).fill('middle pT'),
      ...Array<string>(3).fill('high pT'),
    ]);
    expect(distanceSum(tests, 'qcd')).toBe(tests[0].distance);
    expect(distanceSum(agreements({ ...control, jetPt: control.jetPt.map(() => 0.5) }), 'qcd')).toBeNaN();
  });
});

describe('S over root B', () => {
  it('counts signal and BIB, and weighs multijets to as many as BIB', () => {
    const scans = significanceScans(main);
    expect(scans.map(({ name }) => name)).toEqual([
      'QCD and BIB',
      'QCD only',
      'BIB only',
      'mH 60 GeV',
      'mH 600 GeV',
    ]);
    const [{ scan }] = scans;
    const cut = scan.thresholds[110];
    const ofLabel = (label: number) => rows(main).filter((jet) => main.label[jet] === label);
    const passing = (jets: readonly number[]) => jets.filter((jet) => main.scores.sig[jet] > cut);
    const weightOf = (jets: readonly number[]) => sum(jets.map((jet) => main.weight[jet]));
    const [multijets, signal, bib] = [0, 1, 2].map(ofLabel);
    const scale = bib.length / weightOf(multijets);
    const background = passing(bib).length + scale * weightOf(passing(multijets));
    expect(scan.significance[110]).toBeCloseTo(passing(signal).length / Math.sqrt(background), 9);
  });

  it('counts multijets by their own number where there is no BIB', () => {
    const withoutBib = jetsWhere(main, (jet) => main.label[jet] !== 2);
    const [both, alone] = significanceScans(withoutBib);
    expect(both.scan).toEqual(alone.scan);
    expect(alone.scan).toEqual(significanceScans(main)[1].scan);
  });
});
