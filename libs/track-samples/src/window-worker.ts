/** Worker thread that reads tracks from shards into windows. */
import { serve } from '@hep/workers';
import { TrackPlacer } from './shards/track-placer.ts';
import type { PlacerSettings, TrackColumns, TrackPiece } from './shards/track-placer.ts';

/** Operations of the worker. */
export interface WindowService {
  open(settings: PlacerSettings): void;
  place(request: { readonly piece: TrackPiece; readonly columns: TrackColumns }): void;
}

let placer: TrackPlacer | null = null;

serve<WindowService>({
  open: (settings) => {
    placer = new TrackPlacer(settings);
  },
  place: async ({ piece, columns }) => {
    if (placer === null) throw new Error('open the shards first');
    await placer.place(piece, columns);
  },
});
