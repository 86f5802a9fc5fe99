/** Worker thread that prepares sections of files of tracks. */
import { serve } from '@hep/workers';
import { prepareSections } from './shards/prepare-sections.ts';

/** Operations of the worker. */
export interface PrepareService {
  readonly prepare: typeof prepareSections;
}

serve<PrepareService>({ prepare: prepareSections });
