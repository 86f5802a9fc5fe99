/** What is compared: what the back end makes of the same modules. */

/** Where the numbers of a candidate come from: formats of the chip, no formats, a network, or no information. */
export type CandidateKind = 'chip' | 'float' | 'network' | 'baseline';

/** One line of the comparison before it is measured. */
export interface Candidate {
  readonly name: string;
  readonly kind: CandidateKind;
  /** Output links that it needs; null where it has no format for them. */
  readonly eLinks: number | null;
  /** Bits of a module on average; NaN where it has no format. */
  readonly bitsPerModule: number;
  /** What the back end has, any unit, [modules, 48] by trigger cell. */
  readonly charges: Float32Array;
  /** Modules that the chip could not send because its buffer was full. */
  readonly cutModules: number;
  readonly network: NetworkFacts | null;
}

/** What a network costs. */
export interface NetworkFacts {
  readonly encoderParameters: number;
  readonly encoderFlops: number;
  /** Bits of all weights of the encoder. */
  readonly weightBits: number;
  /** NaN where the training is not known. */
  readonly epochs: number;
  readonly seconds: number;
}
