/** What the Python checks are told; it travels as JSON, paths are absolute. */

/** A frozen graph and the results that it must have. */
export interface GraphCheck {
  readonly name: string;
  /** Missing where the network is written as ONNX alone. */
  readonly pb?: string;
  /** The same graph in protobuf's text format, where it was written. */
  readonly pbAscii?: string;
  readonly onnx: string;
  /** Name of the result in both graphs. */
  readonly output: string;
  readonly samples: readonly GraphSample[];
  /** Allowed difference, absolute plus relative to the expected number. */
  readonly absolute: number;
  readonly relative: number;
}

export interface GraphSample {
  /** `.npy` file of each operand, by its name in both graphs. */
  readonly inputs: Readonly<Record<string, string>>;
  readonly expected: string;
}

/** Architecture and weights for Keras and the prediction that they must give. */
export interface KerasCheck {
  readonly name: string;
  /** Missing where the HDF5 file holds the architecture as well. */
  readonly json?: string;
  readonly hdf5: string;
  /** `.npy` files in the order of the model's inputs. */
  readonly inputs: readonly string[];
  readonly expected: string;
  readonly absolute: number;
  readonly relative: number;
}

/** A `.keras` archive and the prediction that it must give. */
export interface ArchiveCheck extends Omit<KerasCheck, 'json' | 'hdf5'> {
  readonly archive: string;
}

/** A frugally-deep file and the prediction that it must give. */
export interface FdeepCheck extends Omit<KerasCheck, 'json' | 'hdf5'> {
  /** Major version of Keras whose architecture it holds. */
  readonly keras: 2 | 3;
  readonly json: string;
}

/** A quantised encoder for hls4ml and the latent vectors of our integer arithmetic, which it must repeat. */
export interface FirmwareCheck {
  readonly name: string;
  readonly json: string;
  readonly hdf5: string;
  readonly input: string;
  readonly expected: string;
  /** Folder for the project that hls4ml writes. */
  readonly project: string;
}

/** A run directory of the trainer with our own outputs for the modules of its `verify_*.csv`. */
export interface RunCheck {
  readonly name: string;
  readonly history: string;
  readonly tensorboard: string;
  readonly exports: string;
  readonly rows: number;
  readonly image: string;
  readonly latent: string;
  readonly decoded: string;
  readonly absolute: number;
}

/** Log folder of trainings that differ in their hyper-parameters. */
export interface ComparisonCheck {
  readonly name: string;
  readonly tensorboard: string;
  readonly trainings: readonly {
    readonly name: string;
    readonly hyperParameters: Readonly<Record<string, string | number | boolean>>;
    readonly isFailed: boolean;
    /** After the last epoch. */
    readonly metrics: Readonly<Record<string, number>>;
  }[];
}

/** A table of pandas or pyarrow and our copy of it in Parquet. */
export interface TableCopyCheck {
  readonly name: string;
  readonly source: string;
  readonly copy: string;
}

/** A table that we wrote in every format. */
export interface WrittenTableCheck {
  readonly name: string;
  /** Types of the columns, as NumPy names them. */
  readonly types: Readonly<Record<string, string>>;
  readonly parquet: string;
  readonly csv: string;
  readonly npz: string;
}

/** A tree or RNTuple and a checksum of each of its columns as our reader has them. */
export interface RootCheck {
  readonly name: string;
  readonly path: string;
  readonly tree: string;
  /** See `columnChecksum`. */
  readonly columns: Readonly<Record<string, readonly [count: number, crc: number]>>;
}

/** A submit file and what HTCondor must read in it. */
export interface SubmitFileCheck {
  readonly name: string;
  readonly path: string;
  readonly indices: readonly number[];
  readonly commands: Readonly<Record<string, string>>;
}

/** A log of events of HTCondor and how its jobs ended as we read it: exit code, or `lost`. */
export interface EventLogCheck {
  readonly name: string;
  readonly path: string;
  readonly ends: Readonly<Record<string, number | 'lost'>>;
}

export interface Manifest {
  readonly graphs: readonly GraphCheck[];
  readonly keras: readonly KerasCheck[];
  /** Whole models in one file in the layout of Keras 2. */
  readonly wholeModels: readonly KerasCheck[];
  readonly archives: readonly ArchiveCheck[];
  readonly fdeep: readonly FdeepCheck[];
  /** Networks with quantisers; encoders must agree exactly. */
  readonly qkeras: readonly KerasCheck[];
  readonly firmware: readonly FirmwareCheck[];
  readonly runs: readonly RunCheck[];
  readonly comparisons: readonly ComparisonCheck[];
  readonly tableCopies: readonly TableCopyCheck[];
  readonly writtenTables: readonly WrittenTableCheck[];
  readonly root: readonly RootCheck[];
  readonly submitFiles: readonly SubmitFileCheck[];
  readonly eventLogs: readonly EventLogCheck[];
}
