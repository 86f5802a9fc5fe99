/** Descriptions of classes, as a file carries them for everything that it holds. */

/** One member or base class of a class. */
export interface StreamerElement {
  readonly name: string;
  readonly title: string;
  /** See `element-code.ts`. */
  readonly code: number;
  readonly typeName: string;
  /** Elements of a fixed array; 0 for a single value. */
  readonly arrayLength: number;
  /** Name of the member that counts a variable array; empty otherwise. */
  readonly countName: string;
}

/** Description of one version of a class. */
export interface ClassDescription {
  readonly name: string;
  readonly version: number;
  readonly checksum: number;
  readonly elements: readonly StreamerElement[];
}

/** Descriptions of all classes and versions in a file. */
export class ClassDescriptions {
  private readonly byName = new Map<string, ClassDescription[]>();

  add(description: ClassDescription): void {
    const versions = this.byName.get(description.name);
    if (versions === undefined) this.byName.set(description.name, [description]);
    else versions.push(description);
  }

  /** The description of a version. Version 0 stands for classes without one: then the only description is taken. */
  ofVersion(name: string, version: number): ClassDescription | undefined {
    const versions = this.byName.get(name) ?? [];
    const exact = versions.find((candidate) => candidate.version === version);
    return exact ?? (version <= 1 && versions.length === 1 ? versions[0] : undefined);
  }

  /** The description of the highest version. */
  newest(name: string): ClassDescription | undefined {
    const versions = this.byName.get(name) ?? [];
    return versions.reduce<ClassDescription | undefined>(
      (newest, candidate) => (newest && newest.version >= candidate.version ? newest : candidate),
      undefined,
    );
  }

  /** The description with a checksum, as branches refer to it. */
  ofChecksum(name: string, checksum: number): ClassDescription | undefined {
    return this.byName.get(name)?.find((candidate) => candidate.checksum === checksum);
  }
}
