export { killAndResume } from './testing/kill-and-resume.ts';
export type { KillPlan, KillReport } from './testing/kill-and-resume.ts';
export { timelessHistory, trainWholeAndTorn } from './testing/torn-training.ts';
export type { TornTraining } from './testing/torn-training.ts';
export { linearTrainer } from './testing/linear-trainer.ts';
export type { LinearTrainerOptions } from './testing/linear-trainer.ts';
