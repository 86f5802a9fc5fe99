import { tf } from '@hep/graph';
import { env } from 'onnxruntime-node';

/** Versions of what computes, for run records. */
export const engineVersions: Readonly<Record<string, string>> = {
  'onnxruntime-node': env.versions.node ?? env.versions.common,
  'tfjs-core': tf.version_core,
};
